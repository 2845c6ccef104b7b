import Cloud
import Guest
import ImageStore
import Model

/// What changed from one version of an image to another: what it means, what the packages' own changelogs say, and which inputs of the
/// recipe's stages differ.
package struct Changelog: Sendable {
    package struct PackageNote: Hashable, Sendable {
        package let name: String
        package let before: String?
        package let after: String?
        /// `installed`, `removed`, `upgraded`, `downgraded`
        package let what: String
        /// CVE ids that the package's changelog names between the two versions; a name is no proof that it was open before.
        package let vulnerabilities: [String]
        package let headline: String

        package init(
            name: String, before: String?, after: String?, what: String, vulnerabilities: [String], headline: String
        ) {
            self.name = name
            self.before = before
            self.after = after
            self.what = what
            self.vulnerabilities = vulnerabilities
            self.headline = headline
        }
    }

    package let old: ImageRecord
    package let new: ImageRecord
    package let difference: SemanticDifference
    package let packages: [PackageNote]
    package let stages: [StageChanges.Stage]

    package init(from old: ImageRecord, to new: ImageRecord, _ workspace: Workspace, now: Int64) throws(Failure) {
        self.old = old
        self.new = new
        let tree = try workspace.tree(of: new)
        difference = try SemanticDifference(from: try workspace.tree(of: old), to: tree, now: now)
        var packages: [PackageNote] = []
        for change in difference.changes where change.category == "packages" {
            let log = try Self.changelog(of: change, in: tree)
            packages.append(
                PackageNote(
                    name: change.subject, before: change.before, after: change.after, what: change.note,
                    vulnerabilities: log?.vulnerabilities ?? [], headline: log?.headline ?? ""))
        }
        self.packages = packages
        stages = try StageChanges(from: old, to: new, workspace).stages
    }

    /// All CVE ids of all packages, sorted.
    package var vulnerabilities: [String] { Set(packages.flatMap(\.vulnerabilities)).sorted() }

    private static func changelog(of change: SemanticChange, in tree: Tree) throws(Failure) -> PackageChangelog? {
        guard let before = change.before, let after = change.after, change.note == "upgraded" else { return nil }
        let name = String(change.subject.split(separator: ":").first ?? "")
        return try PackageChangelog(of: name, from: before, to: after, in: tree)
    }

    /// The two newest versions of a recipe that are there, the older one first.
    package static func newest(of recipe: ResourceName, in workspace: Workspace) throws(Failure) -> (
        old: ImageRecord, new: ImageRecord
    ) {
        let versions = try versions(of: recipe, in: workspace)
        guard versions.count >= 2 else {
            throw Failure(
                .notFound,
                "the recipe \(recipe) has \(versions.isEmpty ? "no image" : "one image only"), so there is nothing to compare",
                hint: "`ingot images` lists what there is")
        }
        return (versions[versions.count - 2], versions[versions.count - 1])
    }

    private static func versions(of recipe: ResourceName, in workspace: Workspace) throws(Failure) -> [ImageRecord] {
        var found: [ImageVersion: ImageRecord] = [:]
        for region in try workspace.plane.regions() {
            for image in try workspace.plane.region(region).images(ImageFilter(recipe: recipe, states: [.available, .disabled])) {
                guard let release = image.release, image.root != nil else { continue }
                // An original stands for its copies.
                if found[release.version] == nil || image.source == nil { found[release.version] = image }
            }
        }
        return found.sorted { $0.key < $1.key }.map(\.value)
    }
}
