import ImageStore
import Model

/// What a scan gave, as it stands in the cache: numbers and strings as in `ByteWriter`, lists with their count before them.
extension FileResult {
    func write(to writer: inout ByteWriter) {
        writer.list(findings) { $1.write(to: &$0) }
        writer.number(UInt64(members))
        writer.number(memberBytes)
        writer.number(UInt64(depth))
        writer.list(skipped) {
            $0.list($1.member) { $0.text($1) }
            $0.text($1.reason)
        }
    }

    init(from reader: inout ByteReader) throws(Failure) {
        findings = try reader.list { (reader) throws(Failure) in try Finding(from: &reader) }
        members = try reader.number(Int.self)
        memberBytes = try reader.number()
        depth = try reader.number(Int.self)
        skipped = try reader.list { (reader) throws(Failure) in
            Skip(member: try reader.texts(), reason: try reader.text())
        }
    }
}

extension FileResult.Finding {
    func write(to writer: inout ByteWriter) {
        writer.list(member) { $0.text($1) }
        writer.list(line.map { [$0] } ?? []) { $0.number(UInt64($1)) }
        writer.number(UInt64(offset))
        writer.text(rule)
        writer.text(severity.rawValue)
        writer.text(keyedDigest)
        writer.list(detail.map { [$0] } ?? []) { $0.text($1) }
    }

    init(from reader: inout ByteReader) throws(Failure) {
        member = try reader.texts()
        line = try reader.list { (reader) throws(Failure) in try reader.number(Int.self) }.first
        offset = try reader.number(Int.self)
        rule = try reader.text()
        let word = try reader.text()
        guard let severity = SecretSeverity(rawValue: word) else { throw reader.damaged("no severity is called \(word)") }
        self.severity = severity
        keyedDigest = try reader.text()
        detail = try reader.texts().first
    }
}

extension FolderSummary.Notes {
    func write(to writer: inout ByteWriter) {
        writer.list(files) {
            $0.text($1.path)
            $0.list($1.attribute.map { [$0] } ?? []) { $0.text($1) }
            $1.result.write(to: &$0)
        }
        writer.list(links) {
            $0.string($1.path)
            $0.string($1.file)
        }
    }

    init(from reader: inout ByteReader) throws(Failure) {
        files = try reader.list { (reader) throws(Failure) in
            FolderSummary.NotedFile(
                path: try reader.text(), attribute: try reader.texts().first, result: try FileResult(from: &reader))
        }
        links = try reader.list { (reader) throws(Failure) in
            FolderSummary.HardLink(path: try reader.string(limit: .max), file: try reader.string(limit: .max))
        }
    }
}

extension ByteWriter {
    fileprivate mutating func text(_ text: String) { string(Array(text.utf8)) }

    fileprivate mutating func list<Element>(_ elements: [Element], _ write: (inout ByteWriter, Element) -> Void) {
        number(UInt64(elements.count))
        for element in elements { write(&self, element) }
    }
}

extension ByteReader {
    fileprivate mutating func text() throws(Failure) -> String { String(decoding: try string(limit: .max), as: UTF8.self) }

    fileprivate mutating func texts() throws(Failure) -> [String] {
        try list { (reader) throws(Failure) in try reader.text() }
    }

    /// A count that is a lie ends with the bytes: each element takes one at least.
    fileprivate mutating func list<Element>(
        _ read: (inout ByteReader) throws(Failure) -> Element
    ) throws(Failure) -> [Element] {
        var elements: [Element] = []
        for _ in 0..<(try number(Int.self)) { elements.append(try read(&self)) }
        return elements
    }
}
