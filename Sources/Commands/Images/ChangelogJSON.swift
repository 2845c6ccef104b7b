import Cloud
import Guest
import Model
import Orchestration

/// `ingot changelog --output json`.
struct ChangelogJSON: Encodable {
    let recipe: String?
    let old: String
    let new: String
    let oldVersion: String?
    let newVersion: String?
    let summary: SemanticJSON.Summary
    let packages: [Package]
    /// All CVE ids that the packages' changelogs name.
    let vulnerabilities: [String]
    /// All but the packages.
    let changes: [SemanticJSON.Change]
    let stages: [Stage]
    let files: [SemanticJSON.File]
    let problems: [SemanticJSON.Problem]

    struct Package: Encodable {
        let name: String
        /// `installed`, `removed`, `upgraded` or `downgraded`
        let what: String
        let before: String?
        let after: String?
        let vulnerabilities: [String]
        let headline: String?
    }

    struct Stage: Encodable {
        let name: String
        let changes: [String]
    }

    init(_ changelog: Changelog) {
        let rest = SemanticJSON(changelog.old, changelog.new, changelog.difference)
        recipe = changelog.new.release?.recipe.description
        old = rest.old
        new = rest.new
        oldVersion = changelog.old.release?.version.description
        newVersion = changelog.new.release?.version.description
        summary = rest.summary
        packages = changelog.packages.map { note in
            Package(
                name: note.name, what: note.what, before: note.before, after: note.after, vulnerabilities: note.vulnerabilities,
                headline: note.headline.isEmpty ? nil : note.headline)
        }
        vulnerabilities = changelog.vulnerabilities
        changes = rest.changes.filter { $0.category != "packages" }
        stages = changelog.stages.map { Stage(name: $0.name, changes: $0.changes) }
        files = rest.files
        problems = rest.problems
    }
}
