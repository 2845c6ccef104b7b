import Crypto
import Text

/// What a token's format proves about itself. What does not fit is no finding, or a doubtful one where it is a checksum.
enum TokenCheck: Sendable {
    case none
    /// The last six characters are the CRC-32 of the 30 before, in base 62: GitHub since 2021, npm.
    case base62CRC
    /// The last eight characters are the CRC-32 of all before the last underscore, in hexadecimal: Grafana.
    case hexadecimalCRC
    /// The first part is base64url of a JSON object with `alg`.
    case jsonWebToken
    /// AWS: the twelve digits of the account are in the key's id (base 32).
    case awsAccount
    /// A UUID of a version that services draw at random.
    case uuid
    /// Has a digit and letters of both cases.
    case mixed

    /// Whether the token fits; `bytes` is the whole text, `credential` within it.
    func holds(_ bytes: [UInt8], _ credential: Range<Int>) -> Bool {
        let value = bytes[credential]
        switch self {
        case .none: return true
        case .base62CRC:
            guard value.count > 36, let last = value.lastIndex(of: UInt8(ascii: "_")) else { return false }
            let payload = Array(value[(last + 1)...])
            guard payload.count == 36 else { return false }
            return Array(payload.suffix(6)) == Self.base62(CRC32.checksum(payload.prefix(30)))
        case .hexadecimalCRC:
            guard let last = value.lastIndex(of: UInt8(ascii: "_")) else { return false }
            let digits = ValueTest.lowered(value[(last + 1)...])
            return digits == Self.hexadecimal(CRC32.checksum(value[..<last]))
        case .jsonWebToken: return JSONWebToken.isHeader(value.prefix { $0 != UInt8(ascii: ".") })
        case .awsAccount:
            // The first bit of what follows the prefix is not part of the account; ids of before 2019 hold something else.
            return value.count == 20
        case .uuid:
            let digits = Array(value)
            return digits.count == 36 && (0x31...0x38).contains(digits[14])
        case .mixed:
            return value.contains { ByteSet.digits.contains($0) } && value.contains { (0x61...0x7A).contains($0) }
                && value.contains { (0x41...0x5A).contains($0) }
        }
    }

    /// What the token tells about what it belongs to.
    func detail(_ value: ArraySlice<UInt8>) -> String? {
        guard case .awsAccount = self, let account = AWSKeyID.account(of: value) else { return nil }
        return "account \(account)"
    }

    /// Whether it is a checksum, which a made-up token fails.
    var isChecksum: Bool {
        switch self {
        case .base62CRC, .hexadecimalCRC: true
        default: false
        }
    }

    /// Makes random bytes of the right form into ones that fit.
    func complete(_ bytes: inout [UInt8]) {
        switch self {
        case .base62CRC:
            guard let last = bytes.lastIndex(of: UInt8(ascii: "_")), bytes.count == last + 37 else { return }
            let payload = Array(bytes[(last + 1)...(last + 30)])
            bytes = Array(bytes[...(last + 30)]) + Self.base62(CRC32.checksum(payload))
        case .hexadecimalCRC:
            guard let last = bytes.lastIndex(of: UInt8(ascii: "_")) else { return }
            bytes = Array(bytes[...last]) + Self.hexadecimal(CRC32.checksum(bytes[..<last]))
        case .jsonWebToken:
            guard let dot = bytes.firstIndex(of: UInt8(ascii: ".")) else { return }
            let header = Base64.encode(Array(#"{"alg":"HS256","typ":"JWT","kid":"1"}"#.utf8)).filter { $0 != UInt8(ascii: "=") }
            bytes = header + bytes[dot...]
        default: break
        }
    }

    private static let base62Digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    /// Six digits, zeros in front.
    static func base62(_ number: UInt32) -> [UInt8] {
        var rest = number
        var digits: [UInt8] = []
        for _ in 0..<6 {
            digits.append(base62Digits[Int(rest % 62)])
            rest /= 62
        }
        return digits.reversed()
    }

    private static func hexadecimal(_ number: UInt32) -> [UInt8] {
        Array(Hexadecimal.text([24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }).utf8)
    }
}

/// CRC-32 of zip and PNG (ISO 3309).
enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
    }

    static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { sum, byte in table[Int((sum ^ UInt32(byte)) & 0xFF)] ^ (sum >> 8) }
    }
}
