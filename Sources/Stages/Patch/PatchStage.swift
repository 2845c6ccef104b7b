import Components
import Crypto
import Guest
import Model
import Pipeline
import Recipes
import Text

/// `patch: {diffs: [motd.diff], strip: 1, archives: [hello_2.10-3_amd64.deb], scripts: refuse}`
///
/// `patch: {packages: security, exclude: [linux-image-*]}`
///
/// Updates packages by the image's own package manager first, then puts Debian packages in, in the order of the list, and applies the
/// diffs at the end. Its detail is a `Report`.
package struct PatchStage: Stage {
    package static let name = "patch"
    package static let summary = "Updates packages by the image's package manager, unpacks Debian packages, applies unified diffs"
    package static let options =
        PackageUpdates.options + [
            OptionHelp("archives", "Debian packages, as paths from the recipe's folder"),
            OptionHelp(
                "scripts", "what to do with a package that needs its scripts run: refuse (default), or skip and leave it unpacked"
            ),
            OptionHelp("diffs", "unified diffs, as paths from the recipe's folder"),
            OptionHelp("strip", "leading folders to take off the names in diffs, 1 by default"),
        ]
    package static let revision = 1

    package struct Report: Codable, Sendable {
        /// What the image's package manager updated.
        package var updates: [PackageChange]
        package var packages: [PackageInstaller.Result]
        package var files: [DiffApplication.Change]
    }

    /// A file as the recipe names it, and where it is.
    private struct File: Sendable {
        let name: String
        let path: String

        var inputName: String { "file \(name)" }
    }

    private let updates: PackageUpdates?
    private let archives: [File]
    private let scripts: PackageInstaller.Scripts
    private let diffs: [File]
    private let strip: Int

    package init?(from reader: StageReader) {
        guard let fields = reader.fields() else { return nil }
        updates = PackageUpdates(fields)
        archives = fields.strings("archives").map { File(name: $0, path: reader.path($0)) }
        diffs = fields.strings("diffs").map { File(name: $0, path: reader.path($0)) }
        scripts = fields.oneOf("scripts", default: PackageInstaller.Scripts.refuse)
        strip = fields.optionalInteger("strip", in: 0...100) ?? 1
        fields.finish()
        if !fields.has("packages"), archives.isEmpty && diffs.isEmpty {
            reader.report("'patch' has none of 'packages', 'archives' and 'diffs'")
        }
    }

    package func inputs(_ context: InputContext) throws(Failure) -> [StageInput] {
        var inputs: [StageInput] = try updates?.inputs(context) ?? []
        for (files, what) in [(archives, "the Debian package"), (diffs, "the diff")] {
            for file in files {
                let bytes = try ExternalFile.read(file.path, what: what)
                inputs.append(StageInput(file.inputName, SHA256.digest(of: bytes).hex))
            }
        }
        return inputs
    }

    package func checkRequirements(_ context: InputContext) throws(Failure) {
        if updates != nil { try context.services.checkPrograms() }
    }

    package func run(_ context: StageContext) throws(Failure) -> StageOutcome {
        var report = Report(updates: try updates?.run(context) ?? [], packages: [], files: [])
        if !archives.isEmpty { report.packages = try install(context) }
        for file in diffs {
            try context.checkCancellation()
            let bytes = try read(file, what: "the diff", context)
            let diffs = try UnifiedDiffParser.parse(bytes, file: file.name)
            report.files += try DiffApplication.apply(diffs, strip: strip, to: context.editor, file: file.name)
        }
        return StageOutcome(report: try StageReport(summary: Self.summary(report), of: report))
    }

    private func install(_ context: StageContext) throws(Failure) -> [PackageInstaller.Result] {
        var packages: [PackageArchive] = []
        for file in archives {
            try context.checkCancellation()
            context.progress(.detail(file.name))
            let bytes = try read(file, what: "the Debian package", context)
            packages.append(try PackageArchive(bytes: bytes, file: file.name))
        }
        let installer = try PackageInstaller(context.editor, storingIn: context.writer, scripts: scripts)
        return try installer.install(packages)
    }

    private func read(_ file: File, what: String, _ context: StageContext) throws(Failure) -> [UInt8] {
        let bytes = try ExternalFile.read(file.path, what: what)
        try ExternalFile.verify(file.inputName, SHA256.digest(of: bytes), context)
        return bytes
    }

    private static func summary(_ report: Report) -> String {
        var parts: [String] = []
        if !report.updates.isEmpty { parts.append("\(Amount.count(report.updates.count, "package")) updated") }
        if !report.packages.isEmpty {
            let shown = report.packages.map { "\($0.package) \($0.version)" }
            parts.append("\(Amount.count(shown.count, "package")): \(shown.joined(separator: ", "))")
        }
        if !report.files.isEmpty { parts.append("\(Amount.count(report.files.count, "file")) patched") }
        return parts.isEmpty ? "nothing to update" : parts.joined(separator: "; ")
    }
}
