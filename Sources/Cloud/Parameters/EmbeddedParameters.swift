import Crypto
import Model
import Platform
import Records
import SQLite

/// The parameters of an embedded region: rows of its catalogue. Of a SecureString the row holds the encrypted value alone, bound to
/// region, name and version, so that no row can be put in the place of another.
struct EmbeddedParameters: ParameterStore {
    let region: RegionName
    let owner: AccountID
    /// What the catalogue has in the place of the owner.
    let ownerKey: String
    let database: Database
    let key: KeyFile
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
        let sealing = type == .secureString ? try sealing() : nil
        return try database.write("write \(new)") { session in
            let last = try self.newest(new.name, session)
            guard last?.version == before?.version else { return nil }
            let version = (last?.version ?? 0) + 1
            let record = ParameterRecord(
                name: new.name, version: version, type: type, tier: tier, description: new.text ?? last?.description ?? "",
                modified: time, user: new.user, region: region, owner: owner,
                stored: sealing.map { .sealed($0.seal(new.value, self.context(new.name, version))) } ?? .plain(new.value),
                dataType: new.dataType ?? last?.dataType ?? .text, labels: [])
            try self.insert(record, session)
            if last == nil { for tag in new.tags { try self.insert(tag, of: new.name, session) } }
            try self.dropVersions(of: new.name, through: version - Self.maximumVersions, session)
            return record
        }
    }

    func delete(_ name: ParameterName) throws(Failure) {
        let count = try database.write("delete the parameter \(name)") { session in
            try session.run("DELETE FROM parameter_tags WHERE owner = ? AND name = ?", ownerKey, name.description)
            return try session.run("DELETE FROM parameters WHERE owner = ? AND name = ?", ownerKey, name.description)
        }
        if count == 0 { throw missing(name) }
    }

    /// A version that somebody has a name for is not dropped.
    private func dropVersions(of name: ParameterName, through version: Int, _ session: Session) throws {
        let sql = "SELECT 1 AS one FROM parameter_labels WHERE owner = ? AND name = ? AND version <= ? LIMIT 1"
        if try session.first(sql, ownerKey, name.description, version, read: { _ in true }) ?? false {
            throw Failure(
                .exhausted, "the parameter \(name) has \(Self.maximumVersions) versions, and the oldest has a label",
                hint: "move the label to a newer version"
            ).answered(.parameterMaxVersionLimitExceeded)
        }
        try session.run(
            "DELETE FROM parameters WHERE owner = ? AND name = ? AND version <= ?", ownerKey, name.description, version)
    }

    private static func check(_ new: NewParameter, over before: ParameterRecord) throws(Failure) {
        guard new.overwrites else {
            throw Failure(
                .conflict, "the parameter \(new.name) exists, in version \(before.version)",
                hint: "say that it is to be overwritten: --overwrite")
        }
        guard new.type == nil || new.type == before.type else {
            throw Failure(
                .conflict, "the parameter \(new.name) is a \(before.type.rawValue), and stays one",
                hint: "delete it first, or take another name"
            ).answered(.hierarchyTypeMismatch)
        }
        guard new.tier != .standard || before.tier == .standard else {
            throw Failure(.conflict, "the parameter \(new.name) is Advanced, and stays so", hint: "delete it first")
        }
    }

    private static func check(_ new: NewParameter, _ type: ParameterType, _ tier: ParameterTier) throws(Failure) {
        let size = new.value.utf8.count
        guard size > 0 else { throw Failure(.invalid, "the value of the parameter \(new.name) is empty") }
        guard size <= tier.maximumSize else {
            let hint = tier == .standard && size <= ParameterTier.advanced.maximumSize ? "write it with --tier Advanced" : nil
            throw Failure(
                .invalid,
                "the value of the parameter \(new.name) has \(size) bytes, a parameter of tier \(tier.rawValue) takes "
                    + "\(tier.maximumSize)", hint: hint)
        }
        guard !new.value.contains("{{"), !new.value.utf8.contains(0) else {
            throw Failure(
                .invalid, "the value of the parameter \(new.name) has {{ or a NUL in it: a value cannot refer to others")
        }
        if type == .stringList, new.value.split(separator: ",", omittingEmptySubsequences: false).contains("") {
            throw Failure(.invalid, "the list of the parameter \(new.name) has an empty item", hint: "write it like a,b,c")
        }
    }

    func noVersion(_ version: Int, of name: ParameterName) -> Failure {
        Failure(.notFound, "the parameter \(name) has no version \(version) in \(region)")
            .answered(.parameterVersionNotFound, Self.noVersionInAWSWords)
    }

    private static let noVersionInAWSWords = "Systems Manager could not find version or label. Verify it and try again."

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
                .answered(.parameterVersionNotFound, Self.noVersionInAWSWords)
        }
    }

    func parameters(below path: ParameterName?) throws(Failure) -> [ParameterRecord] {
        let all = try database.read("list the parameters of \(region)") { session in
            try rows(
                "version = (SELECT max(version) FROM parameters b WHERE b.owner = a.owner AND b.name = a.name)", [], session)
        }
        guard let path else { return all }
        return all.filter { $0.name == path || $0.name.description.hasPrefix("\(path)/") }
    }

    func history(of name: ParameterName) throws(Failure) -> [ParameterRecord] {
        let versions = try database.read("look up the parameter \(name)") { session in
            try rows("name = ?", [name.description], session)
        }
        if versions.isEmpty { throw missing(name) }
        return versions
    }

    func value(of record: ParameterRecord) throws(Failure) -> String {
        switch record.stored {
        case .plain(let text): return text
        case .sealed(let bytes):
            let opened = AES256GCM.open(bytes, key: try key.load(), authenticating: context(record.name, record.version))
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
            try session.first("SELECT 1 AS one FROM parameters WHERE sealed IS NOT NULL LIMIT 1") { _ in true } ?? false
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

// MARK: - Rows

extension EmbeddedParameters {
    fileprivate func newest(_ name: ParameterName, _ session: Session) throws -> ParameterRecord? {
        try rows("name = ?", [name.description], session).last
    }

    /// By name and version.
    fileprivate func rows(_ condition: String, _ values: [any Bindable], _ session: Session) throws -> [ParameterRecord] {
        let labels = """
            SELECT group_concat(label) FROM (SELECT label FROM parameter_labels l
                WHERE l.owner = a.owner AND l.name = a.name AND l.version = a.version ORDER BY label)
            """
        let sql = "SELECT *, (\(labels)) AS labels FROM parameters a WHERE owner = ? AND \(condition) ORDER BY name, version"
        return try session.rows(sql, [ownerKey as any Bindable] + values) { row in
            let sealed = try row.bytesIfPresent("sealed")
            return ParameterRecord(
                name: try row.parsed("name"), version: try row.int("version"), type: try row.named("type"),
                tier: try row.named("tier"), description: try row.text("description"), modified: try row.instant("modified"),
                user: try row.text("user"), region: region, owner: owner,
                stored: try sealed.map { .sealed($0) } ?? .plain(row.text("value")), dataType: try row.named("data_type"),
                labels: try (row.textIfPresent("labels") ?? "").split(separator: ",").map {
                    try ParameterLabel(parsing: String($0))
                })
        }
    }

    fileprivate func insert(_ record: ParameterRecord, _ session: Session) throws {
        var plain: String?
        var sealed: [UInt8]?
        switch record.stored {
        case .plain(let text): plain = text
        case .sealed(let bytes): sealed = bytes
        }
        try session.run(
            "INSERT INTO parameters VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", ownerKey, record.name.description, record.version,
            record.type.rawValue, record.tier.rawValue, record.description, plain, sealed, record.modified, record.user,
            record.dataType.rawValue)
    }
}
