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

    init() {}

    init(_ changes: some Sequence<TreeDiff.Change>) {
        for change in changes { add(change, change.kind) }
    }

    mutating func add(_ change: TreeDiff.Change, _ kind: TreeDiff.Change.Kind) {
        switch kind {
        case .added: added += 1
        case .removed: removed += 1
        case .modified: modified += 1
        case .metadata: metadata += 1
        }
        bytes += Int64(clamping: change.after?.content?.size ?? 0) - Int64(clamping: change.before?.content?.size ?? 0)
    }

    var text: String { "\(added) added, \(removed) removed, \(modified) modified, \(metadata) metadata only; \(growth)" }

    /// `+1.2 kB`
    var growth: String { (bytes < 0 ? "-" : "+") + Amount.bytes(bytes.magnitude) }
}

/// Differences for people.
enum DiffText {
    /// A line for each change, written as bytes: there may be many.
    static func list(_ changes: [TreeDiff.Change]) -> String {
        if changes.isEmpty { return "no differences\n" }
        var text: [UInt8] = []
        text.reserveCapacity(changes.count * 80)
        var summary = DiffSummary()
        for change in changes {
            let kind = change.kind
            summary.add(change, kind)
            text.append(letter(kind))
            text.append(tab)
            append(change.path, to: &text)
            if kind == .metadata, let before = change.before, let after = change.after {
                text.append(tab)
                append(before.metadata, after.metadata, to: &text)
            }
            text.append(newline)
        }
        return String(decoding: text, as: UTF8.self) + summary.text + "\n"
    }

    private static let tab = UInt8(ascii: "\t")
    private static let newline = UInt8(ascii: "\n")

    private static func letter(_ kind: TreeDiff.Change.Kind) -> UInt8 {
        switch kind {
        case .added: UInt8(ascii: "A")
        case .removed: UInt8(ascii: "D")
        case .modified: UInt8(ascii: "M")
        case .metadata: UInt8(ascii: "m")
        }
    }

    private static func append(_ path: TreePath, to text: inout [UInt8]) {
        let start = text.count
        path.append(to: &text)
        if TreePath.isPlain(text[start...]) { return }
        text.removeSubrange(start...)
        text += path.escaped.utf8
    }

    private static func append(_ old: Metadata, _ new: Metadata, to text: inout [UInt8]) {
        let start = text.count
        func fact(_ name: String) {
            if text.count > start { text += ", ".utf8 }
            text += name.utf8
        }
        if old.mode != new.mode { fact("mode \(NodeText.octal(old.mode)) -> \(NodeText.octal(new.mode))") }
        if (old.uid, old.gid) != (new.uid, new.gid) { fact("owner \(old.uid):\(old.gid) -> \(new.uid):\(new.gid)") }
        if old.modified != new.modified {
            fact("time ")
            NodeText.append(time: old.modified, to: &text)
            text += " -> ".utf8
            NodeText.append(time: new.modified, to: &text)
        }
        // Almost always the same, and sets cost more than all the rest of a line.
        if old.attributes == new.attributes { return }
        let names = Set(old.attributes).symmetricDifference(new.attributes).map { String(decoding: $0.name, as: UTF8.self) }
        fact("attributes \(Set(names).sorted().joined(separator: ", "))")
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
