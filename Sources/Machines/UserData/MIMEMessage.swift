import Model
import Text

/// A MIME message (RFC 2045, 2046), as far as user data uses them: its type, its boundary, its transfer encoding and its body.
struct MIMEMessage {
    /// `text/x-shellscript`, lower case; nil where none is said.
    let type: String?
    let boundary: String?
    private let encoding: String
    let body: [UInt8]
    /// With its head.
    let whole: [UInt8]

    /// A head is no longer.
    private static let longestHead = 16 << 10

    /// Nil where the bytes begin with no head that a message with a type has.
    init?(_ bytes: [UInt8]) {
        guard let head = Self.head(bytes), let type = head.fields["content-type"] else { return nil }
        self.init(head.fields, type, body: Array(bytes[head.end...]), whole: bytes)
    }

    private init(_ fields: [String: String], _ type: String?, body: [UInt8], whole: [UInt8]) {
        let words = (type ?? "").split(separator: ";").map { Self.trimmed($0) }
        self.type = words.first.map { $0.lowercased() }
        let isMultipart = self.type?.hasPrefix("multipart/") == true
        let parameter = words.dropFirst().first { $0.lowercased().hasPrefix("boundary=") }
        let value = parameter.map { String($0.dropFirst("boundary=".count)) }
        let boundary = value.map {
            $0.hasPrefix("\"") && $0.hasSuffix("\"") && $0.count > 1 ? String($0.dropFirst().dropLast()) : $0
        }
        self.boundary = isMultipart ? boundary.flatMap { 1...70 ~= $0.utf8.count ? $0 : nil } : nil
        encoding = (fields["content-transfer-encoding"] ?? "7bit").lowercased()
        self.body = body
        self.whole = whole
    }

    /// Nil where the encoding is not one of RFC 2045's without escapes, or the body is not in it.
    var decodedBody: [UInt8]? {
        switch encoding {
        case "7bit", "8bit", "binary": body
        case "base64": Base64.decode(body.filter { $0 != 0x0A && $0 != 0x0D })
        default: nil
        }
    }

    /// The parts between lines of the boundary. What stands before the first and behind the last is no part.
    static func parts(of body: [UInt8], boundary: String, limit: Int) throws(Failure) -> [MIMEMessage] {
        let line = Array("--\(boundary)".utf8)
        var parts: [MIMEMessage] = []
        var start: Int?
        var at = 0
        while at < body.count {
            let end = body[at...].firstIndex(of: 0x0A) ?? body.count
            var text = body[at..<end]
            while let last = text.last, last == 0x0D || last == 0x20 || last == 0x09 { text = text.dropLast() }
            let isEnd = text.elementsEqual(line + [0x2D, 0x2D])
            if isEnd || text.elementsEqual(line) {
                if let start { parts.append(part(body[start..<max(start, lineEnd(before: at, in: body))])) }
                guard parts.count <= limit else { throw Failure(.invalid, "the user data has more than \(limit) parts") }
                start = isEnd ? nil : min(end + 1, body.count)
                if isEnd { return parts }
            }
            at = end + 1
        }
        if let start { parts.append(part(body[start...])) }
        return parts
    }

    /// The line end before a boundary belongs to the boundary.
    private static func lineEnd(before at: Int, in body: [UInt8]) -> Int {
        guard at > 0 else { return 0 }
        return at > 1 && body[at - 2] == 0x0D ? at - 2 : at - 1
    }

    private static func part(_ bytes: ArraySlice<UInt8>) -> MIMEMessage {
        let bytes = Array(bytes)
        if let head = head(bytes) {
            return MIMEMessage(head.fields, head.fields["content-type"], body: Array(bytes[head.end...]), whole: bytes)
        }
        // A part without fields begins with an empty line.
        let skipped = bytes.starts(with: [0x0A]) ? 1 : bytes.starts(with: [0x0D, 0x0A]) ? 2 : 0
        return MIMEMessage([:], nil, body: Array(bytes.dropFirst(skipped)), whole: bytes)
    }

    /// The fields by their names in lower case, and where the body begins; nil where the bytes begin with no head.
    private static func head(_ bytes: [UInt8]) -> (fields: [String: String], end: Int)? {
        var fields: [String: String] = [:]
        var last: String?
        var at = 0
        while at < min(bytes.count, longestHead) {
            let end = bytes[at...].firstIndex(of: 0x0A) ?? bytes.count
            var line = bytes[at..<end]
            if line.last == 0x0D { line = line.dropLast() }
            at = min(end + 1, bytes.count)
            if line.isEmpty { return fields.isEmpty ? nil : (fields, at) }
            let text = String(decoding: line, as: UTF8.self)
            if let first = line.first, first == 0x20 || first == 0x09, let name = last {
                fields[name, default: ""] += " " + trimmed(text[...])
                continue
            }
            guard let colon = text.firstIndex(of: ":"), colon != text.startIndex,
                text[..<colon].utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
            else { return nil }
            let name = text[..<colon].lowercased()
            fields[name] = trimmed(text[text.index(after: colon)...])
            last = name
        }
        return nil
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while let first = text.first, first.isWhitespace { text = text.dropFirst() }
        while let last = text.last, last.isWhitespace { text = text.dropLast() }
        return String(text)
    }
}
