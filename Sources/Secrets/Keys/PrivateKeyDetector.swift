import Text
import Hyperscan

/// Finds private keys in PEM (RFC 7468), OpenSSH's and PGP's armour, whole or broken into the lines of a program.
struct PrivateKeyDetector: Detector {
    static let plain = SecretRule("private-key", "Private key", .privateKey, .critical)
    static let encrypted = SecretRule("private-key-encrypted", "Private key under a password", .privateKey, .medium)
    static let damaged = SecretRule("private-key-damaged", "Private key that cannot be read", .privateKey, .low)
    static let openPGP = SecretRule("private-key-openpgp", "OpenPGP private key", .privateKey, .critical)

    let rules = [plain, encrypted, damaged, openPGP]
    let literals = [Literal("PRIVATE KEY")]
    let readsTextOnly = false
    let maximumHits = 2000

    /// Base64 digits of one key, and bytes over which they may be spread.
    private static let maximumDigits = 20_000
    private static let maximumSpread = 40_000

    func inspect(_ content: Content, _ hit: Range<Int>, _ found: inout [Candidate]) {
        let bytes = content.bytes
        guard let start = Self.begin(bytes, hit.lowerBound) else { return }
        let label = Array(bytes[start..<hit.upperBound])
        var position = hit.upperBound
        let isBlock = bytes[position...].starts(with: Array(" BLOCK".utf8))
        if isBlock { position += 6 }
        guard bytes[min(position, bytes.count)...].starts(with: Array("-----".utf8)) else { return }
        let body = ArmourBody(bytes, from: position + 5, digits: Self.maximumDigits, spread: Self.maximumSpread)
        guard body.digits.count >= 40, let rule = Self.rule(body, isBlock: isBlock, label: label) else { return }
        found.append(Candidate(rule, start..<body.end, .token, value: body.digits))
    }

    /// Where `-----BEGIN ` stands before the words, at most an algorithm's name away.
    private static func begin(_ bytes: [UInt8], _ words: Int) -> Int? {
        let mark = Array("-----BEGIN ".utf8)
        for back in 0...20 {
            let start = words - back - mark.count
            if start < 0 { return nil }
            if bytes[start...].starts(with: mark) { return start }
        }
        return nil
    }

    private static func rule(_ body: ArmourBody, isBlock: Bool, label: [UInt8]) -> SecretRule? {
        // Of a PGP block the checksum behind the last `=` does not belong to the key.
        let decoded = Base64.decode(body.digits.prefix(body.digits.count & ~3)) ?? []
        if isBlock { return (decoded.first ?? 0) & 0x80 != 0 ? openPGP : damagedIfRandom(body.digits) }
        if decoded.starts(with: Array("openssh-key-v1\0".utf8)) {
            return ValueTest.contains(Array("\0\0\0\u{4}none".utf8), in: decoded.prefix(64)) ? plain : encrypted
        }
        if body.isEncrypted { return decoded.count >= 32 ? encrypted : nil }
        switch DER.keyForm(decoded) {
        case .plain: return plain
        case .encrypted: return encrypted
        case nil: return damagedIfRandom(body.digits)
        }
    }

    private static func damagedIfRandom(_ digits: [UInt8]) -> SecretRule? {
        digits.count >= 100 && ValueTest.entropy(digits) >= 4.5 ? damaged : nil
    }
}

/// The base64 between the two lines of an armour, through line ends in all their disguises.
struct ArmourBody {
    /// Base64 digits and padding.
    private(set) var digits: [UInt8] = []
    /// Whether a header says so.
    private(set) var isEncrypted = false
    /// Behind the last byte, of the closing line where there is one.
    private(set) var end: Int

    init(_ bytes: [UInt8], from start: Int, digits maximum: Int, spread: Int) {
        var position = start
        let limit = min(bytes.count, start + spread)
        end = start
        while position < limit && digits.count < maximum {
            let byte = bytes[position]
            if byte == UInt8(ascii: "-") {
                if bytes[position...].starts(with: Array("-----END".utf8)) {
                    end = Self.behindMark(bytes, position + 8)
                    return
                }
                if bytes[position...].starts(with: Array("-----BEGIN".utf8)) { return }
                // A dash within: base64url, or a header's name.
                digits.append(byte)
                position += 1
            } else if byte == UInt8(ascii: "\\"), position + 1 < limit {
                position += 2
            } else if byte == UInt8(ascii: ":") {
                // What was read since the last line end is the name of a header.
                let line = Self.line(bytes, position)
                if ValueTest.contains(Array("ENCRYPTED".utf8), in: bytes[line]) { isEncrypted = true }
                digits.removeLast(min(digits.count, position - line.lowerBound))
                position = line.upperBound
            } else if byte == UInt8(ascii: "+") && Self.joins(bytes, position) {
                position += 1
            } else if ByteSet.base64.contains(byte) || byte == UInt8(ascii: "=") {
                digits.append(byte)
                position += 1
            } else if byte == UInt8(ascii: "<") || byte == UInt8(ascii: "{") || byte == 0 {
                break
            } else {
                position += 1
            }
            end = position
        }
    }

    /// Whether a plus joins two texts of a program.
    private static func joins(_ bytes: [UInt8], _ position: Int) -> Bool {
        let around = ByteSet(" \"'\n\r\t")
        return position > 0 && around.contains(bytes[position - 1])
            && (position + 1 >= bytes.count || around.contains(bytes[position + 1]))
    }

    private static func line(_ bytes: [UInt8], _ position: Int) -> Range<Int> {
        var start = position
        while start > 0 && bytes[start - 1] != 0x0A && bytes[start - 1] != UInt8(ascii: "\"") && position - start < 64 {
            if bytes[start - 1] == UInt8(ascii: "n") && start > 1 && bytes[start - 2] == UInt8(ascii: "\\") { break }
            start -= 1
        }
        var end = position
        while end < bytes.count && bytes[end] != 0x0A && bytes[end] != UInt8(ascii: "\\") && bytes[end] != UInt8(ascii: "\"")
            && end - position < 200
        { end += 1 }
        return start..<end
    }

    private static func behindMark(_ bytes: [UInt8], _ position: Int) -> Int {
        var end = position
        while end < bytes.count && end - position < 40 && bytes[end] != 0x0A && bytes[end] != UInt8(ascii: "\\")
            && bytes[end] != UInt8(ascii: "\"")
        { end += 1 }
        return end
    }
}
