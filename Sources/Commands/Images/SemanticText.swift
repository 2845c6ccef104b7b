import CommandLineKit
import Guest
import ImageStore
import Model

/// A semantic difference for people: what matters for security first, then the rest, then the files that nothing explains.
enum SemanticText {
    static func text(_ difference: SemanticDifference, _ terminal: Terminal) -> String {
        if difference.isOnlyTimes { return "only times differ: \(count(difference.timesOnly, "path"))\n" }
        if difference.isEmpty { return "no differences\n" }
        let matters = difference.changes.filter(\.isSecurityRelevant)
        let others = difference.changes.filter { !$0.isSecurityRelevant }
        var parts = [section("Matters for security", matters, terminal), section("Other", others, terminal)]
        parts.append(files(difference.files, terminal))
        parts.append(difference.problems.map { "could not compare \($0.category): \($0.message)\n" }.joined())
        return parts.filter { !$0.isEmpty }.joined(separator: "\n") + "\n" + summary(difference) + "\n"
    }

    /// `3 changes that matter for security, 12 others, 2 files; 40 paths differ, 7 only in their times`
    static func summary(_ difference: SemanticDifference) -> String {
        let matters = difference.changes.count { $0.isSecurityRelevant }
        let others = difference.changes.count - matters
        var text =
            "\(count(matters, "change")) that matter\(matters == 1 ? "s" : "") for security, \(others) other\(others == 1 ? "" : "s")"
        if !difference.files.isEmpty { text += ", \(count(difference.files.count, "file")) not explained" }
        text += "; \(count(difference.changedPaths, "path")) differ\(difference.changedPaths == 1 ? "s" : "")"
        if difference.timesOnly > 0 { text += ", \(difference.timesOnly) more only in their times" }
        return text
    }

    static func values(_ change: SemanticChange, arrow: String = "->") -> String {
        let parts = [change.before, change.after].compactMap(\.self).filter { !$0.isEmpty }
        var values = change.before == change.after ? parts.last ?? "" : parts.joined(separator: " \(arrow) ")
        if let before = change.before, let after = change.after, let lists = lists(before, after) { values = lists }
        return [values, change.note.isEmpty ? "" : "(\(change.note))"].filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// Long lists as what they lost and gained; nil of what is no long list.
    private static func lists(_ before: String, _ after: String) -> String? {
        let (old, new) = (before.split(separator: ","), after.split(separator: ","))
        guard min(old.count, new.count) > 2, before.utf8.count + after.utf8.count > 80, !(before + after).contains(" ") else {
            return nil
        }
        let lost = old.filter { !new.contains($0) }
        let gained = new.filter { !old.contains($0) }
        var parts: [String] = []
        if !lost.isEmpty { parts.append("without \(lost.joined(separator: ", "))") }
        if !gained.isEmpty { parts.append("with \(gained.joined(separator: ", "))") }
        return parts.isEmpty ? "in another order: \(after)" : parts.joined(separator: "; ")
    }

    static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

    private static func section(_ title: String, _ changes: [SemanticChange], _ terminal: Terminal) -> String {
        if changes.isEmpty { return "" }
        let rows = changes.map { [sign($0.kind), $0.category, $0.subject, values($0)] }
        return terminal.styled(title, .bold) + "\n" + Table(["", "CATEGORY", "WHAT", "VALUE"], rows: rows).text(on: terminal)
    }

    private static func files(_ files: [SemanticDifference.FileChange], _ terminal: Terminal) -> String {
        if files.isEmpty { return "" }
        let rows = files.map { file in
            [letter(file.change.kind), file.change.path.escaped, file.packages.joined(separator: ", ")]
        }
        return terminal.styled("Files that none of these explains", .bold) + "\n"
            + Table(["", "PATH", "PACKAGE"], rows: rows).text(on: terminal)
    }

    private static func sign(_ kind: SemanticChange.Kind) -> String {
        switch kind {
        case .added: "+"
        case .removed: "-"
        case .changed: "~"
        }
    }

    private static func letter(_ kind: TreeDiff.Change.Kind) -> String {
        switch kind {
        case .added: "A"
        case .removed: "D"
        case .modified: "M"
        case .metadata: "m"
        }
    }
}
