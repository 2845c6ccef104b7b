import Text

/// JSON Web Tokens (RFC 7519).
enum JSONWebToken {
    /// Whether the bytes are base64url of a JSON object that names an algorithm other than none.
    static func isHeader(_ text: some Collection<UInt8>) -> Bool {
        guard text.count < 2048, let bytes = Base64.decode(text), bytes.first == UInt8(ascii: "{"),
            bytes.last == UInt8(ascii: "}"), bytes.allSatisfy({ $0 >= 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 })
        else { return false }
        return ValueTest.contains(Array("\"alg\"".utf8), in: bytes)
    }
}
