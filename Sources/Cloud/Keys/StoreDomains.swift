import Crypto
import ImageStore
import Model
import Platform
import Records
import SQLite
import Synchronization
import Text

// Encryption domains: what is encrypted under a key lies in a store of its own.
//
//     store/key-<id>/domain.key    "ingot domain key 1\n", and in base64 the data key, encrypted under the key of KMS
//     store/key-<id>/packs/…       as in any store, every object sealed under the data key
extension EmbeddedRegion {
    static let domainPrefix = "key-"
    private static let domainMagic = "ingot domain key 1\n"

    /// The store of what is under a key, or of what is under none. A key that cannot be used now opens nothing: `Failure(.denied)`.
    package func store(under key: KeyARN?) throws(Failure) -> ObjectStore {
        guard let key else { return try store }
        // Asked each time: whoever disables a key means what is open too.
        let record = try database.read("look up the key \(key)") { try $0.key(key.id, in: name) }
        guard let record, record.owner == key.account else {
            throw Self.unusable(key, "was deleted, and what is under it with it", nil)
        }
        switch record.state {
        // Its material is gone, whether or not somebody has looked since.
        case .enabled where record.isExpired(at: Instant(seconds: environment.seconds)), .pendingImport:
            throw Self.unusable(key, "has no material", nil)
        case .enabled: break
        case .disabled: throw Self.unusable(key, "is disabled", "enable it: ingot kms-key enable \(key.id) --region \(name)")
        case .pendingDeletion, .pendingReplicaDeletion:
            throw Self.unusable(
                key, "is waiting for its deletion",
                "bring it back: ingot kms-key cancel-deletion \(key.id) --region \(name), then enable it")
        }
        return try openDomains.withLock { (open) throws(Failure) in
            if let store = open[key.id] { return store }
            let seal = ObjectSeal(dataKey: try dataKey(under: record), environment: environment)
            let store = try ObjectStore(domainFolder(key.id), environment: environment, seal: seal)
            open[key.id] = store
            return store
        }
    }

    private static func unusable(_ key: KeyARN, _ reason: String, _ hint: String?) -> Failure {
        Failure(.denied, "the key \(key) \(reason), so that nothing under it can be read or written", hint: hint)
    }

    private func domainFolder(_ key: KeyID) -> String { "\(storesFolder)/\(Self.domainPrefix)\(key)" }

    // MARK: The data key

    /// The domain's data key, which is durable before anything is encrypted under it.
    private func dataKey(under key: KeyRecord) throws(Failure) -> [UInt8] {
        if let known = try existingDataKey(under: key) { return known }
        let hasContent = !Files.names(in: domainFolder(key.id) + "/packs").isEmpty
        guard !hasContent else { throw Self.damaged(key, "is missing") }
        try makeDataKey(under: key)
        guard let made = try existingDataKey(under: key) else { throw Self.damaged(key, "is missing") }
        return made
    }

    private func existingDataKey(under key: KeyRecord) throws(Failure) -> [UInt8]? {
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try Files.read(domainFolder(key.id) + "/domain.key", limit: 16384) } catch {
            if error.isNotFound { return nil }
            throw Failure(.io, "the data key of the store under \(key.arn) cannot be read", cause: error)
        }
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.hasPrefix(Self.domainMagic), text.hasSuffix("\n"),
            let sealed = Base64.decodeStrictly(String(text.dropFirst(Self.domainMagic.count).dropLast())),
            let ciphertext = KeyCiphertext(sealed), ciphertext.key == key.id
        else { throw Self.damaged(key, "is damaged") }
        let stored = try database.read("look up the key \(key.id)") { try $0.material(ciphertext.material, of: key.id) }
        guard let stored, let material = try? openMaterial(stored, of: key.id, number: ciphertext.material),
            let plain = ciphertext.open(with: material, context: domainContext), plain.count == ObjectSeal.keySize
        else { throw Self.damaged(key, "is damaged") }
        return plain
    }

    /// Two that do this at once both use the key of the first: a name that exists is not written over.
    private func makeDataKey(under key: KeyRecord) throws(Failure) {
        let stored = try database.read("look up the key \(key.id)") { try $0.material(key.material, of: key.id) }
        guard let stored else { throw Self.damaged(key, "cannot be made: the key has no material") }
        let material = try openMaterial(stored, of: key.id, number: key.material)
        let sealed = KeyCiphertext.seal(
            try random(ObjectSeal.keySize), under: key.id, number: key.material, material: material, context: domainContext,
            nonce: try random(AES256GCM.nonceSize))
        let file = domainFolder(key.id) + "/domain.key"
        do throws(SystemError) {
            let text = "\(Self.domainMagic)\(Base64.text(sealed))\n"
            _ = try SecretFile.make(file, Array(text.utf8), token: try environment.token())
            try environment.failpoint("domains.keyed")
        } catch {
            throw Failure(
                error.isNoSpace ? .exhausted : .io, "cannot make the data key of the store under \(key.arn)", cause: error)
        }
    }

    private var domainContext: [String: String] { ["ingot:region": name.description] }

    private static func damaged(_ key: KeyRecord, _ what: String) -> Failure {
        Failure(.corrupt, "the data key of the store under \(key.arn) \(what)", hint: "restore the region's folder from a copy")
    }

    // MARK: Maintenance

    /// The keys that have a store here, whether they can be used or not.
    package func encryptedStores() throws(Failure) -> [KeyID] {
        Files.names(in: storesFolder).filter { $0.hasPrefix(Self.domainPrefix) }.sorted().compactMap {
            try? KeyID(parsing: String($0.dropFirst(Self.domainPrefix.count)))
        }
    }

    /// The store of a key for maintenance. Where nothing in it is needed it opens without the key too, so that it can be emptied.
    package func encryptedStore(_ id: KeyID, isNeeded: Bool) throws(Failure) -> ObjectStore {
        let key = try database.read("look up the key \(id)") { try $0.key(id, in: name) }
        do throws(Failure) {
            guard let key else {
                throw Failure(.denied, "the key \(id) was deleted, and what is under it with it")
            }
            return try store(under: key.arn)
        } catch {
            guard !isNeeded, error.code == .denied else { throw error }
            return try ObjectStore(domainFolder(id), environment: environment)
        }
    }
}
