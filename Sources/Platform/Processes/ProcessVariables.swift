import CLinux

/// The environment variables that this process was started with.
package enum ProcessVariables {
    /// By name; of a name that is there twice the first value, as getenv(3) has it. Bytes that are not UTF-8 are replaced.
    package static var all: [String: String] {
        var variables: [String: String] = [:]
        guard var next = unsafe clinux_environment() else { return variables }
        while let text = unsafe next.pointee {
            let line = unsafe String(cString: text)
            if let end = line.utf8.firstIndex(of: UInt8(ascii: "=")) {
                let name = String(line[..<end])
                if variables[name] == nil { variables[name] = String(line[line.utf8.index(after: end)...]) }
            }
            unsafe next += 1
        }
        return variables
    }
}
