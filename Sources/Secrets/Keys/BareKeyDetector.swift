import Text
import Hyperscan

/// Finds private keys without armour: base64 of their DER in a setting, PuTTY's and OpenVPN's files, JSON Web Keys, keys in XML.
struct BareKeyDetector: Detector {
    static let base64 = SecretRule("private-key-base64", "Private key in base64", .privateKey, .critical)
    static let putty = SecretRule("private-key-putty", "PuTTY private key", .privateKey, .critical)
    static let openVPN = SecretRule("openvpn-static-key", "OpenVPN static key", .privateKey, .critical)
    static let jsonWebKey = SecretRule("json-web-key", "JSON Web Key with its private part", .privateKey, .critical)
    static let xml = SecretRule("private-key-xml", "RSA private key in XML", .privateKey, .critical)

    let rules = [base64, putty, openVPN, jsonWebKey, xml]
    let readsTextOnly = false
    let maximumHits = 300

    private static let privateField = TokenPattern(#""(?:d|k)"\s*:\s*"([A-Za-z0-9_\-]{20,})""#)

    private static let markers = [
        "IBADANBgkqhkiG9w0BAQEFAAS", "IBAAKCAQEA", "IBAAKCAgEA", "IBAAKBgQ", "AgEAMBMGByqGSM49AgEG", "MHcCAQEEI",
        "MC4CAQAwBQYDK2VwBCIEI",
    ]

    let literals = (markers + ["PuTTY-User-Key-File-", "-----BEGIN OpenVPN Static key V1-----", "\"kty\"", "<RSAKeyValue>"]).map {
        Literal($0)
    }

    func inspect(_ content: Content, _ hit: Range<Int>, _ found: inout [Candidate]) {
        switch content.bytes[hit.lowerBound] {
        case UInt8(ascii: "P"): puttyKey(content, hit, &found)
        case UInt8(ascii: "-"): openVPNKey(content, hit, &found)
        case UInt8(ascii: "\""): webKey(content, hit, &found)
        case UInt8(ascii: "<"): xmlKey(content, hit, &found)
        default: bareKey(content, hit, &found)
        }
    }

    private func bareKey(_ content: Content, _ hit: Range<Int>, _ found: inout [Candidate]) {
        let bytes = content.bytes
        var start = hit.lowerBound
        while start > 0 && hit.lowerBound - start < 8 && ByteSet.base64.contains(bytes[start - 1]) { start -= 1 }
        var end = hit.upperBound
        while end < bytes.count && end - start < 8192 && ByteSet.base64.contains(bytes[end]) { end += 1 }
        // The lines of an armour are the other detector's.
        guard end - start >= 80, DER.keyForm(Base64.decode(bytes[start..<(start + (end - start) & ~3)]) ?? []) == .plain else {
            return
        }
        found.append(Candidate(Self.base64, start..<end, .token))
    }

    private func puttyKey(_ content: Content, _ hit: Range<Int>, _ found: inout [Candidate]) {
        let text = content.bytes[hit.lowerBound..<min(content.bytes.count, hit.lowerBound + 16_384)]
        guard let lines = Self.find("Private-Lines:", in: text) else { return }
        let isPlain = Self.find("Encryption: none", in: text) != nil
        found.append(
            Candidate(isPlain ? Self.putty : Self.putty.with(.medium), hit.lowerBound..<min(text.endIndex, lines + 200), .token))
    }

    private func openVPNKey(_ content: Content, _ hit: Range<Int>, _ found: inout [Candidate]) {
        var digits: [UInt8] = []
        var position = hit.upperBound
        while position < content.bytes.count && digits.count < 512 && content.bytes[position] != UInt8(ascii: "-") {
            if ByteSet.hexadecimal.contains(content.bytes[position]) { digits.append(content.bytes[position]) }
            position += 1
        }
        guard digits.count >= 256, ValueTest.entropy(digits) > 3 else { return }
        found.append(Candidate(Self.openVPN, hit.lowerBound..<position, .token, value: digits))
    }

    private func webKey(_ content: Content, _ hit: Range<Int>, _ found: inout [Candidate]) {
        let bytes = content.bytes
        var start = hit.lowerBound
        while start > 0 && hit.lowerBound - start < 2048 && bytes[start] != UInt8(ascii: "{") { start -= 1 }
        var end = hit.upperBound
        while end < bytes.count && end - start < 4096 && bytes[end] != UInt8(ascii: "}") { end += 1 }
        for position in start..<end where bytes[position] == UInt8(ascii: "\"") {
            if let match = Self.privateField.match(bytes, at: position), !ValueTest.isDummy(bytes[match.credential]) {
                found.append(Candidate(Self.jsonWebKey, match.credential, .token))
                return
            }
        }
    }

    private func xmlKey(_ content: Content, _ hit: Range<Int>, _ found: inout [Candidate]) {
        let text = content.bytes[hit.lowerBound..<min(content.bytes.count, hit.lowerBound + 8192)]
        guard let start = Self.find("<D>", in: text), let end = Self.find("</D>", in: text[start...]), end - start > 40 else {
            return
        }
        found.append(Candidate(Self.xml, start..<end, .token))
    }

    static func find(_ text: StaticString, in bytes: ArraySlice<UInt8>) -> Int? {
        let needle = Array(text.description.utf8)
        return bytes.indices.first { bytes[$0] == needle[0] && bytes[$0...].starts(with: needle) }
    }
}
