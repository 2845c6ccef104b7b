import CommandLineKit
import Guest
import ImageStore
import Model
import Text

/// How many changes of each kind there are.
struct DiffSummary: Encodable {
    var added = 0
    var removed = 0
    var modified = 0
    var metadata = 0
    /// By how many bytes the files grew.
    var bytes: Int64 = 0

    init(_ changes: some Sequence<TreeDiff.Change>) {
        for change in changes {
            switch change.kind {
            case .added: added += 1
            case .removed: removed += 1
            case .modified: modified += 1
            case .metadata: metadata += 1
            }
            bytes += Int64(clamping: change.after?.content?.size ?? 0) - Int64(clamping: change.before?.content?.size ?? 0)
        }
    }

    var text: String { "\(added) added, \(removed) removed, \(modified) modified, \(metadata) metadata only; \(growth)" }

    /// `+1.2 kB`
    var growth: String { (bytes < 0 ? "-" : "+") + Amount.bytes(bytes.magnitude) }
}

/// Differences for people.
enum DiffText {
    static func list(_ changes: [TreeDiff.Change]) -> String {
        if changes.isEmpty { return "no differences\n" }
        var text = ""
        for change in changes {
            text += letter(change.kind)
            text += "\t"
            text += change.path.escaped
            if change.kind == .metadata, let before = change.before, let after = change.after {
                text += "\t" + metadata(before.metadata, after.metadata)
            }
            text += "\n"
        }
        return text + DiffSummary(changes).text + "\n"
    }

    private static func letter(_ kind: TreeDiff.Change.Kind) -> String {
        switch kind {
        case .added: "A"
        case .removed: "D"
        case .modified: "M"
        case .metadata: "m"
        }
    }

    private static func metadata(_ old: Metadata, _ new: Metadata) -> String {
        var facts: [String] = []
        if old.mode != new.mode { facts.append("mode \(NodeText.octal(old.mode)) -> \(NodeText.octal(new.mode))") }
        if (old.uid, old.gid) != (new.uid, new.gid) {
            facts.append("owner \(old.uid):\(old.gid) -> \(new.uid):\(new.gid)")
        }
        if old.modified != new.modified {
            facts.append("time \(NodeText.time(old.modified)) -> \(NodeText.time(new.modified))")
        }
        // Almost always the same, and sets cost more than all the rest of a line.
        if old.attributes == new.attributes { return facts.joined(separator: ", ") }
        let names = Set(old.attributes).symmetricDifference(new.attributes).map { String(decoding: $0.name, as: UTF8.self) }
        facts.append("attributes \(Set(names).sorted().joined(separator: ", "))")
        return facts.joined(separator: ", ")
    }

    /// One row for each folder of the first two levels.
    static func statistics(_ changes: [TreeDiff.Change], _ terminal: Terminal) -> String {
        if changes.isEmpty { return "no differences\n" }
        let groups = Dictionary(grouping: changes) { TreePath(Array($0.path.parent.names.prefix(2))) }
        let rows = groups.sorted { $0.key < $1.key }.map { folder, changes in
            let summary = DiffSummary(changes)
            let counts = [summary.added, summary.removed, summary.modified, summary.metadata].map { String($0) }
            return [folder.escaped] + counts + [summary.growth]
        }
        let columns: [Table.Column] =
            ["FOLDER"] + ["ADDED", "REMOVED", "MODIFIED", "METADATA", "SIZE"].map { Table.Column($0, .trailing) }
        return Table(columns, rows: rows).text(on: terminal) + DiffSummary(changes).text + "\n"
    }
}
