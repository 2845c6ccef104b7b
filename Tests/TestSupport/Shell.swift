import Platform

/// Programs of the host that tests use as oracles.
package enum Shell {
    package struct Failed: Error {
        package let script: String
        package let output: String
    }

    package static func has(_ program: String) -> Bool { Programs.find(program) != nil }

    /// Runs a script with `sh -e` in a folder, in the C locale and UTC, and returns its standard output.
    @discardableResult
    package static func run(_ script: String, in folder: String) throws -> String {
        var output: [UInt8] = []
        var errors: [UInt8] = []
        let environment = ["PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "TZ": "UTC"]
        let process = Subprocess("/bin/sh", ["-e", "-c", script], environment: environment, workingFolder: folder)
        let status = try process.run(in: .system()) { stream, line in
            if stream == .output { output += line + [0x0A] } else { errors += line + [0x0A] }
        }
        guard status.isSuccess else { throw Failed(script: script, output: String(decoding: errors, as: UTF8.self)) }
        return String(decoding: output, as: UTF8.self)
    }
}
