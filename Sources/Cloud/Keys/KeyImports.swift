import Crypto
import Model
import Records
import SQLite

/// GetParametersForImport: what the owner of a key's material needs to send it.
package struct ImportParameters: Sendable {
    package var key: KeyARN
    /// Comes back with the material, and says how to decrypt it.
    package var token: [UInt8]
    /// SubjectPublicKeyInfo in DER.
    package var publicKey: [UInt8]
    package var validTo: Instant
}

/// ImportKeyMaterial.
package struct MaterialImport: Sendable {
    package var key: String
    package var token: [UInt8]
    package var encrypted: [UInt8]
    /// Nil where the material does not expire.
    package var validTo: Instant?
    /// Nil where it follows from what the key has had.
    package var type: MaterialImportType?
    /// The digest that the material must have, in hexadecimal digits.
    package var digest: String?

    package init(
        key: String, token: [UInt8], encrypted: [UInt8], validTo: Instant? = nil, type: MaterialImportType? = nil,
        digest: String? = nil
    ) {
        self.key = key
        self.token = token
        self.encrypted = encrypted
        self.validTo = validTo
        self.type = type
        self.digest = digest
    }
}

// Keys whose material their owner brings: it can be taken away, and only the same comes back.
extension EmbeddedActions {
    private static var tokenDays: Int64 { 1 }
    private static var mostDays: Int64 { 365 }

    func importParameters(
        forKey text: String, _ algorithm: WrappingAlgorithm, _ spec: WrappingKeySpec
    ) throws(Failure) -> ImportParameters {
        let key = try readKeys("look up a key") { session in
            let key = try self.key(text, session)
            try ask(.getParametersForImport, of: key, session)
            try Self.checkIsExternal(key)
            return key
        }
        guard let kind = EmbeddedRegion.kinds[KeySpec(spec)], let pair = AsymmetricKey(making: kind) else {
            throw Failure(.bug, "libcrypto makes no key of the kind \(spec.rawValue)")
        }
        let validTo = now + .days(Self.tokenDays)
        let token = ImportToken(validTo: validTo, algorithm: algorithm, spec: spec, privateKey: pair.privateKeyInfo)
        return ImportParameters(
            key: key.arn,
            token: token.sealed(for: key.arn, master: try region.masterKey(), nonce: try region.random(AES256GCM.nonceSize)),
            publicKey: pair.subjectPublicKeyInfo, validTo: validTo)
    }

    func importMaterial(_ request: MaterialImport) throws(Failure) -> KeyRecord {
        let key = try readKeys("look up a key") { session in
            let key = try self.key(request.key, session)
            try ask(.importKeyMaterial, of: key, session)
            try Self.checkIsExternal(key)
            return key
        }
        try check(request.validTo)
        let material = try openMaterial(request, for: key)
        let digest = SHA256.digest(of: Array("\(key.id)\n".utf8) + material)
        let sealed = try region.seal(material, of: key.id, number: 1)
        return try change(request.key, by: .importKeyMaterial) { key, session in
            try Self.check(request, digest, against: key)
            try session.enterImport(digest, validTo: request.validTo, of: key.id)
            if key.material == 0 {
                try session.enterMaterial(sealed, number: 1, of: key.id, made: now, isOnDemand: false)
            }
            if key.state == .pendingImport { try session.setState(.enabled, of: key.id) }
            return try existing(key.id, session)
        }
    }

    func deleteImportedMaterial(ofKey text: String, digest: String?) throws(Failure) -> KeyRecord {
        try change(text, by: .deleteImportedKeyMaterial) { key, session in
            try Self.checkIsExternal(key)
            if let digest, digest != key.imported?.digest.hex {
                throw Failure(PlaneError(.kmsNotFoundException, "The key has no material \(digest.prefix(64))."))
            }
            try session.dropImported(key.id)
            return try existing(key.id, session)
        }
    }

    /// Takes away what has expired.
    func settleImports() throws(Failure) {
        let condition = "id IN (SELECT key FROM kms_imports WHERE valid_to <= ?)"
        let due = try region.database.read("look for material that is due") { try $0.keys(condition, [now], in: region.name) }
        for key in due {
            try region.database.write("let the material of \(key.id) go") { session in
                // Somebody may have imported it anew since.
                guard let key = try session.key(key.id, in: region.name), key.isExpired(at: now) else { return }
                try session.dropImported(key.id)
            }
        }
    }

    // MARK: Rules

    private static func checkIsExternal(_ key: KeyRecord) throws {
        guard key.origin == .external else {
            throw Failure(.unsupported("\(key.arn) origin is \(key.origin.rawValue) which is not valid for this operation."))
        }
    }

    private func check(_ validTo: Instant?) throws(Failure) {
        guard let validTo else { return }
        guard validTo > now, validTo <= now + .days(Self.mostDays) else {
            throw Failure(.kmsValidation("ValidTo must be in the future, and at most \(Self.mostDays) days from now."))
        }
    }

    private static func check(_ request: MaterialImport, _ digest: Digest, against key: KeyRecord) throws {
        switch (request.type, key.imported?.digest) {
        case (.new, _?):
            throw Failure(.unsupported("\(key.arn) has had its key material; keys of several materials are not supported here."))
        case (.existing, nil):
            throw Failure(PlaneError(.incorrectKeyMaterialException, "\(key.arn) has had no key material yet."))
        case (_, let before?) where before != digest:
            throw Failure(
                PlaneError(
                    .incorrectKeyMaterialException,
                    "The key material in the request does not match the key material that was previously imported into \(key.arn)."
                ))
        default: break
        }
        if let wanted = request.digest, wanted != digest.hex {
            throw Failure(PlaneError(.incorrectKeyMaterialException, "The key material is not the one that KeyMaterialId names."))
        }
    }

    // MARK: Unwrapping

    private func openMaterial(_ request: MaterialImport, for key: KeyRecord) throws(Failure) -> [UInt8] {
        guard let token = ImportToken(opening: request.token, for: key.arn, master: try region.masterKey()) else {
            throw Failure(PlaneError(.invalidImportTokenException, "The import token is not one of \(key.arn)."))
        }
        guard token.validTo > now else {
            throw Failure(PlaneError(.expiredImportTokenException, "The import token has expired."))
        }
        guard let material = token.unwrap(request.encrypted) else { throw Failure(.invalidCiphertext) }
        guard let taken = Self.taken(material, as: key.spec) else {
            throw Failure(
                PlaneError(
                    .incorrectKeyMaterialException,
                    "The key material is not one of the key spec \(key.spec.rawValue)."))
        }
        return taken
    }

    /// The material as it is kept: bytes of the right number, or a pair of the right kind.
    private static func taken(_ material: [UInt8], as spec: KeySpec) -> [UInt8]? {
        switch spec {
        case .symmetric: return material.count == AES256GCM.keySize ? material : nil
        case .hmac224: return material.count == SHA2.sha224.byteCount ? material : nil
        case .hmac256: return material.count == SHA2.sha256.byteCount ? material : nil
        case .hmac384: return material.count == SHA2.sha384.byteCount ? material : nil
        case .hmac512: return material.count == SHA2.sha512.byteCount ? material : nil
        default:
            guard let kind = EmbeddedRegion.kinds[spec], let pair = AsymmetricKey(privateKeyInfo: material), pair.isPair(of: kind)
            else { return nil }
            return pair.privateKeyInfo
        }
    }
}

extension KeySpec {
    fileprivate init(_ spec: WrappingKeySpec) {
        self =
            switch spec {
            case .rsa2048: .rsa2048
            case .rsa3072: .rsa3072
            case .rsa4096: .rsa4096
            }
    }
}
