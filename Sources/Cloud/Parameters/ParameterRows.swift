import Model
import Platform
import Records
import SQLite

// The rows of parameters. What has expired is not there.
extension EmbeddedParameters {
    /// Of a name of one word both forms are looked for.
    func newest(_ name: ParameterName, _ session: Session) throws -> ParameterRecord? { try versions(of: name, session).last }

    /// Oldest first.
    func versions(of name: ParameterName, _ session: Session) throws -> [ParameterRecord] {
        let forms = name.forms
        return try rows("name IN (?, ?)", [forms[0], forms[forms.count - 1]], session)
    }

    /// The name as the parameter was made with it; the failure of a missing one where there is none.
    func stored(_ name: ParameterName, _ session: Session) throws -> ParameterName {
        let forms = name.forms
        // Of several the one that `newest` gives.
        let sql = """
            SELECT name FROM parameters WHERE owner = ? AND name IN (?, ?) AND (expires IS NULL OR expires > ?)
                ORDER BY name DESC LIMIT 1
            """
        let found: ParameterName? = try session.first(sql, ownerKey, forms[0], forms[forms.count - 1], environment.seconds) {
            row in try row.parsed("name")
        }
        guard let found else { throw missing(name) }
        return found
    }

    /// By name and version.
    func rows(_ condition: String, _ values: [any Bindable], _ session: Session) throws -> [ParameterRecord] {
        let labels = """
            SELECT group_concat(label) FROM (SELECT label FROM parameter_labels l
                WHERE l.owner = a.owner AND l.name = a.name AND l.version = a.version ORDER BY label)
            """
        let sql = """
            SELECT *, (\(labels)) AS labels FROM parameters a
                WHERE owner = ? AND (expires IS NULL OR expires > ?) AND \(condition) ORDER BY name, version
            """
        return try session.rows(sql, [ownerKey, environment.seconds] + values) { row in
            let sealed = try row.bytesIfPresent("sealed")
            return ParameterRecord(
                name: try row.parsed("name"), version: try row.int("version"), type: try row.named("type"),
                tier: try row.named("tier"), description: try row.text("description"), modified: try row.instant("modified"),
                user: try row.text("user"), region: region, owner: owner,
                stored: try sealed.map { .sealed($0) } ?? .plain(row.text("value")), dataType: try row.named("data_type"),
                labels: try (row.textIfPresent("labels") ?? "").split(separator: ",").map {
                    try ParameterLabel(parsing: String($0))
                }, keyName: try row.textIfPresent("key_name"), allowedPattern: try row.text("allowed_pattern"),
                policy: try row.textIfPresent("policy").map { try ParameterPolicy(stored: $0) })
        }
    }

    func insert(_ record: ParameterRecord, _ session: Session) throws {
        var plain: String?
        var sealed: [UInt8]?
        switch record.stored {
        case .plain(let text): plain = text
        case .sealed(let bytes): sealed = bytes
        }
        try session.run(
            "INSERT INTO parameters VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)", ownerKey, record.name.description,
            record.version, record.type.rawValue, record.tier.rawValue, record.description, plain, sealed, record.modified,
            record.user, record.dataType.rawValue, record.keyName, record.allowedPattern, record.policy?.text)
        try session.run(
            "UPDATE parameters SET expires = ? WHERE owner = ? AND name = ?", record.policy?.expiration, ownerKey,
            record.name.description)
    }

    /// Makes room for a new parameter in the place of one that has expired.
    func dropExpired(_ name: ParameterName, _ session: Session) throws {
        for form in name.forms {
            let count = try session.run(
                "DELETE FROM parameters WHERE owner = ? AND name = ? AND expires <= ?", ownerKey, form, environment.seconds)
            if count > 0 { try session.run("DELETE FROM parameter_tags WHERE owner = ? AND name = ?", ownerKey, form) }
        }
    }
}
