import ImageStore
import Model
import Platform
import Records
import SQLite

/// What decides under which key something new of EBS goes.
struct EncryptionWish: Hashable, Sendable {
    var isEncrypted: Bool
    /// An id, an alias or an ARN.
    var key: String?
    var isCopy: Bool

    init(isEncrypted: Bool, key: String?, isCopy: Bool = false) {
        self.isEncrypted = isEncrypted
        self.key = key
        self.isCopy = isCopy
    }
}

/// Where something new goes: under no key, under one, or nowhere.
enum EncryptionPlace: Hashable, Sendable {
    case open
    case key(KeyARN)
    /// AWS takes the request, and what it makes fails.
    case failing(StateReason)

    var key: KeyARN? { if case .key(let key) = self { key } else { nil } }

    var failure: StateReason? { if case .failing(let reason) = self { reason } else { nil } }
}

// Keys as EC2 uses them for an account.
extension EmbeddedActions {
    /// What decides over a snapshot, with what the caller may do with its key in the region of the snapshot.
    func access(to snapshot: SnapshotRecord, _ session: Session, in region: EmbeddedRegion? = nil) throws -> SnapshotAccess {
        guard snapshot.isEncrypted else { return snapshot.access(.none) }
        return snapshot.access(.key(try access(toKey: snapshot.key, session, in: region ?? self.region)))
    }

    private func access(toKey arn: KeyARN?, _ session: Session, in region: EmbeddedRegion) throws -> KeyAccess {
        guard let arn, var key = try session.key(arn.id, in: region.name), key.owner == arn.account else { return .destroyed }
        // Its material is gone, whether or not somebody has looked since.
        if key.state == .enabled, key.isExpired(at: now) { key.state = .pendingImport }
        return try session.authorization(of: key).access(ofEC2For: caller, in: region.name)
    }

    /// Where something new goes that is made of a snapshot, or of nothing. `source` is the region of the snapshot.
    func place(
        _ wish: EncryptionWish, of snapshot: SnapshotRecord? = nil, from source: RegionName? = nil
    ) throws(Failure) -> EncryptionPlace {
        var origin: VolumeEncryption.Source?
        if let snapshot, snapshot.isEncrypted {
            origin = caller.isAccount(snapshot.owner) && (source ?? region.name) == region.name ? .own : .foreign
        }
        let rule = VolumeEncryption(
            isAsked: wish.isEncrypted, namesKey: wish.key != nil, source: origin, isByDefault: try isEncryptedByDefault(),
            isCopy: wish.isCopy)
        let target: VolumeEncryption.Target
        do throws(PlaneError) { target = try rule.target() } catch { throw Failure(error) }
        switch target {
        case .none: return .open
        case .sameKey: return try usable(snapshot?.key.map { .arn($0) })
        case .namedKey: return try usable(wish.key.flatMap { try? KeyReference(parsing: $0) })
        case .defaultKey: return try usable(try defaultKey())
        }
    }

    /// The key, if EC2 may use it for the caller.
    private func usable(_ reference: KeyReference?) throws(Failure) -> EncryptionPlace {
        guard let reference else { return .failing(.inaccessibleKey) }
        if Self.namesEBSKey(reference.description) { _ = try ebsKey() }
        try settleKeys()
        return try region.database.read("look up a key") { session in
            guard let key = try? key(reference, session), key.spec == .symmetric else { return .failing(.inaccessibleKey) }
            let access = try session.authorization(of: key).access(ofEC2For: caller, in: region.name)
            if !access.opensSnapshots { return .failing(.inaccessibleKey) }
            return access.isUsable ? .key(key.arn) : .failing(.unusableKey)
        }
    }

    // MARK: The account's settings

    func isEncryptedByDefault() throws(Failure) -> Bool {
        guard let account = caller.principal.account else { return false }
        return try region.isEncryptedByDefault(account)
    }

    func encryptByDefault(_ isOn: Bool) throws(Failure) {
        try write("change the settings of \(region.name)") { session in
            try session.set(.encryption, to: isOn ? "enabled" : "disabled", of: account)
        }
    }

    /// As it was chosen, or AWS's.
    private func defaultKey() throws(Failure) -> KeyReference {
        if let chosen = try region.chosenDefaultKey(of: try account) { return .arn(chosen) }
        return .arn(try ebsKey().arn)
    }

    func defaultEncryptionKey() throws(Failure) -> String {
        if let chosen = try region.chosenDefaultKey(of: try account) { return chosen.description }
        return AliasName.ebs.description
    }

    func setDefaultEncryptionKey(_ text: String?) throws(Failure) -> String {
        let account = try account
        guard let text else {
            try write("change the settings of \(region.name)") { session in try session.remove(.encryptionKey, of: account) }
            return try ebsKey().arn.description
        }
        if Self.namesEBSKey(text) { _ = try ebsKey() }
        return try writeKeys("change the settings of \(region.name)") { session in
            let key: KeyRecord
            do { key = try self.key(KeySelection(text), session) } catch {
                throw Failure(PlaneError(.invalidParameterValue, "The KMS key '\(text.prefix(200))' does not exist."))
            }
            guard key.spec == .symmetric else {
                throw Failure(PlaneError(.invalidParameterValue, "EBS encrypts under symmetric keys alone."))
            }
            try session.set(.encryptionKey, to: key.arn.description, of: account)
            return key.arn.description
        }
    }
}

// The same for pipelines, which act for the region's account.
extension EmbeddedRegion {
    func isEncryptedByDefault(_ account: AccountID) throws(Failure) -> Bool {
        try database.read("look up the settings of \(name)") { try $0.setting(.encryption, of: account) == "enabled" }
    }

    func chosenDefaultKey(of account: AccountID) throws(Failure) -> KeyARN? {
        try database.read("look up the settings of \(name)") { session in
            try session.setting(.encryptionKey, of: account).map { try KeyARN(parsing: $0) }
        }
    }

    package func volumeKey(isEncrypted: Bool, key text: String?) throws(Failure) -> KeyARN? {
        if !isEncrypted, text == nil, try !isEncryptedByDefault(account) { return nil }
        let reference: KeyReference
        if let text, !EmbeddedActions.namesEBSKey(text) {
            reference = try KeyReference(parsing: text)
        } else if text == nil, let chosen = try chosenDefaultKey(of: account) {
            reference = .arn(chosen)
        } else {
            reference = .arn(try ebsKey(of: account).arn)
        }
        return try database.read("look up a key") { session in
            let key = try session.key(reference, askedBy: account, in: name)
            guard key.spec == .symmetric else {
                throw Failure(
                    .invalid, "the key \(key.arn) is \(key.spec.rawValue), and volumes are encrypted under symmetric ones")
            }
            let access = try session.authorization(of: key).access(ofEC2For: actor, in: name)
            guard access.opensSnapshots else { throw notAllowed(key.arn) }
            guard access.isUsable else {
                throw Failure(.denied, "the key \(key.arn) is \(key.state.rawValue)", hint: "enable it, or name another one")
            }
            guard !key.isExpired(at: Instant(seconds: environment.seconds)) else {
                throw Failure(
                    .denied, "the material of the key \(key.arn) has expired", hint: "import it anew, or name another key")
            }
            return key.arn
        }
    }

    package func contents(of image: ImageRecord) throws(Failure) -> ObjectStore {
        guard let arn = image.key else { return try store }
        let store = try store(under: arn)
        let isAllowed = try database.read("look up the key \(arn)") { session in
            guard let key = try session.key(arn.id, in: name) else { return false }
            return try session.authorization(of: key).way(for: .ofEC2(.decrypt, for: actor, in: name)) != nil
        }
        guard isAllowed else { throw notAllowed(arn) }
        return store
    }

    private func notAllowed(_ key: KeyARN) -> Failure {
        Failure(
            .denied, "the account \(account) may not have EC2 use the key \(key)",
            hint: "its policy, or a grant, must allow it what the documentation of encrypted images lists")
    }
}
