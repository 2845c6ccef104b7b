import FoundationEssentials
import Model
import Records
import SQLite

/// The schema of keys: all that KMS knows of them. Their material is encrypted under the master key of the region.
enum KeyCatalogue {
    static let migration = Migration(
        """
        CREATE TABLE kms_keys (
            id TEXT PRIMARY KEY,
            owner TEXT NOT NULL,
            spec TEXT NOT NULL,
            usage TEXT NOT NULL,
            origin TEXT NOT NULL CHECK (origin IN ('AWS_KMS', 'EXTERNAL')),
            manager TEXT NOT NULL CHECK (manager IN ('AWS', 'CUSTOMER')),
            state TEXT NOT NULL,
            description TEXT NOT NULL,
            created INTEGER NOT NULL,
            deletion INTEGER,
            deletion_window INTEGER,
            policy TEXT NOT NULL,
            primary_region TEXT,
            rotation_period INTEGER,
            rotation_next INTEGER,
            CHECK ((rotation_period IS NULL) = (rotation_next IS NULL))
        ) STRICT;
        CREATE INDEX kms_keys_by_owner ON kms_keys (owner);
        CREATE INDEX kms_keys_due ON kms_keys (coalesce(deletion, rotation_next));

        CREATE TABLE kms_materials (
            key TEXT NOT NULL REFERENCES kms_keys (id) ON DELETE CASCADE,
            number INTEGER NOT NULL CHECK (number > 0),
            sealed BLOB NOT NULL,
            made INTEGER NOT NULL,
            on_demand INTEGER NOT NULL,
            PRIMARY KEY (key, number)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE kms_aliases (
            owner TEXT NOT NULL,
            name TEXT NOT NULL,
            key TEXT NOT NULL REFERENCES kms_keys (id) ON DELETE CASCADE,
            created INTEGER NOT NULL,
            updated INTEGER NOT NULL,
            PRIMARY KEY (owner, name)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX kms_aliases_by_key ON kms_aliases (key);

        CREATE TABLE kms_grants (
            id TEXT PRIMARY KEY,
            token TEXT NOT NULL UNIQUE,
            key TEXT NOT NULL REFERENCES kms_keys (id) ON DELETE CASCADE,
            name TEXT,
            grantee TEXT NOT NULL,
            retiring TEXT,
            operations TEXT NOT NULL,
            constraints TEXT NOT NULL,
            issuer TEXT NOT NULL,
            created INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX kms_grants_by_key ON kms_grants (key);

        CREATE TABLE kms_tags (
            key TEXT NOT NULL REFERENCES kms_keys (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (key, name)
        ) STRICT, WITHOUT ROWID;

        ALTER TABLE snapshots ADD COLUMN key TEXT;
        ALTER TABLE volumes ADD COLUMN key TEXT;
        ALTER TABLE ebs_volumes ADD COLUMN key TEXT;
        """)
}

extension KeyID: Bindable {
    package var sqliteValue: Value { .text(description) }
}

extension KeyARN: Bindable {
    package var sqliteValue: Value { .text(description) }
}

extension AliasName: Bindable {
    package var sqliteValue: Value { .text(description) }
}

// Keys and what belongs to them, as rows.
extension Session {
    func keys(_ condition: String, _ values: [any Bindable], in region: RegionName) throws -> [KeyRecord] {
        let material = "(SELECT max(number) FROM kms_materials WHERE key = kms_keys.id) AS material"
        let imported = """
            (SELECT digest FROM kms_imports WHERE key = kms_keys.id) AS import_digest,
            (SELECT valid_to FROM kms_imports WHERE key = kms_keys.id) AS import_valid_to
            """
        return try rows("SELECT *, \(material), \(imported) FROM kms_keys WHERE \(condition) ORDER BY rowid", values) { row in
            try row.key(in: region)
        }
    }

    func key(_ id: KeyID, in region: RegionName) throws -> KeyRecord? { try keys("id = ?", [id], in: region).first }

    func enter(_ key: KeyRecord, tags: TagSet) throws {
        try run(
            "INSERT INTO kms_keys VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", key.id, key.owner, key.spec.rawValue,
            key.usage.rawValue, key.origin.rawValue, key.manager.rawValue, key.state.rawValue, key.description, key.created,
            key.deletion, key.deletionWindow, key.policy.text, key.primary, key.rotation?.period, key.rotation?.next)
        try setTags(tags, ofKey: key.id)
    }

    func setTags(_ tags: TagSet, ofKey id: KeyID) throws {
        try run("DELETE FROM kms_tags WHERE key = ?", id)
        for tag in tags { try run("INSERT INTO kms_tags VALUES (?, ?, ?)", id, tag.key, tag.value) }
    }

    func tags(ofKey id: KeyID) throws -> TagSet {
        try TagSet(
            rows("SELECT name, value FROM kms_tags WHERE key = ?", id) { row in
                try Tag(key: try row.text("name"), value: try row.text("value"))
            })
    }

    // MARK: Material

    func enterMaterial(_ sealed: [UInt8], number: Int, of id: KeyID, made: Instant, isOnDemand: Bool) throws {
        try run("INSERT INTO kms_materials VALUES (?, ?, ?, ?, ?)", id, number, sealed, made, isOnDemand)
    }

    func material(_ number: Int, of id: KeyID) throws -> [UInt8]? {
        try first("SELECT sealed FROM kms_materials WHERE key = ? AND number = ?", id, number) { row in
            try row.bytesIfPresent("sealed") ?? []
        }
    }

    /// All material. The first is no change of another one, and is here too.
    func materials(of id: KeyID) throws -> [KeyRotation] {
        try rows("SELECT number, made, on_demand FROM kms_materials WHERE key = ? ORDER BY number", id) { row in
            KeyRotation(number: try row.int("number"), date: try row.instant("made"), isOnDemand: try row.bool("on_demand"))
        }
    }

    // MARK: Aliases

    func aliases(_ condition: String, _ values: [any Bindable]) throws -> [KeyAlias] {
        try rows("SELECT * FROM kms_aliases WHERE \(condition) ORDER BY name", values) { row in
            KeyAlias(
                name: try row.parsed("name"), key: try row.parsed("key"), created: try row.instant("created"),
                updated: try row.instant("updated"))
        }
    }

    // MARK: Grants

    func grants(_ condition: String, _ values: [any Bindable]) throws -> [KeyGrant] {
        try rows("SELECT * FROM kms_grants WHERE \(condition) ORDER BY rowid", values) { row in try row.grant() }
    }

    func enter(_ grant: KeyGrant) throws {
        let operations = grant.operations.map(\.rawValue).joined(separator: " ")
        try run(
            "INSERT INTO kms_grants VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", grant.id, grant.token, grant.key, grant.name,
            grant.grantee.description, grant.retiring?.description, operations,
            try CanonicalJSON.text(of: grant.constraints), grant.issuer, grant.created)
    }
}

extension Row {
    fileprivate func key(in region: RegionName) throws -> KeyRecord {
        let policy: KeyPolicy
        let document = try text("policy")
        do throws(PlaneError) { policy = try KeyPolicyReader.read(document) } catch {
            throw Failure(.corrupt, "the policy of a key cannot be read", cause: error)
        }
        var rotation: KeyRecord.Rotation?
        if let period = try intIfPresent("rotation_period") {
            rotation = KeyRecord.Rotation(period: period, next: try instant("rotation_next"))
        }
        return KeyRecord(
            arn: KeyARN(region: region, account: try parsed("owner"), id: try parsed("id")), spec: try named("spec"),
            usage: try named("usage"), origin: try named("origin"), manager: try named("manager"), state: try named("state"),
            description: try text("description"), created: try instant("created"), deletion: try instantIfPresent("deletion"),
            deletionWindow: try intIfPresent("deletion_window"), policy: policy, primary: try parsedIfPresent("primary_region"),
            rotation: rotation, material: try intIfPresent("material") ?? 0,
            imported: try digestIfPresent("import_digest").map { digest in
                KeyRecord.Imported(digest: digest, validTo: try instantIfPresent("import_valid_to"))
            })
    }

    fileprivate func grant() throws -> KeyGrant {
        let operations = try text("operations").split(separator: " ").compactMap { KeyOperation(rawValue: String($0)) }
        let constraints = try JSONDecoder().decode(KeyGrant.Constraints.self, from: Data(try text("constraints").utf8))
        guard let grantee = GrantPrincipal(try text("grantee")) else {
            throw Failure(.corrupt, "a record's grantee cannot be read", hint: "restore the database from a copy")
        }
        return KeyGrant(
            id: try text("id"), token: try text("token"), key: try parsed("key"), name: try textIfPresent("name"),
            grantee: grantee, retiring: try textIfPresent("retiring").flatMap { GrantPrincipal($0) }, operations: operations,
            constraints: constraints, issuer: try parsed("issuer"), created: try instant("created"))
    }
}
