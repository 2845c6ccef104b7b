import Crypto
import Model
import Platform

/// Keeps the objects of a store from everybody who has not its key: their bytes under AES-256-GCM, and their names, which as digests of
/// the bytes would say of every known file whether it is there, under HMAC-SHA-256.
///
///     stored form    nonce 12 · encrypted bytes · tag 16; the bytes are those that an open store has, compressed where it pays
///
/// The name is authenticated with the bytes, so that no object can be put in the place of another.
package struct ObjectSeal: Sendable {
    private let contentKey: [UInt8]
    private let nameKey: [UInt8]
    private let environment: Environment

    /// The size of a data key in bytes.
    package static let keySize = AES256GCM.keySize

    /// Both keys follow from the data key, so that neither is used for two things.
    package init(dataKey: [UInt8], environment: Environment) {
        contentKey = HMACSHA256.digest(of: Array("ingot object contents".utf8), key: dataKey).bytes
        nameKey = HMACSHA256.digest(of: Array("ingot object names".utf8), key: dataKey).bytes
        self.environment = environment
    }

    /// What an object is called in packs and marks.
    func name(of digest: Digest) -> Digest { HMACSHA256.digest(of: digest.bytes, key: nameKey) }

    func seal(_ bytes: [UInt8], as name: Digest) throws(Failure) -> [UInt8] {
        let nonce: [UInt8]
        do throws(SystemError) { nonce = try environment.random(AES256GCM.nonceSize) } catch {
            throw Failure(.io, "the system gives no randomness to encrypt an object", cause: error)
        }
        return AES256GCM.seal(bytes, key: contentKey, nonce: nonce, authenticating: name.bytes)
    }

    /// Nil where the bytes were changed, or are another object's.
    func open(_ sealed: [UInt8], as name: Digest) -> [UInt8]? {
        AES256GCM.open(sealed, key: contentKey, authenticating: name.bytes)
    }
}
