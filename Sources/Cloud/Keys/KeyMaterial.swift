import Crypto
import Model
import Platform
import Records
import SQLite

// What keys are made of: encrypted under the region's master key, and bound to region, key and number.
extension EmbeddedRegion {
    /// New material for a key, as a row holds it. The master key is durable before the row is that needs it.
    func sealNewMaterial(of key: KeyRecord, number: Int) throws(Failure) -> [UInt8] {
        try seal(try newMaterial(key.spec), of: key.id, number: number)
    }

    func seal(_ material: [UInt8], of key: KeyID, number: Int) throws(Failure) -> [UInt8] {
        AES256GCM.seal(
            material, key: try masterKey(), nonce: try random(AES256GCM.nonceSize), authenticating: materialContext(key, number))
    }

    /// Made where there is none, and nothing that needs it.
    func masterKey() throws(Failure) -> [UInt8] {
        let isNeeded = try database.read("look for keys") { session in
            try session.first("SELECT 1 AS one FROM kms_materials LIMIT 1") { _ in true } ?? false
        }
        return try keyFile(.keyMaterial).loadOrMake(isNeeded: isNeeded)
    }

    private func newMaterial(_ spec: KeySpec) throws(Failure) -> [UInt8] {
        switch spec {
        case .symmetric: return try random(AES256GCM.keySize)
        case .hmac224: return try random(SHA2.sha224.byteCount)
        case .hmac256: return try random(SHA2.sha256.byteCount)
        case .hmac384: return try random(SHA2.sha384.byteCount)
        case .hmac512: return try random(SHA2.sha512.byteCount)
        default: return try Self.newPair(spec).privateKeyInfo
        }
    }

    static let kinds: [KeySpec: AsymmetricKey.Kind] = [
        .rsa2048: .rsa2048, .rsa3072: .rsa3072, .rsa4096: .rsa4096, .p256: .p256, .p384: .p384, .p521: .p521,
        .secp256k1: .secp256k1,
    ]

    static func newPair(_ spec: KeySpec) throws(Failure) -> AsymmetricKey {
        guard let kind = kinds[spec], let pair = AsymmetricKey(making: kind) else {
            throw Failure(.bug, "libcrypto makes no key of the kind \(spec.rawValue)")
        }
        return pair
    }

    static func pair(_ material: [UInt8], of key: KeyARN) throws(Failure) -> AsymmetricKey {
        guard let pair = AsymmetricKey(privateKeyInfo: material) else {
            throw Failure(.corrupt, "the material of the key \(key) is no pair of keys")
        }
        return pair
    }
}

// Out of its row again.
extension EmbeddedRegion {
    /// What a row of material is bound to.
    private func materialContext(_ key: KeyID, _ number: Int) -> [UInt8] { Array("\(name)\n\(key)\n\(number)".utf8) }

    /// The material out of its row.
    func openMaterial(_ sealed: [UInt8], of key: KeyID, number: Int) throws(Failure) -> [UInt8] {
        let master = try keyFile(.keyMaterial).load()
        guard let plain = AES256GCM.open(sealed, key: master, authenticating: materialContext(key, number)) else {
            throw Failure(
                .corrupt, "the material of the key \(key) was changed, or is of another master key",
                hint: "restore the region's folder from a copy")
        }
        return plain
    }
}
