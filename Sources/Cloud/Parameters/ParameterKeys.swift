import Crypto
import Model
import Platform
import Records
import SQLite

/// SecureStrings under keys of KMS. A standard parameter is encrypted by the key itself, so that KMS's Decrypt opens it with the encryption
/// context `PARAMETER_ARN`. An advanced one may be longer than what KMS encrypts, and is under a data key:
///
///     magic     4 bytes   "IPe1"
///     length    2 bytes   of the data key, big-endian
///     data key            under the key of KMS
///     sealed              nonce, encrypted bytes and tag of AES-256-GCM, bound to the parameter's ARN
struct ParameterKeys {
    let region: EmbeddedRegion
    /// Who owns the parameters.
    let caller: Caller

    private static let magic = Array("IPe1".utf8)
    private typealias Usable = (key: KeyRecord, number: Int, sealed: [UInt8])

    /// `key` is an id, an ARN or an alias.
    func seal(_ text: String, under key: String, _ tier: ParameterTier, for arn: String) throws(Failure) -> [UInt8] {
        let operation: KeyOperation = tier == .standard ? .encrypt : .generateDataKey
        let usable = try usable(for: operation, arn) { session in
            let key = try session.key(
                EmbeddedActions.reference(key), askedBy: caller.principal.account ?? region.account, in: region.name)
            return (key, key.material)
        }
        if tier == .standard { return try seal(Array(text.utf8), under: usable, arn) }
        let dataKey = try region.random(AES256GCM.keySize)
        let sealedKey = try seal(dataKey, under: usable, arn)
        let length = [UInt8(truncatingIfNeeded: sealedKey.count >> 8), UInt8(truncatingIfNeeded: sealedKey.count)]
        return Self.magic + length + sealedKey
            + AES256GCM.seal(
                Array(text.utf8), key: dataKey, nonce: try region.random(AES256GCM.nonceSize), authenticating: Array(arn.utf8))
    }

    private func seal(_ plain: [UInt8], under usable: Usable, _ arn: String) throws(Failure) -> [UInt8] {
        KeyCiphertext.seal(
            plain, under: usable.key.id, number: usable.number,
            material: try region.openMaterial(usable.sealed, of: usable.key.id, number: usable.number),
            context: Self.context(arn), nonce: try region.random(AES256GCM.nonceSize))
    }

    /// Nil where the bytes were changed, or are another parameter's.
    func open(_ bytes: [UInt8], for arn: String) throws(Failure) -> [UInt8]? {
        guard bytes.starts(with: Self.magic) else { return try openWhole(bytes, for: arn) }
        let start = Self.magic.count + 2
        guard bytes.count > start else { return nil }
        let end = start + Int(bytes[start - 2]) << 8 + Int(bytes[start - 1])
        guard bytes.count > end, let dataKey = try openWhole(Array(bytes[start..<end]), for: arn),
            dataKey.count == AES256GCM.keySize
        else { return nil }
        return AES256GCM.open(Array(bytes[end...]), key: dataKey, authenticating: Array(arn.utf8))
    }

    private func openWhole(_ bytes: [UInt8], for arn: String) throws(Failure) -> [UInt8]? {
        guard let ciphertext = KeyCiphertext(bytes) else { return nil }
        let usable = try usable(for: .decrypt, arn) { session in
            guard let key = try session.key(ciphertext.key, in: region.name) else {
                throw Failure(PlaneError(.kmsNotFoundException, "Key '\(ciphertext.key)' does not exist"))
            }
            return (key, ciphertext.material)
        }
        let material = try region.openMaterial(usable.sealed, of: usable.key.id, number: usable.number)
        return ciphertext.open(with: material, context: Self.context(arn))
    }

    /// As Parameter Store documents it.
    private static func context(_ arn: String) -> [String: String] { ["PARAMETER_ARN": arn] }

    /// A key that the owner of the parameters may have Parameter Store use now. What KMS refuses is `InvalidKeyId`, in KMS's words.
    private func usable(
        for operation: KeyOperation, _ arn: String, _ find: (Session) throws -> (KeyRecord, Int)
    ) throws(Failure) -> Usable {
        do throws(Failure) {
            return try region.database.read("use a key of \(region.name)") { session in
                let (key, number) = try find(session)
                let request = KeyRequest(
                    operation, by: caller, context: Self.context(arn), through: "ssm.\(region.name).amazonaws.com")
                try session.authorization(of: key).refusal(of: request).check()
                guard key.spec == .symmetric else {
                    throw Failure(.invalidUsage(key.usage, for: operation.rawValue, on: key.arn))
                }
                guard !key.isExpired(at: Instant(seconds: region.environment.seconds)),
                    let sealed = try session.material(number, of: key.id)
                else { throw Failure(PlaneError(.kmsInvalidStateException, "\(key.arn) is pending import.")) }
                return (key, number, sealed)
            }
        } catch {
            guard let refusal = error.planeError, refusal.code != .accessDeniedException else { throw error }
            throw error.answered(.invalidKeyID, refusal.message)
        }
    }
}
