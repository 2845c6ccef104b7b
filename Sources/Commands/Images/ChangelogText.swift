import Cloud
import Guest
import ImageStore
import Model
import Orchestration

/// A changelog as Markdown.
enum ChangelogText {
    /// So many lines a section; what is more is counted.
    private static let maximumLines = 200
    /// Files that nothing explains are told of in less detail; `ingot diff` lists them all.
    private static let maximumFiles = 25

    static func markdown(_ changelog: Changelog) -> String {
        let difference = changelog.difference
        var text = "# \(title(changelog.new))\n\nChanges since \(title(changelog.old)).\n\n"
        if difference.isOnlyTimes || (difference.isEmpty && changelog.stages.isEmpty) {
            return text + (difference.timesOnly > 0 ? "Nothing but times of files is different.\n" : "Nothing is different.\n")
        }
        text += summary(changelog) + "\n"
        text += section("Packages", packages(changelog.packages))
        for category in SemanticDifference.categories where category.name != "packages" {
            text += section(category.title, difference.changes.filter { $0.category == category.name }.map(line))
        }
        text += section("Recipe", changelog.stages.flatMap { stage in stage.changes.map { "`\(stage.name)`: \(plain($0))" } })
        text += section("Other files", difference.files.map(file), at: Self.maximumFiles)
        text += section("Not compared", difference.problems.map { "\($0.category): \(plain($0.message))" })
        return text
    }

    private static func title(_ image: ImageRecord) -> String {
        image.release.map { "\($0.recipe) \($0.version)" } ?? image.name.description
    }

    /// `3 packages upgraded, 1 installed, 2 CVE ids; …`
    private static func summary(_ changelog: Changelog) -> String {
        var parts: [String] = []
        for what in ["installed", "removed", "upgraded", "downgraded"] {
            let count = changelog.packages.count { $0.what == what }
            if count > 0 { parts.append("\(SemanticText.count(count, "package")) \(what)") }
        }
        let ids = changelog.vulnerabilities.count
        if ids > 0 { parts.append("\(SemanticText.count(ids, "CVE id")) named by their changelogs") }
        let settings = changelog.difference.changes.filter { $0.category != "packages" }
        let matters = changelog.difference.changes.count { $0.isSecurityRelevant }
        if !settings.isEmpty { parts.append(SemanticText.count(settings.count, "other change")) }
        if matters > 0 { parts.append("\(matters) that matter\(matters == 1 ? "s" : "") for security (marked **!**)") }
        let paths = changelog.difference.changedPaths
        parts.append("\(SemanticText.count(paths, "path")) differ\(paths == 1 ? "s" : "")")
        return parts.joined(separator: ", ") + "."
    }

    /// Packages that come from one source have the same versions and the same to tell: one line for all of them.
    private static func packages(_ packages: [Changelog.PackageNote]) -> [String] {
        var names: [Changelog.PackageNote: [String]] = [:]
        var order: [Changelog.PackageNote] = []
        for note in packages {
            let told = Changelog.PackageNote(
                name: "", before: note.before, after: note.after, what: note.what, vulnerabilities: note.vulnerabilities,
                headline: note.headline)
            if names[told] == nil { order.append(told) }
            names[told, default: []].append(plain(note.name))
        }
        return order.map { line(names[$0] ?? [], $0) }
    }

    private static func line(_ names: [String], _ note: Changelog.PackageNote) -> String {
        let versions = [note.before, note.after].compactMap(\.self).map(plain).joined(separator: " → ")
        var line = "**\(names.joined(separator: ", "))** \(note.what): \(versions)"
        if !note.headline.isEmpty { line += ". \(plain(String(note.headline.prefix(200))))" }
        let ids = note.vulnerabilities.filter { !line.contains($0) }
        if !ids.isEmpty { line += " (\(ids.joined(separator: ", ")))" }
        return line
    }

    private static func line(_ change: SemanticChange) -> String {
        let verb =
            switch change.kind {
            case .added: "added "
            case .removed: "removed "
            case .changed: ""
            }
        let values = SemanticText.values(change, arrow: "→")
        return (change.isSecurityRelevant ? "**!** " : "") + verb + plain(change.subject)
            + (values.isEmpty ? "" : ": " + plain(values))
    }

    private static func file(_ file: SemanticDifference.FileChange) -> String {
        let owner = file.packages.isEmpty ? "" : " (of \(file.packages.joined(separator: ", ")))"
        return "\(file.change.kind.rawValue) \(plain(file.change.path.escaped))\(owner)"
    }

    private static func section(_ title: String, _ lines: [String], at limit: Int = maximumLines) -> String {
        if lines.isEmpty { return "" }
        var text = "\n## \(title)\n\n" + lines.prefix(limit).map { "- \($0)\n" }.joined()
        if lines.count > limit { text += "- and \(lines.count - limit) more\n" }
        return text
    }

    /// Text of the image in which nothing means anything to Markdown or to HTML, and which stays on its line.
    private static func plain(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\", "`", "*", "_", "[", "]", "<", "#", "|": result += "\\\(scalar)"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F: result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
