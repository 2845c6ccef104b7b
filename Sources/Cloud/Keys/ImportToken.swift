import Crypto
import Model

/// An import token: how material is to be decrypted that comes with it, until when, and for which key. Nothing of it is kept: the private
/// key is in it, encrypted under the region's master key.
///
///     magic       4 bytes   "IIt1"
///     sealed                AES-256-GCM, bound to the key's ARN, of:
///       valid to  8 bytes   big-endian, seconds since 1970
///       algorithm 1 byte    its place in `WrappingAlgorithm.allCases`
///       spec      1 byte    its place in `WrappingKeySpec.allCases`
///       key                 PKCS #8 in DER
struct ImportToken {
    let validTo: Instant
    let algorithm: WrappingAlgorithm
    let spec: WrappingKeySpec
    let privateKey: [UInt8]

    private static let magic = Array("IIt1".utf8)

    init(validTo: Instant, algorithm: WrappingAlgorithm, spec: WrappingKeySpec, privateKey: [UInt8]) {
        self.validTo = validTo
        self.algorithm = algorithm
        self.spec = spec
        self.privateKey = privateKey
    }

    private static func context(_ key: KeyARN) -> [UInt8] { Array("import\n\(key)".utf8) }

    func sealed(for key: KeyARN, master: [UInt8], nonce: [UInt8]) -> [UInt8] {
        let time = UInt64(bitPattern: validTo.seconds)
        var plain = (0..<8).map { UInt8(truncatingIfNeeded: time >> (56 - 8 * $0)) }
        plain.append(UInt8(WrappingAlgorithm.allCases.firstIndex(of: algorithm) ?? 0))
        plain.append(UInt8(WrappingKeySpec.allCases.firstIndex(of: spec) ?? 0))
        let sealed = AES256GCM.seal(plain + privateKey, key: master, nonce: nonce, authenticating: Self.context(key))
        return Self.magic + sealed
    }

    /// Nil where the bytes are no token, or one of another key.
    init?(opening bytes: [UInt8], for key: KeyARN, master: [UInt8]) {
        guard bytes.starts(with: Self.magic),
            let plain = AES256GCM.open(
                Array(bytes.dropFirst(Self.magic.count)), key: master, authenticating: Self.context(key)),
            plain.count > 10, Int(plain[8]) < WrappingAlgorithm.allCases.count, Int(plain[9]) < WrappingKeySpec.allCases.count
        else { return nil }
        validTo = Instant(seconds: Int64(bitPattern: plain[..<8].reduce(0) { $0 << 8 | UInt64($1) }))
        algorithm = WrappingAlgorithm.allCases[Int(plain[8])]
        spec = WrappingKeySpec.allCases[Int(plain[9])]
        privateKey = Array(plain[10...])
    }

    /// Nil where the bytes were not encrypted for this token in its way.
    func unwrap(_ encrypted: [UInt8]) -> [UInt8]? {
        guard let pair = AsymmetricKey(privateKeyInfo: privateKey) else { return nil }
        switch algorithm {
        case .oaepSHA1: return pair.decrypt(encrypted, .sha1)
        case .oaepSHA256: return pair.decrypt(encrypted, .sha256)
        case .keyWrapSHA1, .keyWrapSHA256:
            guard encrypted.count > spec.modulusSize,
                let key = pair.decrypt(
                    Array(encrypted.prefix(spec.modulusSize)), algorithm == .keyWrapSHA1 ? .sha1 : .sha256)
            else { return nil }
            return AESKeyWrap.unwrapPadded(Array(encrypted.dropFirst(spec.modulusSize)), key: key)
        }
    }
}
