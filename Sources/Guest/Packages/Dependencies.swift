import Model

/// Relations between packages, as the fields Depends, Conflicts, Replaces and so on have them (Debian policy 7.1).
enum Dependencies {
    /// `name [:arch] [(operator version)]`
    struct Relation: Hashable {
        let name: String
        let comparison: String?
        let version: String?

        /// Whether an entry of this very name fits. A version that cannot be read fits nothing.
        func isMet(by entry: PackageEntry) -> Bool {
            guard entry.name == name else { return false }
            return isMet(byVersion: entry.version)
        }

        func isMet(byVersion text: String) -> Bool {
            guard let comparison, let version else { return true }
            guard let have = try? PackageVersion(parsing: text), let want = try? PackageVersion(parsing: version) else {
                return false
            }
            switch comparison {
            case "<<": return have < want
            case "<=", "<": return have <= want
            case "=": return have == want
            case ">=", ">": return have >= want
            case ">>": return have > want
            default: return false
            }
        }
    }

    /// A field's value: all of the list, each with its alternatives.
    static func parse(_ field: String?) throws(Failure) -> [[Relation]] {
        var relations: [[Relation]] = []
        for clause in (field ?? "").split(separator: ",") where !trimmed(clause).isEmpty {
            var alternatives: [Relation] = []
            for text in clause.split(separator: "|", omittingEmptySubsequences: false) { alternatives.append(try relation(text)) }
            relations.append(alternatives)
        }
        return relations
    }

    private static func relation(_ text: Substring) throws(Failure) -> Relation {
        let name = trimmed(text.prefix { $0 != "(" && $0 != "[" })
        let plain = String(name.prefix { $0 != ":" })
        guard PackageDatabase.isPackageName(plain) else {
            throw Failure(.invalid, "'\(text.prefix(100))' is no relation to a package")
        }
        guard let open = text.firstIndex(of: "("), let close = text.firstIndex(of: ")"), open < close else {
            return Relation(name: plain, comparison: nil, version: nil)
        }
        let inner = trimmed(text[text.index(after: open)..<close])
        let comparison = inner.prefix { "<>=".contains($0) }
        return Relation(name: plain, comparison: String(comparison), version: trimmed(inner[comparison.endIndex...]))
    }

    /// Refuses a package whose dependencies are not in the image, or that does not go together with what is.
    static func verify(_ archive: PackageArchive, in database: PackageDatabase) throws(Failure) {
        let stanza = archive.entry.stanza
        for field in ["Pre-Depends", "Depends"] {
            for alternatives in try parse(stanza[field]) {
                var isMet = false
                for relation in alternatives where !isMet { isMet = try Self.isMet(relation, in: database) }
                if isMet { continue }
                let wanted = alternatives.map(shown).joined(separator: " or ")
                throw Failure(
                    .conflict, "\(archive.file) needs \(wanted), which is not in the image",
                    hint: "name the archive of that package in the same stage")
            }
        }
        for field in ["Conflicts", "Breaks"] {
            for relation in try parse(stanza[field]).joined() where relation.name != archive.entry.name {
                if let other = database.packages.first(where: { $0.status.isOnDisk && relation.isMet(by: $0) }) {
                    throw Failure(
                        .conflict,
                        "\(archive.file) does not go together with \(other.name) \(other.version): \(field) \(shown(relation))")
                }
            }
        }
    }

    private static func isMet(_ relation: Relation, in database: PackageDatabase) throws(Failure) -> Bool {
        for entry in database.packages where entry.status.isOnDisk {
            if relation.isMet(by: entry) { return true }
            guard let provides = entry.stanza["Provides"], provides.contains(relation.name) else { continue }
            for provided in try parse(provides).joined() where provided.name == relation.name {
                // A relation with a version is met by a provided version only.
                if relation.comparison == nil { return true }
                if let version = provided.version, relation.isMet(byVersion: version) { return true }
            }
        }
        return false
    }

    private static func shown(_ relation: Relation) -> String {
        guard let comparison = relation.comparison, let version = relation.version else { return relation.name }
        return "\(relation.name) (\(comparison) \(version))"
    }
}
