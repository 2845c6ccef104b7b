import Text

/// Reads the keys that name servers share (RFC 8945): `secret "…";` of rndc.key, named.conf and nsupdate's key files.
struct NameServerKeys: FileParser {
    static let rule = SecretRule("file-name-server-key", "Key of a name server", .network, .high)

    let kind = "name-server"
    let rules = [rule]

    private static let pattern = TokenPattern(#"secret\s+"?([A-Za-z0-9+/]{16,}={0,2})"?\s*;"#)

    let names = NameTest(
        names: ["rndc.key", "named.conf", "rndc.conf", "session.key", "ddns.key"], parts: ["dhcpd.conf$"],
        paths: ["/bind/", "/named/", "/nsd/", "/knot/"])

    func find(in content: Content, _ found: inout [Candidate]) {
        guard content.isText else { return }
        for position in content.bytes.indices where content.bytes[position] == UInt8(ascii: "s") {
            if let match = Self.pattern.match(content.bytes, at: position), FieldValue.isSet(content.bytes[match.credential]) {
                found.append(Candidate(Self.rule, match.credential, .parser))
            }
        }
    }

    func canary(_ values: inout CanaryValues) -> CanaryFile {
        let key = String(decoding: Base64.encode(values.bytes(32)), as: UTF8.self)
        return CanaryFile("/etc/bind/rndc.key", "key \"rndc-key\" {\n\talgorithm hmac-sha256;\n\tsecret \"\(key)\";\n};\n")
    }
}
