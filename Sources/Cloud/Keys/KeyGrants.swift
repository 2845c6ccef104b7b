import Crypto
import Model
import Records
import SQLite

// Grants: permissions on a key that are given and taken back one by one.
extension EmbeddedActions {
    func createGrant(_ new: GrantCreation, grantTokens: [String]) throws(Failure) -> KeyGrant {
        let issuer = try account
        let digits = try region.random(2 * Digest.byteCount)
        guard let id = Digest(bytes: digits.prefix(Digest.byteCount)), let token = Digest(bytes: digits.suffix(Digest.byteCount))
        else { throw Failure(.bug, "the id of a grant has the wrong size") }
        return try writeKeys("make a grant") { session in
            let key = try key(KeySelection(try Self.byID(new.key), grantTokens: grantTokens), session)
            let allowed = KeyOperation.grantable(key.usage, key.spec.family)
            guard !new.operations.isEmpty, Set(new.operations).isSubset(of: allowed) else {
                throw Failure(.kmsValidation("Grant operations are not valid for the key \(key.arn)."))
            }
            if !new.constraints.isEmpty, key.spec.family != .symmetric {
                throw Failure(.kmsValidation("Grant constraints on the encryption context need a symmetric encryption key."))
            }
            let grant = KeyGrant(
                id: id.hex, token: token.hex, key: key.id, name: new.name, grantee: new.grantee, retiring: new.retiring,
                operations: new.operations, constraints: new.constraints, issuer: issuer, created: now)
            try check(grant, on: key, session)
            if let same = try known(grant, session) { return same }
            try session.enter(grant)
            return grant
        }
    }

    /// Who may make grants by a grant alone gives no more than he has.
    private func check(_ grant: KeyGrant, on key: KeyRecord, _ session: Session) throws {
        try ask(.createGrant, of: key, session)
        let authorization = try session.authorization(of: key)
        if case .grants(let own)? = authorization.way(for: KeyRequest(.createGrant, by: caller)),
            !own.contains(where: { $0.permits(grant) })
        {
            throw Failure(.accessDenied(.createGrant, to: caller.principal, on: key.arn, isForbidden: false))
        }
        if authorization.grants.count >= Self.mostGrants {
            throw Failure(PlaneError(.limitExceededException, "A key has at most \(Self.mostGrants) grants."))
        }
    }

    /// KMS's quota.
    private static var mostGrants: Int { 50_000 }

    /// A named grant is made once: the same request again gives the same grant.
    private func known(_ new: KeyGrant, _ session: Session) throws -> KeyGrant? {
        guard let name = new.name else { return nil }
        return try session.grants("key = ? AND name = ?", [new.key, name]).first { grant in
            grant.grantee == new.grantee && grant.retiring == new.retiring && grant.operations == new.operations
                && grant.constraints == new.constraints && grant.issuer == new.issuer
        }
    }

    private static func byID(_ text: String) throws(Failure) -> String {
        switch try reference(text) {
        case .id, .arn: return text
        case .alias, .aliasARN: throw Failure(.invalid(keyID: text))
        }
    }

    func grants(ofKey text: String) throws(Failure) -> [KeyGrant] {
        try readKeys("list the grants of a key") { session in
            let key = try key(text, session)
            try ask(.listGrants, of: key, session)
            return try session.grants("key = ?", [key.id])
        }
    }

    func grants(retirableBy principal: String) throws(Failure) -> [KeyGrant] {
        let account = try account
        // Of others one sees what concerns one's own keys.
        let isOwn = GrantPrincipal(principal)?.includes(caller.principal) ?? false
        return try readKeys("list the grants of \(principal)") { session in
            try session.grants(
                "retiring = ? AND (? OR issuer = ? OR key IN (SELECT id FROM kms_keys WHERE owner = ?))",
                [principal, isOwn, account, account])
        }
    }

    func retireGrant(token: String) throws(Failure) {
        try writeKeys("retire a grant") { session in
            guard let grant = try session.grants("token = ?", [token]).first else {
                throw Failure(PlaneError(.invalidGrantTokenException, "The grant token is not valid."))
            }
            try retire(grant, session)
        }
    }

    func retireGrant(_ id: String, ofKey text: String) throws(Failure) {
        try writeKeys("retire a grant") { session in try retire(grant(id, of: key(text, session), session), session) }
    }

    /// By the account that made the key, the retiring principal, or a grantee who was let do that.
    private func retire(_ grant: KeyGrant, _ session: Session) throws {
        let key = try existing(grant.key, session)
        let principal = caller.principal
        let isRetiring = grant.retiring?.includes(principal) ?? false
        let isGrantee = grant.grantee.includes(principal) && grant.operations.contains(.retireGrant)
        if !isRetiring && !isGrantee && !caller.isAccount(key.owner) {
            throw Failure(.accessDenied(.retireGrant, to: principal, on: key.arn, isForbidden: false))
        }
        try session.run("DELETE FROM kms_grants WHERE id = ?", grant.id)
    }

    func revokeGrant(_ id: String, ofKey text: String) throws(Failure) {
        try writeKeys("revoke a grant") { session in
            let key = try key(text, session)
            try ask(.revokeGrant, of: key, session)
            try session.run("DELETE FROM kms_grants WHERE id = ?", try grant(id, of: key, session).id)
        }
    }

    private func grant(_ id: String, of key: KeyRecord, _ session: Session) throws -> KeyGrant {
        guard let grant = try session.grants("id = ? AND key = ?", [id, key.id]).first else {
            throw Failure(PlaneError(.kmsNotFoundException, "Grant ID \(id.prefix(128)) not found"))
        }
        return grant
    }
}
