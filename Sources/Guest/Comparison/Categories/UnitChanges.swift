import ImageStore
import Model

/// systemd's units: which are there, which start at boot, which cannot start; and what the image boots into.
struct UnitChanges: SemanticCategory {
    static let name = "units"
    static let title = "Services"

    func inputs(_ trees: ComparedTrees) throws(Failure) -> [TreePath] { UnitFolders.all + UnitFolders.presets }

    func compare(_ trees: ComparedTrees, _ sources: [TreeDiff.Change]) throws(Failure) -> [SemanticChange] {
        let (old, new) = try trees.both { (view) throws(Failure) in try UnitCatalogue(view) }
        let names = Set(old.names).union(new.names)
        let edited = Edited(sources)
        var changes: [SemanticChange] = []
        for name in names.sorted() {
            let (before, after) = (try Self.state(name, old), try Self.state(name, new))
            if before != after {
                changes.append(change(name.text, before, after, note: Self.note(after), matters: Self.matters(before, after)))
            } else if after != nil, edited.contains(name, old) || edited.contains(name, new) {
                changes += try settings(name, old, new)
            }
        }
        if old.defaultTarget != new.defaultTarget {
            changes.append(
                change("default.target", old.defaultTarget?.text, new.defaultTarget?.text, note: "what boots", matters: true))
        }
        return changes
    }

    private static func state(_ name: UnitName, _ units: UnitCatalogue) throws(Failure) -> String? {
        guard units.has(name) else { return nil }
        return try units.state(of: name).rawValue
    }

    private static func note(_ after: String?) -> String { after == "enabled" ? "starts at boot" : "" }

    /// What starts or no longer starts.
    private static func matters(_ before: String?, _ after: String?) -> Bool {
        ["enabled", "masked"].contains { before == $0 || after == $0 }
    }

    /// Files that changed, to be asked of many units.
    private struct Edited {
        private let paths: Set<TreePath>
        private let folders: Set<String>

        init(_ sources: [TreeDiff.Change]) {
            paths = Set(sources.map(\.path))
            folders = Set(sources.compactMap { $0.path.parent.last?.description })
        }

        /// Whether the unit's file or one of its drop-ins is among them.
        func contains(_ name: UnitName, _ units: UnitCatalogue) -> Bool {
            units.path(of: name).map(paths.contains) ?? false || folders.contains(name.text + ".d")
        }
    }

    /// Settings that differ, one line for each.
    private func settings(_ name: UnitName, _ old: UnitCatalogue, _ new: UnitCatalogue) throws(Failure) -> [SemanticChange] {
        let (before, after) = (Self.values(try old.settings(of: name)), Self.values(try new.settings(of: name)))
        let known = compare(before, after) { key, _, _ in Self.guarding.contains { key.hasPrefix($0) } }
        return known.map { found in
            SemanticChange(
                Self.name, "\(name) \(found.subject)", before: found.before, after: found.after,
                isSecurityRelevant: found.isSecurityRelevant)
        }
    }

    /// Settings that say what is run as whom, or fence it in.
    private static let guarding = [
        "Exec", "User", "Group", "DynamicUser", "Protect", "Private", "NoNewPrivileges", "Capability", "Ambient", "SystemCall",
        "Restrict", "ReadWrite", "ReadOnly", "Inaccessible", "Environment", "LoadCredential", "RootDirectory", "Listen",
    ]

    private static func values(_ unit: UnitFile) -> [String: String] {
        Dictionary(grouping: unit.settings, by: \.key).mapValues { settings in
            settings.map(\.value).joined(separator: "; ")
        }.filter { $0.key != "Description" && $0.key != "Documentation" }
    }
}
