import Crypto
import Model

/// What Encrypt gives for a symmetric key: bytes that name the key and the material under which they were encrypted.
///
///     magic       4 bytes              "IKc1"
///     length      1 byte               of the key's id
///     id                               of the key
///     number      4 bytes, big-endian  of the material
///     sealed                           nonce, encrypted bytes and tag of AES-256-GCM
///
/// All before the nonce, and the encryption context, are authenticated too.
struct KeyCiphertext {
    let key: KeyID
    let material: Int
    private let sealed: [UInt8]

    private static let magic = Array("IKc1".utf8)
    /// Longer ones are refused, as KMS does.
    static let maximumSize = 6144

    /// Nil where the bytes are none.
    init?(_ bytes: [UInt8]) {
        guard bytes.count <= Self.maximumSize, bytes.starts(with: Self.magic), bytes.count > Self.magic.count else { return nil }
        let length = Int(bytes[Self.magic.count])
        let start = Self.magic.count + 1
        guard bytes.count >= start + length + 4, let text = String(validating: bytes[start..<start + length], as: UTF8.self),
            let key = try? KeyID(parsing: text)
        else { return nil }
        self.key = key
        material = bytes[start + length..<start + length + 4].reduce(0) { $0 << 8 | Int($1) }
        sealed = Array(bytes[(start + length + 4)...])
    }

    private static func header(_ key: KeyID, _ material: Int) -> [UInt8] {
        let id = Array(key.description.utf8)
        return magic + [UInt8(id.count)] + id + number(material)
    }

    private static func number(_ value: Int) -> [UInt8] {
        stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    /// The pairs in the order of their names, each text behind its length: no two contexts have the same bytes.
    private static func bytes(of context: [String: String]) -> [UInt8] {
        context.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.flatMap { pair in
            number(pair.key.utf8.count) + pair.key.utf8 + number(pair.value.utf8.count) + pair.value.utf8
        }
    }

    static func seal(
        _ plain: [UInt8], under key: KeyID, number: Int, material: [UInt8], context: [String: String], nonce: [UInt8]
    ) -> [UInt8] {
        let header = header(key, number)
        return header + AES256GCM.seal(plain, key: material, nonce: nonce, authenticating: header + bytes(of: context))
    }

    /// Nil where the bytes were changed, or the context is another one.
    func open(with bytes: [UInt8], context: [String: String]) -> [UInt8]? {
        AES256GCM.open(sealed, key: bytes, authenticating: Self.header(key, material) + Self.bytes(of: context))
    }
}
