import Cloud
import CommandLineKit
import Disks
import ImageStore
import Model
import Orchestration
import Text

enum ImportFormat: String, ArgumentChoice {
    case archive
    case raw
    case vhd
    case vmdk

    fileprivate var form: ImportForm {
        switch self {
        case .archive: .archive
        case .raw: .disk(.raw)
        case .vhd: .disk(.vhd)
        case .vmdk: .disk(.vmdk)
        }
    }
}

enum ImportCommand: Command {
    static let name = Argument<String>("name", "What the image is a version of, as a recipe's name")
    static let source = Argument<String>(
        "source", "An archive (tar, cpio; any compression), a folder, or a disk (raw, VHD, VMDK)", values: .file)
    static let format = Option<ImportFormat?>(
        "format", short: "f", value: "format", "What the file is; seen from its content where it is left out")
    static let version = Option<String>(
        "version", value: "pattern", "The version; x counts up where the content changed", default: "1.0.x")
    static let tag = Option<[String]>("tag", value: "key=value", "A tag of the image")

    static var specification: Specification {
        Specification(
            "import", "Make an image of a root filesystem that is there as an archive, a folder or a disk",
            discussion: """
                The image goes into the region of --region, or us-east-1. Where the content is that of the newest version, none is made. Of a \
                disk the image has the files of its root file system (ext2, ext3 or ext4, on the whole disk or in a partition); the snapshot \
                keeps the very bytes, so that `ingot export --format raw` gives the same disk again. VHD may be fixed or dynamic; VMDK is \
                read where it is one sparse file.
                """,
            examples: [
                Example("ingot import debian-12 rootfs.tar.zst", "Registers debian-12 1.0.0, or the next number"),
                Example("ingot import appliance ./rootfs --version 2.x.0 --tag Team=platform", "Imports a folder"),
                Example("ingot import appliance appliance.vmdk", "The root file system of a virtual machine's disk"),
            ],
            parameters: [name, source, format, version, tag, OutputFormat.resultOption], heading: Heading.images)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let name = try ResourceName(parsing: arguments[name])
        let version = try VersionPattern(parsing: arguments[version])
        let tags = try TagSet(try arguments[tag].map { try parse($0) })
        let workspace = try context.recoveredWriter()
        let region = try workspace.plane.makeRegion(try context.meantRegion())
        let step = "import \(arguments[source])"
        let progress = ProgressReport(context)
        let importer = Importer(workspace, region: region, form: arguments[format]?.form) { done, total in
            progress.update(step, done: ProgressAmount(done, of: total > 0 ? total : nil))
        }
        let (imported, sealed) = try progress.during {
            progress.begin(step)
            let result = try importer.run(arguments[source], as: name, version: version, tags: tags)
            progress.finish(step, .succeeded, detail: summary(result.0))
            return result
        }
        for path in imported.skipped.prefix(10) { context.note("left out, since an image cannot hold it: \(path)") }
        try context.print(
            as: arguments[OutputFormat.resultOption], json: ImportJSON(imported, sealed), quiet: sealed.image.id.description,
            text: { text(sealed, context) })
        return .success
    }

    static let defaultRegion = "us-east-1"

    private static func parse(_ text: String) throws -> Tag {
        guard let equals = text.firstIndex(of: "=") else {
            throw UsageError(
                .invalidValue(text, parameter: "--tag", source: .commandLine, expectation: "key=value", suggestion: nil))
        }
        return try Tag(key: String(text[..<equals]), value: String(text[text.index(after: equals)...]))
    }

    private static func summary(_ imported: ImportResult) -> String {
        var text = "\(Amount.count(imported.files, "file")), \(Amount.bytes(imported.bytes))"
        if imported.reused > 0 { text += ", \(imported.reused) unchanged and not read" }
        if !imported.skipped.isEmpty { text += ", \(imported.skipped.count) left out" }
        return text
    }

    private static func text(_ sealed: Sealed, _ context: CommandContext) -> String {
        let image = sealed.image
        let release = image.release?.description ?? image.name.description
        guard sealed.isNew else { return "nothing changed: \(image.id) (\(release)) has the same content\n" }
        let lines =
            ["\(context.bold("Imported \(image.id)")): \(release)", ""]
            + FactList(ImageFacts.identity(image).filter { !$0.values.isEmpty }).lines(context.console.outputTerminal)
        return lines.map { $0 + "\n" }.joined()
    }
}

/// `ingot import --output json`.
struct ImportJSON: Encodable {
    let image: ImageJSON
    /// Whether the content was there already, so that `image` is an older one.
    let unchanged: Bool
    let files: Int
    let bytes: UInt64
    let reusedFiles: Int
    /// Paths that an image cannot hold, such as sockets.
    let skipped: [String]

    init(_ imported: ImportResult, _ sealed: Sealed) {
        image = ImageJSON(sealed.image)
        unchanged = !sealed.isNew
        files = imported.files
        bytes = imported.bytes
        reusedFiles = imported.reused
        skipped = imported.skipped.map(\.description)
    }
}
