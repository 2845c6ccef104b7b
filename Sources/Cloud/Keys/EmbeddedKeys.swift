import Crypto
import Model
import Platform
import Records
import SQLite

// Keys: finding them, asking who may use them, making them, and what they say of themselves. The rules are Model's.
extension EmbeddedActions {
    // MARK: Finding

    func readKeys<T: Sendable>(_ task: @autoclosure () -> String, _ body: (Session) throws -> T) throws(Failure) -> T {
        try settleKeys()
        return try read(task(), body)
    }

    func writeKeys<T: Sendable>(_ task: @autoclosure () -> String, _ body: (Session) throws -> T) throws(Failure) -> T {
        try settleKeys()
        return try write(task(), body)
    }

    /// The key that a text names by id or ARN; `NotFoundException` where there is none.
    func key(_ text: String, _ session: Session) throws -> KeyRecord {
        let reference = try Self.reference(text)
        switch reference {
        case .id, .arn: return try key(reference, session)
        case .alias, .aliasARN: throw Failure(.invalid(keyID: text))
        }
    }

    static func reference(_ text: String) throws(Failure) -> KeyReference {
        do throws(Failure) { return try KeyReference(parsing: text) } catch { throw Failure(.invalid(keyID: text)) }
    }

    func key(_ reference: KeyReference, _ session: Session) throws -> KeyRecord {
        try session.key(reference, askedBy: try account, in: region.name)
    }

    /// The key that a request uses, which may be named by an alias.
    func key(_ selection: KeySelection, _ session: Session) throws -> KeyRecord {
        try check(grantTokens: selection.grantTokens, session)
        return try key(Self.reference(selection.name), session)
    }

    /// Grants count at once, with their tokens and without; but a token that is none is an error.
    func check(grantTokens: [String], _ session: Session) throws {
        for token in grantTokens where try session.grants("token = ?", [token]).isEmpty {
            throw Failure(PlaneError(.invalidGrantTokenException, "The grant token is not valid."))
        }
    }

    // MARK: Asking

    /// Refuses what the caller may not do, and what the key cannot do as it is.
    func ask(
        _ operation: KeyOperation, of key: KeyRecord, context: [String: String] = [:], _ session: Session
    ) throws {
        let request = KeyRequest(operation, by: caller, context: context)
        try session.authorization(of: key).refusal(of: request).check()
    }

    /// As `ask`, for what changes the key, which nobody does to a key of AWS's.
    func ask(toChange key: KeyRecord, by operation: KeyOperation, _ session: Session) throws {
        try ask(operation, of: key, session)
        if key.manager == .aws {
            throw Failure(
                .accessDenied(operation, to: caller.principal, on: key.arn, isForbidden: false))
        }
    }

    // MARK: Making

    func createKey(_ new: KeyCreation) throws(Failure) -> KeyDescription {
        let account = try account
        guard new.spec.usages.contains(new.usage) else {
            throw Failure(
                .kmsValidation("KeyUsage \(new.usage.rawValue) is not compatible with KeySpec \(new.spec.rawValue)"))
        }
        let id = try region.newKeyID(isMultiRegion: new.isMultiRegion)
        let arn = KeyARN(region: region.name, account: account, id: id)
        let policy = try policy(new.policy, of: arn, skippingLockoutCheck: new.skipsLockoutCheck)
        let key = KeyRecord(
            arn: arn, spec: new.spec, usage: new.usage, origin: new.origin, manager: .customer,
            state: new.origin == .external ? .pendingImport : .enabled, description: new.description, created: now,
            deletion: nil, deletionWindow: nil, policy: policy, primary: new.isMultiRegion ? region.name : nil, rotation: nil,
            material: new.origin == .external ? 0 : 1)
        let sealed = new.origin == .external ? nil : try region.sealNewMaterial(of: key, number: 1)
        return try writeKeys("make a key") { session in
            try checkKeyRoom(session)
            try session.enter(key, tags: new.tags)
            if let sealed {
                try session.enterMaterial(sealed, number: 1, of: id, made: now, isOnDemand: false)
            }
            return KeyDescription(key: key, replicas: [])
        }
    }

    /// The policy of a document, which must leave its writer the right to change it, unless he does not want that.
    func policy(_ document: String?, of key: KeyARN, skippingLockoutCheck: Bool) throws(Failure) -> KeyPolicy {
        guard let document else { return .usual(for: key.account) }
        let policy: KeyPolicy
        do throws(PlaneError) { policy = try KeyPolicyReader.read(document) } catch { throw Failure(error) }
        let authorization = KeyAuthorization(key: key, policy: policy)
        if !skippingLockoutCheck, authorization.way(for: KeyRequest(.putKeyPolicy, by: caller)) == nil {
            throw Failure(.lockout)
        }
        return policy
    }

    private func checkKeyRoom(_ session: Session) throws {
        let count = try session.first("SELECT count(*) AS n FROM kms_keys WHERE owner = ? AND manager = 'CUSTOMER'", account) {
            row in
            try row.int("n")
        }
        if (count ?? 0) >= Self.mostKeys {
            throw Failure(PlaneError(.limitExceededException, "An account has at most \(Self.mostKeys) keys in a region."))
        }
    }

    /// KMS's quota.
    private static var mostKeys: Int { 100_000 }

    // MARK: Looking

    func keys() throws(Failure) -> [KeyRecord] {
        let account = try account
        return try readKeys("list the keys of \(region.name)") { try $0.keys("owner = ?", [account], in: region.name) }
    }

    func describeKey(_ selection: KeySelection) throws(Failure) -> KeyDescription {
        if Self.namesEBSKey(selection.name) { _ = try ebsKey() }
        let key = try readKeys("look up a key") { session in
            let found = try self.key(selection, session)
            try ask(.describeKey, of: found, session)
            return found
        }
        return KeyDescription(key: key, replicas: try replicas(of: key))
    }

    func keyPolicy(_ text: String, asking operation: KeyOperation) throws(Failure) -> KeyPolicy {
        try readKeys("look up a key's policy") { session in
            let key = try key(text, session)
            try ask(operation, of: key, session)
            return key.policy
        }
    }

    func tags(ofKey text: String) throws(Failure) -> TagSet {
        try readKeys("look up a key's tags") { session in
            let key = try key(text, session)
            try ask(.listResourceTags, of: key, session)
            return try session.tags(ofKey: key.id)
        }
    }
}

extension Session {
    /// The key that an account means.
    func key(_ reference: KeyReference, askedBy account: AccountID, in region: RegionName) throws -> KeyRecord {
        switch reference {
        case .id(let id): return try key(KeyARN(region: region, account: account, id: id), in: region)
        case .arn(let arn): return try key(arn, in: region)
        case .alias(let name): return try key(name, of: account, in: region)
        case .aliasARN(let place, let owner, let name):
            guard place == region else { throw Failure(Self.elsewhere(place)) }
            return try key(name, of: owner, in: region)
        }
    }

    private func key(_ arn: KeyARN, in region: RegionName) throws -> KeyRecord {
        guard arn.region == region else { throw Failure(Self.elsewhere(arn.region)) }
        guard let key = try key(arn.id, in: region), key.owner == arn.account else { throw Failure(.notFound(key: arn)) }
        return key
    }

    private func key(_ alias: AliasName, of owner: AccountID, in region: RegionName) throws -> KeyRecord {
        guard let id = try aliases("name = ? AND owner = ?", [alias, owner]).first?.key, let key = try key(id, in: region) else {
            throw Failure(.notFound(alias: alias, in: region, of: owner))
        }
        return key
    }

    private static func elsewhere(_ place: RegionName) -> PlaneError {
        PlaneError(.kmsNotFoundException, "Invalid arn \(place)")
    }

    /// All that decides over the use of a key.
    func authorization(of key: KeyRecord) throws -> KeyAuthorization {
        KeyAuthorization(
            key: key.arn, manager: key.manager, state: key.state, policy: key.policy,
            grants: try grants("key = ?", [key.id]))
    }
}
