/// A set of bytes.
struct ByteSet: Hashable, Sendable {
    private var low: (UInt64, UInt64) = (0, 0)
    private var high: (UInt64, UInt64) = (0, 0)

    init() {}

    init(_ text: StaticString) {
        for byte in text.description.utf8 { insert(byte) }
    }

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool {
        let bit = UInt64(1) << UInt64(byte & 63)
        return switch byte >> 6 {
        case 0: low.0 & bit != 0
        case 1: low.1 & bit != 0
        case 2: high.0 & bit != 0
        default: high.1 & bit != 0
        }
    }

    mutating func insert(_ byte: UInt8) {
        let bit = UInt64(1) << UInt64(byte & 63)
        switch byte >> 6 {
        case 0: low.0 |= bit
        case 1: low.1 |= bit
        case 2: high.0 |= bit
        default: high.1 |= bit
        }
    }

    mutating func insert(_ bytes: ClosedRange<UInt8>) {
        for byte in bytes { insert(byte) }
    }

    func union(_ other: ByteSet) -> ByteSet {
        var result = self
        result.low = (low.0 | other.low.0, low.1 | other.low.1)
        result.high = (high.0 | other.high.0, high.1 | other.high.1)
        return result
    }

    /// All bytes below 128 that are not in the set, without the line ends.
    var inverted: ByteSet {
        var result = ByteSet()
        for byte in UInt8(1)...255 where !contains(byte) && byte != 0x0A && byte != 0x0D { result.insert(byte) }
        return result
    }

    /// The members that can be typed, ascending.
    var printable: [UInt8] { (UInt8(0x20)...0x7E).filter { contains($0) } }

    static func == (a: ByteSet, b: ByteSet) -> Bool { a.low == b.low && a.high == b.high }

    func hash(into hasher: inout Hasher) {
        hasher.combine(low.0)
        hasher.combine(low.1)
        hasher.combine(high.0)
        hasher.combine(high.1)
    }

    static let digits = ByteSet("0123456789")
    static let letters = ByteSet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    static let alphanumeric = digits.union(letters)
    /// What may stand in an identifier.
    static let word = alphanumeric.union(ByteSet("_"))
    static let hexadecimal = ByteSet("0123456789abcdefABCDEF")
    static let base64 = alphanumeric.union(ByteSet("+/"))
    static let base64URL = alphanumeric.union(ByteSet("-_"))
    /// What stands for itself in a URL (RFC 3986).
    static let unreserved = alphanumeric.union(ByteSet("-._~"))
    static let wordColon = base64URL.union(ByteSet(":"))
    /// What may stand in a token or an address.
    static let tokenText = unreserved.union(ByteSet(":/@|=+"))
    static let blank = ByteSet(" \t")
}
