/// Reads the secrets of tunnels: ppp's chap-secrets and pap-secrets (`client server secret`), strongSwan's and Libreswan's ipsec.secrets
/// (`… : PSK "x"`).
struct TunnelSecrets: FileParser {
    static let ppp = SecretRule("file-ppp-secret", "Secret of a PPP peer", .network, .high)
    static let ipsec = SecretRule("file-ipsec-secret", "Secret of an IPsec connection", .network, .high)

    let kind = "tunnels"
    let looksAtName = true
    let rules = [ppp, ipsec]

    private static let types: Set<String> = ["psk", "xauth", "eap", "ntlm", "rsa", "ecdsa", "pkcs8", "pkcs12", "pin"]

    let names = NameTest(
        names: ["chap-secrets", "pap-secrets", "l2tp-secrets", "ipsec.secrets", "strongswan.secrets"],
        paths: ["/ppp/peers/", "/ipsec.d/*.secrets$"])

    private static func isIPsec(_ name: FileName) -> Bool {
        name.original == "ipsec.secrets" || name.path.contains("/ipsec.d/") && name.ending == "secrets"
            || name.original == "strongswan.secrets"
    }

    func find(in content: Content, _ found: inout [Candidate]) {
        let isIPsec = Self.isIPsec(content.name)
        for line in Lines(content) {
            let words = Lines.words(content.bytes, line)
            guard let first = words.first, content.bytes[first].first != UInt8(ascii: "#") else { continue }
            if isIPsec {
                if let value = Self.ipsecValue(words, content.bytes) { add(Self.ipsec, value, content, &found) }
            } else if content.name.path.contains("/peers/") {
                if words.count > 1, content.bytes[first].elementsEqual("password".utf8) {
                    add(Self.ppp, words[1], content, &found)
                }
            } else if words.count >= 3 {
                add(Self.ppp, words[2], content, &found)
            }
        }
    }

    private func add(_ rule: SecretRule, _ value: Range<Int>, _ content: Content, _ found: inout [Candidate]) {
        if FieldValue.isSet(content.bytes[value], atLeast: 2) { found.append(Candidate(rule, value, .parser)) }
    }

    /// The word behind the type, or behind a key file's name.
    private static func ipsecValue(_ words: [Range<Int>], _ bytes: [UInt8]) -> Range<Int>? {
        guard
            let type = words.firstIndex(where: { types.contains(String(decoding: ValueTest.lowered(bytes[$0]), as: UTF8.self)) })
        else { return nil }
        let isFile = ["rsa", "ecdsa", "pkcs8", "pkcs12"].contains(
            String(decoding: ValueTest.lowered(bytes[words[type]]), as: UTF8.self))
        let value = type + (isFile ? 2 : 1)
        return value < words.count ? words[value] : nil
    }

    func canary(_ values: inout CanaryValues) -> CanaryFile {
        CanaryFile("/etc/ppp/chap-secrets", "# client server secret\noffice * \"\(values.password())\" *\n")
    }
}
