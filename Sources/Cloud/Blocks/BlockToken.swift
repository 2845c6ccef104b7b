import Crypto
import Model
import Text

/// What lets its holder read one block of one snapshot until a time: the time, and a digest under a key of the region.
enum BlockToken {
    static func make(_ snapshot: SnapshotID, _ index: Int, until end: Instant, secret: [UInt8]) -> String {
        let time = (0..<8).map { UInt8(truncatingIfNeeded: end.seconds >> (56 - 8 * $0)) }
        return Base64.text(time + seal(snapshot, index, end, secret))
    }

    /// False where the token is none, of another block, or over.
    static func isValid(_ text: String, _ snapshot: SnapshotID, _ index: Int, at now: Instant, secret: [UInt8]) -> Bool {
        guard let bytes = Base64.decodeStrictly(text), bytes.count == 8 + sealSize else { return false }
        let end = Instant(seconds: bytes[..<8].reduce(0) { $0 << 8 | Int64($1) })
        let expected = seal(snapshot, index, end, secret)
        return ConstantTime.areEqual(Array(bytes[8...]), expected) && now < end
    }

    private static let sealSize = 25

    private static func seal(_ snapshot: SnapshotID, _ index: Int, _ end: Instant, _ secret: [UInt8]) -> [UInt8] {
        Array(HMACSHA256.digest(of: Array("\(snapshot) \(index) \(end.seconds)".utf8), key: secret).bytes.prefix(sealSize))
    }
}
