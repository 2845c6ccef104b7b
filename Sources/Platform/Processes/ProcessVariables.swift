import CLinux
import Glibc

/// The environment variables that this process was started with.
package enum ProcessVariables {
    /// By name; of a name that is there twice the first value, as getenv(3) has it. Bytes that are not UTF-8 are replaced.
    package static var all: [String: String] {
        var variables: [String: String] = [:]
        variables.reserveCapacity(64)
        guard var next = unsafe clinux_environment() else { return variables }
        while let text = unsafe next.pointee {
            let line = unsafe UnsafeRawBufferPointer(start: text, count: strlen(text))
            if let end = unsafe line.firstIndex(of: UInt8(ascii: "=")) {
                let name = unsafe String(decoding: UnsafeRawBufferPointer(rebasing: line[..<end]), as: UTF8.self)
                let value = unsafe UnsafeRawBufferPointer(rebasing: line[(end + 1)...])
                if variables[name] == nil { variables[name] = unsafe String(decoding: value, as: UTF8.self) }
            }
            unsafe next += 1
        }
        return variables
    }
}
