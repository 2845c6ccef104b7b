import Crypto
import Synchronization

/// The key of one access key for one scope.
package struct SigningKey: Sendable {
    private let bytes: [UInt8]

    package init(secret: String, scope: CredentialScope) {
        var key = Array("AWS4\(secret)".utf8)
        for part in [scope.day, scope.region, scope.service, CredentialScope.end] {
            key = HMACSHA256.digest(of: Array(part.utf8), key: key).bytes
        }
        bytes = key
    }

    /// The signature of a canonical request.
    package func signature(of canonicalRequest: [UInt8], time: SigningTime, scope: CredentialScope) -> Digest {
        let digest = SHA256.digest(of: canonicalRequest)
        let text = "\(algorithm)\n\(time)\n\(scope)\n\(digest.hex)"
        return HMACSHA256.digest(of: Array(text.utf8), key: bytes)
    }
}

/// The name of the one algorithm.
let algorithm = "AWS4-HMAC-SHA256"

/// The signing keys that were in use lately: making one takes four HMACs, and most requests have the scope of the one before.
final class SigningKeyCache: Sendable {
    private struct Entry: Hashable {
        let key: AccessKey
        let scope: CredentialScope
    }

    private let entries = Mutex<[Entry: SigningKey]>([:])
    private static let most = 256

    func key(_ key: AccessKey, _ scope: CredentialScope) -> (key: SigningKey, isNew: Bool) {
        if let known = entries.withLock({ $0[Entry(key: key, scope: scope)] }) { return (known, false) }
        return (SigningKey(secret: key.secret, scope: scope), true)
    }

    /// Only for scopes in which somebody signed rightly: what strangers name must not fill the cache.
    func keep(_ signingKey: SigningKey, of key: AccessKey, _ scope: CredentialScope) {
        entries.withLock { entries in
            if entries.count >= Self.most { entries.removeAll(keepingCapacity: true) }
            entries[Entry(key: key, scope: scope)] = signingKey
        }
    }
}
