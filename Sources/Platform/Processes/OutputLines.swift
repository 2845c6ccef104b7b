import Glibc

/// Splits what a program writes into lines, stream by stream, within a limit.
package struct OutputLines {
    private let limit: Int
    private var taken = 0
    private var output: [UInt8] = []
    private var error: [UInt8] = []
    package private(set) var outputEnded = false
    package private(set) var errorEnded = false

    /// `limit` is in bytes, of both streams together.
    package init(limit: Int) { self.limit = limit }

    package var isOverLimit: Bool { taken > limit }
    /// Bytes beyond the limit, which were read and dropped.
    package var dropped: Int { max(0, taken - limit) }
    package var areAtEnd: Bool { outputEnded && errorEnded }

    private static let bufferSize = 64 << 10

    /// Takes what can be read now. At most one buffer at a time, so that a program that never stops cannot keep the caller here.
    package mutating func read(
        _ stream: Subprocess.Stream, from pipe: borrowing FileDescriptor, _ onLine: (Subprocess.Stream, [UInt8]) -> Void
    ) throws(SystemError) {
        var buffer = [UInt8](repeating: 0, count: Self.bufferSize)
        let descriptor = pipe.raw
        let got: Int
        do throws(SystemError) {
            got = try retrying("read", pipe.path) { unsafe Glibc.read(descriptor, &buffer, buffer.count) }
        } catch {
            if error.errno == EAGAIN { return }
            throw error
        }
        if got == 0 {
            if stream == .output { outputEnded = true } else { errorEnded = true }
            return
        }
        let allowed = min(got, max(0, limit - taken))
        taken += got
        take(buffer[..<allowed], from: stream, onLine)
    }

    /// Gives the last lines, those without a line end.
    package mutating func finish(_ onLine: (Subprocess.Stream, [UInt8]) -> Void) {
        if !output.isEmpty { onLine(.output, output) }
        if !error.isEmpty { onLine(.error, error) }
        (output, error) = ([], [])
    }

    private mutating func take(
        _ bytes: ArraySlice<UInt8>, from stream: Subprocess.Stream, _ onLine: (Subprocess.Stream, [UInt8]) -> Void
    ) {
        var line = stream == .output ? output : error
        for byte in bytes {
            let ends = byte == UInt8(ascii: "\n")
            if !ends { line.append(byte) }
            if ends || line.count >= Subprocess.maximumLine {
                onLine(stream, line)
                line.removeAll(keepingCapacity: true)
            }
        }
        if stream == .output { output = line } else { error = line }
    }
}
