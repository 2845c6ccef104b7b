/// A file of lines as bytes. What is not changed is written back as it was: line ends, a missing last one, bytes that are no UTF-8.
package struct LineFile: Hashable, Sendable {
    /// Without their line feeds.
    package var lines: [[UInt8]]
    private let endsWithNewline: Bool

    package init(_ bytes: [UInt8]) {
        lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { Array($0) }
        endsWithNewline = bytes.last == 0x0A
        if endsWithNewline || bytes.isEmpty { lines.removeLast() }
    }

    package var bytes: [UInt8] {
        var bytes = Array(lines.joined(separator: [0x0A]))
        if endsWithNewline && !lines.isEmpty { bytes.append(0x0A) }
        return bytes
    }
}
