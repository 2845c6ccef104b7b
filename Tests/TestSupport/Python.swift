import Glibc
import Platform
import Testing

/// Python as an oracle: its standard library knows time zones, calendars and digests by other code than ours.
package enum Python {
    /// Whether a `python3` with the zoneinfo module is on the PATH.
    package static let isAvailable: Bool = (try? run("import zoneinfo; print('yes')")) == "yes\n"

    package static let missing: Comment = "needs python3 (3.9 or later) on the PATH: apt-get install python3"

    package struct Failed: Error {
        package let status: Int32
        package let output: String
    }

    /// Runs a script with `input` as its standard input, and returns what it prints.
    package static func run(_ script: String, input: String = "", interpreter: String = "python3") throws -> String {
        let folder = "/tmp/ingot-python-\(try Random.token())"
        try Files.makeFolders(folder)
        defer { try? Files.removeTree(folder) }
        try FileDescriptor.open("\(folder)/script.py", .create).write(Array(script.utf8))
        try FileDescriptor.open("\(folder)/input", .create).write(Array(input.utf8))
        let command = "PYTHONTZPATH=\(ZoneInfo.databaseFolder) '\(interpreter)' '\(folder)/script.py' < '\(folder)/input' 2>&1"
        guard let stream = unsafe popen(command, "r") else { throw SystemError("popen", command) }
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe fread(&buffer, 1, buffer.count, stream)
            if count == 0 { break }
            output += buffer.prefix(count)
        }
        let text = String(decoding: output, as: UTF8.self)
        let status = unsafe pclose(stream)
        guard status == 0 else { throw Failed(status: status, output: text) }
        return text
    }
}
