import Crypto
import Guest
import Model
import Pipeline
import Recipes

/// `patch: {diffs: [motd.diff], strip: 1, archives: [hello_2.10-3_amd64.deb], scripts: refuse}`
///
/// Puts Debian packages in first, in the order of the list, and applies the diffs then. Its detail is a `Report`.
package struct PatchStage: Stage {
    package static let name = "patch"
    package static let summary = "Unpacks Debian packages and applies unified diffs, without running anything"
    package static let options = [
        OptionHelp("archives", "Debian packages, as paths from the recipe's folder"),
        OptionHelp(
            "scripts", "what to do with a package that needs its scripts run: refuse (default), or skip and leave it unpacked"),
        OptionHelp("diffs", "unified diffs, as paths from the recipe's folder"),
        OptionHelp("strip", "leading folders to take off the names in diffs, 1 by default"),
    ]
    package static let revision = 1

    package struct Report: Codable, Sendable {
        package var packages: [PackageInstaller.Result]
        package var files: [DiffApplication.Change]
    }

    /// A file as the recipe names it, and where it is.
    private struct File: Sendable {
        let name: String
        let path: String

        var inputName: String { "file \(name)" }
    }

    private let archives: [File]
    private let scripts: PackageInstaller.Scripts
    private let diffs: [File]
    private let strip: Int

    package init?(from reader: StageReader) {
        guard let fields = reader.fields() else { return nil }
        archives = fields.strings("archives").map { File(name: $0, path: reader.path($0)) }
        diffs = fields.strings("diffs").map { File(name: $0, path: reader.path($0)) }
        scripts = fields.oneOf("scripts", default: PackageInstaller.Scripts.refuse)
        strip = fields.optionalInteger("strip", in: 0...100) ?? 1
        fields.finish()
        if archives.isEmpty && diffs.isEmpty { reader.report("'patch' has neither 'archives' nor 'diffs'") }
    }

    package func inputs(_ context: InputContext) throws(Failure) -> [StageInput] {
        var inputs: [StageInput] = []
        for (files, what) in [(archives, "the Debian package"), (diffs, "the diff")] {
            for file in files {
                let bytes = try ExternalFile.read(file.path, what: what)
                inputs.append(StageInput(file.inputName, SHA256.digest(of: bytes).hex))
            }
        }
        return inputs
    }

    package func run(_ context: StageContext) throws(Failure) -> StageOutcome {
        var report = Report(packages: [], files: [])
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
        if !report.packages.isEmpty {
            let shown = report.packages.map { "\($0.package) \($0.version)" }
            parts.append("\(shown.count) packages: \(shown.joined(separator: ", "))")
        }
        if !report.files.isEmpty { parts.append("\(report.files.count) files patched") }
        return parts.joined(separator: "; ")
    }
}
