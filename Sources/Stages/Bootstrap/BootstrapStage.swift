import Crypto
import ImageStore
import Model
import Pipeline
import Platform
import Recipes
import Text

/// Makes a Debian tree from packages of a mirror, by mmdebstrap. Allowed on an empty tree only: `parentImage: scratch`.
///
///     - bootstrap: {suite: bookworm, variant: important, include: [openssh-server, nginx-light]}
///
/// The tree is a function of the definition and of the mirrors' state, which is the stage's input: the same packages give the same
/// digest on another machine, on another day, as root or as an ordinary user (who needs user namespaces and a range in /etc/subuid).
/// What packages make at random or take from the host is taken out again: see `BootstrapCleanup`.
package struct BootstrapStage: Stage {
    package static let name = "bootstrap"
    package static let summary = "Makes a Debian tree from packages of a mirror"
    package static let revision = 1

    package static let options = [
        OptionHelp("suite", "the release's code name: bookworm"),
        OptionHelp("mirror", "the archive's URL; \(DebianArchives.defaultMirror)"),
        OptionHelp("updates", "whether SUITE-updates and SUITE-security are used too; true, but for sid"),
        OptionHelp("securityMirror", "the URL of the security archive; the mirror's with -security"),
        OptionHelp("components", "of the archive; [main]"),
        OptionHelp(
            "variant", "which packages come by themselves: essential, apt, minbase, required, important or standard; important"),
        OptionHelp("include", "packages that come besides"),
        OptionHelp("keyring", "a file with the keys that may sign the archive; Debian's own"),
    ]

    enum Variant: String, CaseIterable {
        case essential, apt, minbase, required, important, standard
    }

    let suite: String
    let archives: DebianArchives
    let variant: Variant
    let include: [String]
    /// As the recipe writes it, and its path on the host.
    let keyring: HostSource?

    package init?(from reader: StageReader) {
        guard let fields = reader.fields() else { return nil }
        let suite = fields.required("suite")?.parsed(BootstrapReading.suite)
        let mirror = fields.optional("mirror")?.parsed(BootstrapReading.mirror)
        let securityMirror = fields.optional("securityMirror")?.parsed(BootstrapReading.mirror)
        let updates = fields.optional("updates")?.boolean()
        let components = fields.list("components").compactMap { $0.parsed(BootstrapReading.component) }
        variant = fields.oneOf("variant", default: .important)
        include = fields.list("include").compactMap { $0.parsed(BootstrapReading.package) }
        keyring = fields.optionalString("keyring").map { HostSource(name: $0, path: reader.path($0)) }
        fields.finish()
        guard let suite else { return nil }
        self.suite = suite
        archives = DebianArchives(
            suite: suite, mirror: mirror ?? DebianArchives.defaultMirror, securityMirror: securityMirror,
            components: components.isEmpty ? ["main"] : components, updates: updates)
    }

    package func inputs(_ context: InputContext) throws(Failure) -> [StageInput] {
        var inputs = try MirrorState(archives: archives, context: context).inputs()
        if let keyring { inputs.append(try keyring.input()) }
        return inputs
    }

    package func run(_ context: StageContext) throws(Failure) -> StageOutcome {
        guard try context.editor.children(of: .root)?.isEmpty == true else {
            throw Failure(
                .invalid, "'bootstrap' makes a whole tree, and there is one already",
                hint: "make it the first stage of a recipe with 'parentImage: scratch'")
        }
        let date = try date(context)
        let archive = "\(context.temporaryFolder)/bootstrap.tar"
        defer { try? Files.remove(archive) }
        try Mmdebstrap(stage: self, date: date, context: context).run(into: archive)
        // The mirror may have been updated in the middle: then the tree is not what its key says.
        guard try Set(inputs(context.inputs)) == Set(context.declaredInputs) else {
            throw Failure(.conflict, "the mirror was updated while the build ran", hint: "run the build again")
        }
        context.progress(.detail("importing the tree"))
        let imported = try ArchiveImport(archive, into: context.writer, cacheFolder: nil, environment: context.environment).run()
        let tree = try TreeEditor(root: imported.root, in: context.writer, date: date.nanoseconds)
        let cleaned = try BootstrapCleanup(tree: tree).run()
        let report = BootstrapReport(
            suite: suite, date: date.description, packages: try Self.packageCount(tree), files: imported.files,
            bytes: imported.bytes, removed: cleaned.removed, fixed: cleaned.fixed)
        return StageOutcome(tree: try tree.finish(), report: try StageReport(summary: report.summary, of: report))
    }

    /// The recipe's date, or the suite's.
    private func date(_ context: StageContext) throws(Failure) -> Instant {
        if let date = context.date { return Instant(seconds: date / 1_000_000_000) }
        return try MirrorState.date(in: context.declaredInputs)
    }

    private static func packageCount(_ tree: any TreeView) throws(Failure) -> Int {
        let status = try tree.text("/var/lib/dpkg/status", limit: 64 << 20) ?? ""
        return status.split(separator: "\n").count { $0.hasPrefix("Package: ") }
    }
}

/// What a `bootstrap` stage made. Its JSON is the stage's report; `removed` and `fixed` are the paths of `BootstrapCleanup`.
private struct BootstrapReport: Encodable {
    let suite: String
    let date: String
    let packages: Int
    let files: Int
    let bytes: UInt64
    let removed: [String]
    let fixed: [String]

    var summary: String {
        "\(suite) as of \(date): \(Amount.count(packages, "package")), \(Amount.count(files, "file")), \(Amount.bytes(bytes))"
    }
}
