import CommandLineKit
import ImageStore
import Model
import Orchestration
import Platform
import Secrets

/// How a scan for secrets is printed.
enum SecretScanFormat: String, ArgumentChoice {
    case table
    case json
    /// SARIF 2.1.0, for programs that collect findings.
    case sarif
    /// The places, one a line.
    case quiet
}

enum ScanSecretsCommand: Command {
    static let target = Argument<String>("target", "An image, or the path of a folder or archive", values: .dynamic("image"))
    static let allow = Option<String?>(
        "allow", value: "file", "Findings that are accepted: a YAML list of {path, rule, reason}", values: .file)
    static let verbose = Flag("verbose", short: "v", "Say what was looked at, and what was not")
    static let output = Option<SecretScanFormat>(
        "output", short: "o", value: "format", "How findings are printed", default: .table)

    static var specification: Specification {
        Specification(
            "secrets", "Find credentials in an image, a folder or an archive",
            discussion: """
                Looks at every byte of every file, into archives, compressed files, initial ramdisks, encodings and deleted database rows. A \
                finding names path, line and rule, and never the secret; the digest beside it is keyed, so that it tells equal secrets and \
                nothing else. Files that are what their package recorded are passed over: dpkg records MD5, which keeps out accidents and no \
                attacker.

                A word that begins with / or ., or that ends like an archive, is a path of this machine; everything else is an image. In a \
                path of --allow, * stands for any bytes of a name and ** for any bytes.
                """,
            examples: [
                Example(
                    "ingot scan secrets web-server", "Scans the newest image of a recipe; what is known of it is not read again"),
                Example("ingot scan secrets ./rootfs --allow accepted.yaml", "Scans a folder, some findings accepted"),
                Example("ingot scan secrets rootfs.tar.zst --output sarif > findings.sarif", "For other programs"),
            ],
            parameters: [target, allow, verbose, output],
            exitStatuses: [ExitMeaning(1, "Something was found that nobody accepted")], heading: Heading.images)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let allowances = try arguments[allow].map { (file) throws(Failure) in try SecretAllowList(file: file).entries } ?? []
        let target = try SecretScanTarget(arguments[target], context)
        let scanner = try SecretScanner(
            key: try SecretScanner.key(in: target.workspace, context.environment), cache: target.cache)
        let step = "scan \(arguments[Self.target])"
        let progress = ProgressReport(context)
        let report = try progress.during {
            progress.begin(step)
            let report = try target.scan(scanner, allowances) { done, total in
                progress.update(step, done: ProgressAmount(UInt64(done), of: total.map { UInt64($0) }))
            }
            progress.finish(step, .succeeded, detail: SecretScanText.seen(report.coverage))
            return report
        }
        try context.print(text(report, arguments, context))
        for entry in report.unusedAllowances { context.note("nothing is allowed by the entry for \(entry.path), \(entry.rule)") }
        return report.isClean ? .success : ExitStatus(Failure.Code.failed.exitStatus)
    }

    private static func text(_ report: SecretScanReport, _ arguments: ParsedArguments, _ context: CommandContext) throws -> String
    {
        switch arguments[output] {
        case .table:
            let findings = SecretScanText.findings(report, context.console.outputTerminal)
            return arguments[verbose] ? findings + SecretScanText.coverage(report.coverage) : findings
        case .json: return try JSONText.encode(SecretScanJSON(report)) + "\n"
        case .sarif: return try JSONText.encode(SecretScanSARIF(report, version: Ingot.version)) + "\n"
        case .quiet: return report.findings.map { PlainText.oneLine($0.place) + "\n" }.joined()
        }
    }
}

/// What is scanned.
private struct SecretScanTarget {
    private let source: Source
    /// The folder of the workspace, which has the key for digests; nil without one.
    let workspace: String?
    /// Where compiled rules and results are kept; nil without a workspace.
    let cache: String?

    private enum Source {
        case tree(Tree)
        case folder(String)
        case archive(String)
    }

    init(_ word: String, _ context: CommandContext) throws(Failure) {
        if Self.isPath(word) {
            let workspace = try context.readerIfPresent()
            self.workspace = workspace?.home
            cache = workspace.map { $0.cacheFolder + "/secrets" }
            let status: Files.Status
            do throws(SystemError) { status = try Files.status(try Files.resolved(word)) } catch {
                throw Failure(.notFound, "\(word) cannot be read", cause: error)
            }
            source = status.isDirectory ? .folder(word) : .archive(word)
        } else {
            let (workspace, tree) = try Self.image(word, context)
            self.workspace = workspace.home
            cache = workspace.cacheFolder + "/secrets"
            source = .tree(tree)
        }
    }

    /// Something of that name in the working directory is more likely meant than an image that is near.
    private static func image(_ word: String, _ context: CommandContext) throws(Failure) -> (Workspace, Tree) {
        do throws(Failure) {
            let workspace = try context.reader()
            return (workspace, try workspace.tree(of: try context.image(word, in: workspace)))
        } catch {
            guard error.code == .notFound, Files.exists(word) else { throw error }
            throw Failure(error.code, error.message, hint: "for what is in the working directory, write ./\(word)")
        }
    }

    private static func isPath(_ word: String) -> Bool {
        if word.hasPrefix("/") || word.hasPrefix(".") { return true }
        return [".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.zst", ".tar.bz2", ".cpio"].contains { word.hasSuffix($0) }
    }

    func scan(
        _ scanner: SecretScanner, _ allowances: [SecretAllowance], progress: @escaping @Sendable (Int, Int?) -> Void
    ) throws(Failure) -> SecretScanReport {
        switch source {
        case .tree(let tree): try scanner.scan(tree, allowing: allowances, separatesGenerated: true) { progress($0, $1) }
        case .folder(let path):
            try scanner.scan(folder: path, allowing: allowances, separatesGenerated: true) { progress($0, $1) }
        case .archive(let path): try scanner.scan(archive: path, allowing: allowances) { progress($0, nil) }
        }
    }
}
