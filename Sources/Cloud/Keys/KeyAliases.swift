import Model
import Records
import SQLite

// Aliases. A reserved name is AWS's, and an account has each name once in a region.
extension EmbeddedActions {
    func keyAliases(of text: String?) throws(Failure) -> [KeyAlias] {
        let account = try account
        return try readKeys("list the aliases of \(region.name)") { session in
            guard let text else { return try session.aliases("owner = ?", [account]) }
            return try session.aliases("owner = ? AND key = ?", [account, try key(text, session).id])
        }
    }

    func createAlias(_ text: String, for key: String) throws(Failure) {
        let name = try Self.alias(text)
        let account = try account
        try Self.checkIsNoAlias(key)
        try change(key, by: .createAlias) { key, session in
            guard key.owner == account else { throw Failure(.notFound(key: key.arn)) }
            if try !session.aliases("owner = ? AND name = ?", [account, name]).isEmpty {
                let arn = name.arn(in: region.name, of: account)
                throw Failure(PlaneError(.alreadyExistsException, "An alias with the name \(arn) already exists"))
            }
            try session.run("INSERT INTO kms_aliases VALUES (?, ?, ?, ?, ?)", account, name, key.id, now, now)
        }
    }

    func updateAlias(_ text: String, to key: String) throws(Failure) {
        let name = try Self.alias(text)
        let account = try account
        try Self.checkIsNoAlias(key)
        try change(key, by: .updateAlias) { key, session in
            let before = try alias(name, account, session)
            guard let old = try session.key(before.key, in: region.name), old.usage == key.usage,
                old.spec.family == key.spec.family
            else {
                throw Failure(.kmsValidation("An alias can only move to a key of the same type and the same usage."))
            }
            try session.run(
                "UPDATE kms_aliases SET key = ?, updated = ? WHERE owner = ? AND name = ?", key.id, now, account, name)
        }
    }

    func deleteAlias(_ text: String) throws(Failure) {
        let name = try Self.alias(text)
        let account = try account
        try writeKeys("delete the alias \(name)") { session in
            let alias = try alias(name, account, session)
            if let key = try session.key(alias.key, in: region.name) { try ask(toChange: key, by: .deleteAlias, session) }
            try session.run("DELETE FROM kms_aliases WHERE owner = ? AND name = ?", account, name)
        }
    }

    private func alias(_ name: AliasName, _ account: AccountID, _ session: Session) throws -> KeyAlias {
        guard let alias = try session.aliases("owner = ? AND name = ?", [account, name]).first else {
            throw Failure(.notFound(alias: name, in: region.name, of: account))
        }
        return alias
    }

    private static func checkIsNoAlias(_ key: String) throws(Failure) {
        if case .alias? = try? KeyReference(parsing: key) {
            throw Failure(.kmsValidation("Aliases must refer to keys. Not aliases"))
        }
    }

    private static func alias(_ text: String) throws(Failure) -> AliasName {
        guard text.hasPrefix(AliasName.prefix) else { throw Failure(.kmsValidation("Invalid identifier")) }
        let name: AliasName
        do throws(Failure) { name = try AliasName(parsing: text) } catch {
            if text.contains(":") {
                throw Failure(.kmsValidation("\(text.prefix(300)) contains invalid characters for an alias"))
            }
            throw Failure(
                .kmsValidation(
                    """
                    1 validation error detected: Value '\(text.prefix(300))' at 'aliasName' failed to satisfy constraint: Member \
                    must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$
                    """))
        }
        if name.isReserved {
            throw Failure(PlaneError(.notAuthorizedException, ""))
        }
        return name
    }
}
