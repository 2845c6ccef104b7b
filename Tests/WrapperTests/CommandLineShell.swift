import CommandLineKit
import Glibc

/// Runs a line of shell, and gives its output and status.
func runShell(_ line: String) -> (output: String, status: Int32) {
    guard let stream = unsafe popen(line, "r") else { return ("", -1) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
        let count = unsafe fread(&buffer, 1, buffer.count, stream)
        if count == 0 { break }
        bytes += buffer[..<count]
    }
    let status = unsafe pclose(stream)
    return (String(decoding: bytes, as: UTF8.self), status >> 8 & 0xff)
}

/// Whether a program is found on the path.
func isInstalled(_ program: String) -> Bool {
    runShell("command -v \(program)").status == 0
}

/// A folder that is removed at the end of `body`.
func withFolder<R>(_ body: (String) throws -> R) throws -> R {
    let path = runShell("mktemp -d").output.split(separator: "\n").first.map(String.init) ?? ""
    defer { _ = runShell("rm -r '\(path)'") }
    return try body(path)
}

/// Writes a small file.
func writeFile(_ text: String, to path: String) throws {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    defer { close(descriptor) }
    try StandardStream(descriptor: descriptor).write(text)
}
