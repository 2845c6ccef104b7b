import Crypto
import Model
import Platform
import Records
import SQLite

/// The parameters of an embedded region: rows of its catalogue. Of a SecureString the row holds the encrypted value alone. It is
/// bound to region, name and version, so that no row can be put in the place of another; one under a KMS key to the parameter's ARN alone, as
/// Systems Manager binds it.
struct EmbeddedParameters: ParameterStore {
    let region: RegionName
    let owner: AccountID
    /// What the catalogue has in the place of the owner.
    let ownerKey: String
    let database: Database
    let key: KeyFile
    let keys: ParameterKeys
    let environment: Environment

    /// SSM keeps so many versions.
    static let maximumVersions = 100

    // MARK: Writing

    func put(_ new: NewParameter, at time: Instant) throws(Failure) -> ParameterRecord {
        // Where another writer was faster, its version is looked at anew.
        while true {
            if let record = try put(new, over: try newest(new.name), at: time) { return record }
        }
    }

    /// Nil where `before` is not the newest version any more.
    private func put(_ new: NewParameter, over before: ParameterRecord?, at time: Instant) throws(Failure) -> ParameterRecord? {
        if let before { try Self.check(new, over: before) }
        let type = new.type ?? before?.type ?? .string
        let tier = new.tier ?? before?.tier ?? .standard
        try Self.check(new, type, tier)
        let pattern = new.allowedPattern ?? before?.allowedPattern ?? ""
        try Self.check(new.value, matches: pattern)
        let policy = Self.policy(new.policy, before?.policy)
        try Self.check(policy, tier, at: time)
        // It keeps the form of name that it was made with.
        let name = before?.name ?? new.name
        let keyName = new.keyName == ParameterRecord.usualKey ? nil : new.keyName
        let underKey = try keyName.map { (key) throws(Failure) in
            try keys.seal(new.value, under: key, tier, for: name.arn(in: region, of: owner))
        }
        let sealing = type == .secureString && underKey == nil ? try sealing() : nil
        return try database.write("write \(new)") { session in
            try self.dropExpired(name, session)
            let last = try self.newest(name, session)
            guard last?.version == before?.version else { return nil }
            let version = (last?.version ?? 0) + 1
            let stored: ParameterRecord.Stored =
                if let underKey { .sealed(underKey) } else {
                    sealing.map { .sealed($0.seal(new.value, self.context(name, version))) } ?? .plain(new.value)
                }
            let record = ParameterRecord(
                name: name, version: version, type: type, tier: tier, description: new.text ?? last?.description ?? "",
                modified: time, user: new.user, region: region, owner: owner, stored: stored,
                dataType: new.dataType ?? last?.dataType ?? .text, labels: [], keyName: keyName, allowedPattern: pattern,
                policy: policy)
            try self.insert(record, session)
            if last == nil { for tag in new.tags { try self.insert(tag, of: name, session) } }
            try self.dropVersions(of: name, through: version - Self.maximumVersions, session)
            return record
        }
    }

    private static func policy(_ change: ParameterPolicy.Change?, _ before: ParameterPolicy?) -> ParameterPolicy? {
        switch change {
        case .set(let policy): policy
        case .remove: nil
        case nil: before
        }
    }

    func delete(_ name: ParameterName) throws(Failure) {
        try database.write("delete the parameter \(name)") { session in
            let name = try self.stored(name, session).description
            try session.run("DELETE FROM parameter_tags WHERE owner = ? AND name = ?", ownerKey, name)
            try session.run("DELETE FROM parameters WHERE owner = ? AND name = ?", ownerKey, name)
        }
    }

    /// A version that somebody has a name for is not dropped.
    private func dropVersions(of name: ParameterName, through version: Int, _ session: Session) throws {
        let sql = "SELECT 1 AS one FROM parameter_labels WHERE owner = ? AND name = ? AND version <= ? LIMIT 1"
        if try session.first(sql, ownerKey, name.description, version, read: { _ in true }) ?? false {
            throw Failure(
                .exhausted, "the parameter \(name) has \(Self.maximumVersions) versions, and the oldest has a label",
                hint: "move the label to a newer version"
            ).answered(
                .parameterMaxVersionLimitExceeded,
                """
                You attempted to create a new version of \(name) by calling the PutParameter API with the overwrite flag. Version \
                \(version), the oldest version, can't be deleted because it has a label associated with it. Move the label to another \
                version of the parameter, and try again.
                """)
        }
        try session.run(
            "DELETE FROM parameters WHERE owner = ? AND name = ? AND version <= ?", ownerKey, name.description, version)
    }

    func noVersion(_ version: Int, of name: ParameterName) -> Failure {
        Failure(.notFound, "the parameter \(name) has no version \(version) in \(region)")
            .answered(
                .parameterVersionNotFound,
                "Systems Manager could not find version \(version) of \(name). Verify the version and try again.")
    }

    // MARK: Reading

    func parameter(_ reference: ParameterReference) throws(Failure) -> ParameterRecord {
        let name = reference.name
        switch reference.selector {
        case nil:
            guard let record = try newest(name) else { throw missing(name) }
            return record
        case .version(let version):
            if let record = try history(of: name).first(where: { $0.version == version }) { return record }
            throw noVersion(version, of: name)
        case .label(let label):
            if let record = try history(of: name).first(where: { $0.labels.contains(label) }) { return record }
            throw Failure(.notFound, "no version of the parameter \(name) has the label \(label) in \(region)")
                .answered(
                    .parameterVersionNotFound,
                    "Systems Manager could not find the label \(label) of \(name). Verify the label and try again.")
        }
    }

    func parameters(below path: ParameterName?) throws(Failure) -> [ParameterRecord] {
        let all = try database.read("list the parameters of \(region)") { session in
            try rows(
                "version = (SELECT max(version) FROM parameters b WHERE b.owner = a.owner AND b.name = a.name)", [], session)
        }
        guard let path else { return all }
        return all.filter { $0.name.path == path.path || $0.name.path.hasPrefix("\(path.path)/") }
    }

    func history(of name: ParameterName) throws(Failure) -> [ParameterRecord] {
        let versions = try database.read("look up the parameter \(name)") { session in
            try self.versions(of: name, session)
        }
        if versions.isEmpty { throw missing(name) }
        return versions
    }

    func value(of record: ParameterRecord) throws(Failure) -> String {
        switch record.stored {
        case .plain(let text): return text
        case .sealed(let bytes):
            let opened =
                record.keyName == nil
                ? AES256GCM.open(bytes, key: try key.load(), authenticating: context(record.name, record.version))
                : try keys.open(bytes, for: record.arn)
            guard let opened, let text = String(validating: opened, as: UTF8.self) else {
                throw Failure(
                    .corrupt, "the value of the parameter \(record.name) was changed, or is of another key",
                    hint: "restore the region's folder from a copy, or write the parameter anew")
            }
            return text
        }
    }

    private func newest(_ name: ParameterName) throws(Failure) -> ParameterRecord? {
        try database.read("look up the parameter \(name)") { try newest(name, $0) }
    }

    func missing(_ name: ParameterName) -> Failure {
        Failure(.notFound, "there is no parameter \(name) in \(region)", hint: "`ingot parameter list` shows what there is")
    }

    // MARK: Secrets

    private struct Sealing {
        let key: [UInt8]
        let nonce: [UInt8]

        func seal(_ text: String, _ context: [UInt8]) -> [UInt8] {
            AES256GCM.seal(Array(text.utf8), key: key, nonce: nonce, authenticating: context)
        }
    }

    /// The key is durable before the row is that needs it.
    private func sealing() throws(Failure) -> Sealing {
        let hasSecrets = try database.read("look for secure parameters") { session in
            try session.first("SELECT 1 AS one FROM parameters WHERE sealed IS NOT NULL AND key_name IS NULL LIMIT 1") { _ in true
            } ?? false
        }
        let key = try key.loadOrMake(isNeeded: hasSecrets)
        do throws(SystemError) {
            return Sealing(key: key, nonce: try environment.random(AES256GCM.nonceSize))
        } catch { throw Failure(.io, "the system gives no randomness", cause: error) }
    }

    /// What a value is bound to.
    private func context(_ name: ParameterName, _ version: Int) -> [UInt8] {
        let owner = ownerKey.isEmpty ? "" : "\(ownerKey)\n"
        return Array("\(region)\n\(owner)\(name)\n\(version)".utf8)
    }
}
