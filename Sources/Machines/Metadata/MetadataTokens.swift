import Crypto
import Model

/// The tokens of version 2: when one ends, and a code that only this region's key gives for that and for the instance. So nothing is kept
/// of them, and no other instance can use one.
struct MetadataTokens {
    let key: [UInt8]
    let instance: InstanceID
    /// Seconds since 1970.
    let now: Int64

    /// Seconds that a token may be valid.
    static let lives: ClosedRange<Int64> = 1...21_600

    /// The code in hexadecimal, and the end in decimal.
    func make(seconds: Int64) -> String {
        let end = now + seconds
        return code(end).hex + String(end)
    }

    func accept(_ text: String) -> Bool {
        guard text.utf8.count <= Self.mostLetters, let code = Digest(hex: text.prefix(Self.codeLetters)),
            let end = Int64(text.dropFirst(Self.codeLetters)), end >= 0
        else { return false }
        return ConstantTime.areEqual(self.code(end).bytes, code.bytes) && now < end
    }

    private static let codeLetters = Digest.byteCount * 2
    private static let mostLetters = codeLetters + 19

    private func code(_ end: Int64) -> Digest {
        HMACSHA256.digest(of: Array("ingot metadata token \(instance) \(end)".utf8), key: key)
    }
}
