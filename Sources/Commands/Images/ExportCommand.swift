import Archive
import Cloud
import CommandLineKit
import Disks
import Glibc
import ImageStore
import Model
import Orchestration
import Platform
import Text

enum ExportFormat: String, ArgumentChoice {
    case tar
    case dir
    case raw
    case vhd
    case vmdk

    /// Nil for what is no disk.
    fileprivate var disk: DiskForm? {
        switch self {
        case .tar, .dir: nil
        case .raw: .raw
        case .vhd: .vhd
        case .vmdk: .vmdk
        }
    }
}

enum ExportCommand: Command {
    static let image = Argument<String>("image", "The image", values: .dynamic("image"))
    static let format = Option<ExportFormat>(
        "format", short: "f", value: "format", "An archive, a folder, or a disk", default: .tar)
    static let output = Option<String?>(
        "output", short: "o", value: "path", "Where to; - for standard output. The AMI's name where it is left out", values: .file
    )

    static var specification: Specification {
        Specification(
            "export", "Write an image as an archive, a folder or a disk",
            discussion: """
                Equal images give equal archives. The name says the compression: .tar, .tar.gz, .tar.xz or .tar.zst. A folder must be new or \
                empty; without root, what only root may set is left out, and is counted.

                A disk has the size of the root volume and is sparse: a GPT with one ext4 partition, without a boot loader. An image that was \
                imported as a disk, or written by blocks, gives those very bytes. Formats: raw, VHD (dynamic; at most 2040 GiB) and VMDK \
                (streamOptimized, one file). Of an encrypted image what is written is in the clear.
                """,
            examples: [
                Example("ingot export web-server --output web-server.tar.zst", "A compressed archive"),
                Example("ingot export web-server --output - | tar -tv", "To another program"),
                Example("ingot export web-server --format dir --output ./rootfs", "A folder"),
                Example("ingot export web-server --format vmdk", "A disk for a virtual machine"),
            ],
            parameters: [image, format, output], heading: Heading.images)
    }

    static func validate(_ arguments: ParsedArguments) throws(UsageError) {
        guard arguments[output] == "-", arguments[format] != .tar else { return }
        throw UsageError(.rule("a \(arguments[format] == .dir ? "folder" : "disk") cannot be written to standard output"))
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
        let target = arguments[output] ?? fileName(image) + (format == .dir ? "" : ".\(format.rawValue)")
        let compression = format == .tar ? try compression(of: target) : .none
        Interruption.catchSignals()
        let progress = ProgressReport(context)
        let step = "export \(target)"
        try progress.during {
            progress.begin(step)
            if let form = format.disk {
                try writeDisk(image, form, target, progress, workspace, context)
            } else if format == .dir {
                report(try DirectoryExport(tree, environment: context.environment).write(to: target), context)
            } else {
                try writeArchive(tree, target, compression, image, progress, context)
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

    private static func writeDisk(
        _ image: ImageRecord, _ form: DiskForm, _ target: String, _ progress: ProgressReport, _ workspace: Workspace,
        _ context: CommandContext
    ) throws(Failure) {
        let source = try workspace.plane.region(image.region).exported(image)
        let export = try DiskExport(of: source, in: try workspace.contents(of: image), environment: context.environment) {
            done, total in progress.update("export \(target)", done: ProgressAmount(done, of: total))
        }
        try export.write(form, to: target)
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
