import Hyperscan

/// Looks at the places where one of its literals occurs.
protocol Detector: Sendable {
    /// The rules that it reports.
    var rules: [SecretRule] { get }
    var literals: [Literal] { get }
    /// Whether it looks into text only; else into all bytes.
    var readsTextOnly: Bool { get }
    /// Places of one content beyond this many are not looked at: each may cost a long look.
    var maximumHits: Int { get }
    /// `hit` is where the literal is.
    func inspect(_ content: Content, _ hit: Range<Int>, _ found: inout [Candidate])
}

extension Detector {
    var maximumHits: Int { 20_000 }
}

/// Bytes that are searched as one piece: a file, a member of an archive, or what came out of a decoder.
struct Content: Sendable {
    let bytes: [UInt8]
    let name: FileName
    /// Whether the bytes are text in UTF-8 or another superset of ASCII.
    let isText: Bool
    /// Whether texts may touch each other without anything between, as in pages of a database.
    let isPacked: Bool
    let syntax: Syntax

    init(_ bytes: [UInt8], name: FileName) {
        self.bytes = bytes
        self.name = name
        isText = Self.isText(bytes)
        isPacked = bytes.starts(with: Array("SQLite format 3\0".utf8))
        syntax = Syntax(name)
    }

    /// A NUL, or many control characters, in the first bytes: not text.
    static func isText(_ bytes: [UInt8]) -> Bool {
        var controls = 0
        for byte in bytes.prefix(8192) {
            if byte == 0 { return false }
            if byte < 0x20 && !(0x09...0x0D).contains(byte) && byte != 0x1B { controls += 1 }
        }
        return controls * 50 <= min(bytes.count, 8192)
    }

    /// The line that an offset is in, counted from 1.
    func line(at offset: Int) -> Int { 1 + bytes[..<min(offset, bytes.count)].count { $0 == 0x0A } }

    /// The start of the line that an offset is in, at most `limit` bytes back.
    func lineStart(_ offset: Int, limit: Int = 4096) -> Int {
        var start = offset
        let lowest = max(0, offset - limit)
        while start > lowest && bytes[start - 1] != 0x0A && bytes[start - 1] != 0x0D { start -= 1 }
        return start
    }

    /// The end of the line that an offset is in, at most `limit` bytes on.
    func lineEnd(_ offset: Int, limit: Int = 4096) -> Int {
        var end = offset
        let highest = min(bytes.count, offset + limit)
        while end < highest && bytes[end] != 0x0A && bytes[end] != 0x0D { end += 1 }
        return end
    }
}
