import Archive
import Cloud
import CommandLineKit
import Glibc
import ImageStore
import Model
import Orchestration
import Platform
import Text

enum ExportFormat: String, ArgumentChoice {
    case tar
    case dir
}

enum ExportCommand: Command {
    static let image = Argument<String>("image", "The image", values: .dynamic("image"))
    static let format = Option<ExportFormat>("format", short: "f", value: "format", "An archive or a folder", default: .tar)
    static let output = Option<String?>(
        "output", short: "o", value: "path", "Where to; - for standard output. The AMI's name where it is left out", values: .file
    )

    static var specification: Specification {
        Specification(
            "export", "Write the files of an image as an archive or a folder",
            discussion: """
                Equal images give equal archives. The name says the compression: .tar, .tar.gz, .tar.xz or .tar.zst. A folder must be new or \
                empty; without root, what only root may set is left out, and is counted.
                """,
            examples: [
                Example("ingot export web-server --output web-server.tar.zst", "A compressed archive"),
                Example("ingot export web-server --output - | tar -tv", "To another program"),
                Example("ingot export web-server --format dir --output ./rootfs", "A folder"),
            ],
            parameters: [image, format, output], heading: Heading.images)
    }

    static func validate(_ arguments: ParsedArguments) throws(UsageError) {
        if arguments[format] == .dir, arguments[output] == "-" {
            throw UsageError(.rule("a folder cannot be written to standard output"))
        }
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let workspace = try context.reader()
        let image = try context.image(arguments[image], in: workspace)
        let tree = try workspace.tree(of: image)
        if arguments[output] == "-" {
            try writeToStandardOutput(tree, context)
            return .success
        }
        let format = arguments[format]
        let target = arguments[output] ?? fileName(image) + (format == .tar ? ".tar" : "")
        let compression = format == .tar ? try compression(of: target) : .none
        Interruption.catchSignals()
        let progress = ProgressReport(context)
        let step = "export \(target)"
        try progress.during {
            progress.begin(step)
            switch format {
            case .tar: try writeArchive(tree, target, compression, image, progress, context)
            case .dir: report(try DirectoryExport(tree, environment: context.environment).write(to: target), context)
            }
            progress.finish(step, .succeeded, detail: "\(Amount.bytes(image.logicalSize)) of files")
        }
        try context.printLine(target)
        return .success
    }

    /// As a program in a pipe: a reader that goes away ends it.
    private static func writeToStandardOutput(_ tree: Tree, _ context: CommandContext) throws(Failure) {
        if context.console.outputTerminal.isInteractive {
            throw Failure(.usage, "an archive is not written to a terminal", hint: "name a file with --output, or use a pipe")
        }
        _ = signal(SIGPIPE, SIG_DFL)
        try ArchiveExport(tree, environment: context.environment).write(toDescriptor: STDOUT_FILENO, compression: .none)
    }

    private static func writeArchive(
        _ tree: Tree, _ target: String, _ compression: ArchiveCompression, _ image: ImageRecord, _ progress: ProgressReport,
        _ context: CommandContext
    ) throws(Failure) {
        let total = UInt64(clamping: image.logicalSize)
        let done = Counter()
        let export = ArchiveExport(tree, environment: context.environment) { bytes in
            progress.update("export \(target)", done: ProgressAmount(done.add(bytes), of: total))
        }
        try export.write(to: target, compression: compression)
    }

    private static func report(_ report: DirectoryExport.Report, _ context: CommandContext) {
        let counts = [
            (report.ownersLeftOut, "owner"), (report.devicesLeftOut, "device"), (report.attributesLeftOut, "attribute"),
        ]
        let left = counts.filter { $0.0 > 0 }.map { Amount.count($0.0, $0.1) }
        if !left.isEmpty { context.note("left out, since only root may set them: \(left.joined(separator: ", "))") }
    }

    static func compression(of name: String) throws(Failure) -> ArchiveCompression {
        let known: [(suffixes: [String], compression: ArchiveCompression)] = [
            ([".tar"], .none), ([".tar.gz", ".tgz"], .gzip), ([".tar.xz", ".txz"], .xz), ([".tar.zst", ".tzst"], .zstd),
        ]
        for (suffixes, compression) in known where suffixes.contains(where: { name.hasSuffix($0) }) { return compression }
        throw Failure(
            .usage, "the name \(name) does not say what kind of archive it is",
            hint: "let it end in .tar, .tar.gz, .tar.xz or .tar.zst, or choose --format dir")
    }

    /// An AMI's name may hold slashes.
    private static func fileName(_ image: ImageRecord) -> String { image.name.description.replacing("/", with: "-") }
}
