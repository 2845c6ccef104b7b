import Model
import Records
import SQLite

// Labels and tags of parameters.
extension EmbeddedParameters {
    func label(_ name: ParameterName, version: Int?, _ labels: [ParameterLabel]) throws(Failure) -> ParameterRecord {
        let found = try record(name, version: version)
        let (name, number) = (found.name, found.version)
        try database.write("label the parameter \(name)") { session in
            for label in labels {
                try session.run(
                    "INSERT OR REPLACE INTO parameter_labels VALUES (?, ?, ?, ?)", ownerKey, name.description, label.description,
                    number)
            }
            let sql = "SELECT count(*) AS n FROM parameter_labels WHERE owner = ? AND name = ? AND version = ?"
            guard
                try session.first(sql, ownerKey, name.description, number, read: { row in try row.int("n") }) ?? 0
                    <= ParameterLabel.most
            else {
                throw Failure(
                    .exhausted, "a version of a parameter has at most \(ParameterLabel.most) labels",
                    hint: "take one off first, or move it to another version"
                ).answered(
                    .parameterVersionLabelLimitExceeded,
                    "A parameter version can have maximum 10 labels. Move one or more labels to another version and try again.")
            }
        }
        return try record(name, version: number)
    }

    func unlabel(_ name: ParameterName, version: Int, _ labels: [ParameterLabel]) throws(Failure) -> [ParameterLabel] {
        let found = try record(name, version: version)
        let name = found.name
        let taken = labels.filter(found.labels.contains)
        try database.write("take labels off the parameter \(name)") { session in
            for label in taken {
                try session.run(
                    "DELETE FROM parameter_labels WHERE owner = ? AND name = ? AND label = ? AND version = ?", ownerKey,
                    name.description, label.description, version)
            }
        }
        return taken
    }

    private func record(_ name: ParameterName, version: Int?) throws(Failure) -> ParameterRecord {
        let versions = try history(of: name)
        guard let record = version == nil ? versions.last : versions.first(where: { $0.version == version }) else {
            throw noVersion(version ?? 0, of: name)
        }
        return record
    }

    func tags(of name: ParameterName) throws(Failure) -> TagSet {
        try database.read("look up the tags of the parameter \(name)") { try tags(of: name, $0) }
    }

    private func tags(of name: ParameterName, _ session: Session) throws -> TagSet {
        let name = try stored(name, session)
        return try TagSet(
            try session.rows(
                "SELECT key, value FROM parameter_tags WHERE owner = ? AND name = ?", [ownerKey, name.description]
            ) { try Tag(key: $0.text("key"), value: $0.text("value")) })
    }

    func tag(_ name: ParameterName, with tags: TagSet) throws(Failure) {
        try database.write("tag the parameter \(name)") { session in
            // More than fifty are refused here.
            _ = try self.tags(of: name, session).merging(tags)
            let name = try self.stored(name, session)
            for tag in tags { try self.insert(tag, of: name, session) }
        }
    }

    func untag(_ name: ParameterName, keys: [String]) throws(Failure) {
        try database.write("untag the parameter \(name)") { session in
            let name = try self.stored(name, session)
            for key in keys {
                try session.run(
                    "DELETE FROM parameter_tags WHERE owner = ? AND name = ? AND key = ?", ownerKey, name.description, key)
            }
        }
    }

    func insert(_ tag: Tag, of name: ParameterName, _ session: Session) throws {
        try session.run(
            "INSERT OR REPLACE INTO parameter_tags VALUES (?, ?, ?, ?)", ownerKey, name.description, tag.key, tag.value)
    }
}
