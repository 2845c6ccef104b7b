import Text

/// The one form of a request that both sides hash.
enum CanonicalRequest {
    /// The parameter that a query-form signature stands in, which it cannot cover.
    static let signatureParameter = Array("X-Amz-Signature".utf8)

    /// Nil where the path does not begin with a slash, or the query is no valid percent-encoding. Every name of `signed` must be a field of the message.
    static func bytes(_ message: Message, signed: [String], payload: String) -> [UInt8]? {
        guard message.path.utf8.first == UInt8(ascii: "/"), let query = query(message.query) else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(512 + query.count)
        result.append(contentsOf: message.method.utf8)
        result.append(0x0A)
        appendPath(message.path, to: &result)
        result.append(0x0A)
        result.append(contentsOf: query)
        result.append(0x0A)
        for name in signed {
            result.append(contentsOf: name.utf8)
            result.append(UInt8(ascii: ":"))
            for (index, value) in message.values(name).enumerated() {
                if index > 0 { result.append(UInt8(ascii: ",")) }
                appendValue(value, to: &result)
            }
            result.append(0x0A)
        }
        result.append(0x0A)
        result.append(contentsOf: signed.joined(separator: ";").utf8)
        result.append(0x0A)
        result.append(contentsOf: payload.utf8)
        return result
    }

    /// The path without `.`, `..` and empty segments (RFC 3986, section 5.2.4), encoded once more.
    private static func appendPath(_ path: String, to result: inout [UInt8]) {
        var segments: [Substring.UTF8View] = []
        let parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: true)
        for part in parts where part != "." {
            if part == ".." { _ = segments.popLast() } else { segments.append(part.utf8) }
        }
        for segment in segments {
            result.append(UInt8(ascii: "/"))
            PercentEncoding.append(segment, to: &result)
        }
        let last = path.utf8.last
        if segments.isEmpty || last == UInt8(ascii: "/") { result.append(UInt8(ascii: "/")) }
    }

    /// The parameters decoded, encoded in the one way, and sorted by name, then value.
    static func query(_ query: String) -> [UInt8]? {
        if query.isEmpty { return [] }
        var pairs: [(name: [UInt8], value: [UInt8])] = []
        for pair in query.utf8.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decode(parts[0]),
                let value = PercentEncoding.decode(parts.count > 1 ? parts[1] : pair[pair.endIndex...])
            else { return nil }
            if name == signatureParameter { continue }
            pairs.append((encoded(name), encoded(value)))
        }
        pairs.sort { a, b in
            a.name == b.name ? a.value.lexicographicallyPrecedes(b.value) : a.name.lexicographicallyPrecedes(b.name)
        }
        var result: [UInt8] = []
        for (index, pair) in pairs.enumerated() {
            if index > 0 { result.append(UInt8(ascii: "&")) }
            result += pair.name
            result.append(UInt8(ascii: "="))
            result += pair.value
        }
        return result
    }

    private static func encoded(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        PercentEncoding.append(bytes, to: &result)
        return result
    }

    /// Without blanks at the ends, and with one for several within.
    private static func appendValue(_ value: String, to result: inout [UInt8]) {
        var isBlank = false
        let start = result.count
        for byte in value.utf8 {
            if byte == 0x20 || byte == 0x09 {
                isBlank = true
                continue
            }
            if isBlank && result.count > start { result.append(0x20) }
            isBlank = false
            result.append(byte)
        }
    }
}
