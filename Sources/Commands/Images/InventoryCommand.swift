import CommandLineKit
import Evidence
import Guest
import ImageStore
import Model
import Orchestration
import Text

enum InventoryCommand: Command {
    static let image = Argument<String>("image", "The image", values: .dynamic("image"))
    static let manager = Option<[String]>(
        "type", value: "type", "Only packages of this type: deb, rpm, apk, pypi, npm, golang, maven")

    static var specification: Specification {
        Specification(
            "inventory", "List the packages of an image, and software that no package manager owns",
            discussion: """
                Reads the databases of dpkg (also of images without dpkg), apk and rpm (in its three forms), and looks for Python distributions, \
                Node packages, Go programs and Java archives that no package owns. Nothing is started.
                """,
            examples: [
                Example("ingot inventory web-server", "Everything that is installed"),
                Example("ingot inventory web-server --type golang --output quiet", "Package URLs of Go modules"),
            ],
            parameters: [image, manager, OutputFormat.option], heading: Heading.images)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let workspace = try context.reader()
        let tree = try workspace.tree(of: try context.image(arguments[image], in: workspace))
        let distribution = try OSRelease(in: tree)
        var rows = try InstalledPackages(in: tree).packages.map { InventoryRow($0, of: distribution) }
        rows += try UnmanagedInventory(in: tree).software.map { InventoryRow($0) }
        let wanted = Set(arguments[manager])
        if !wanted.isEmpty { rows.removeAll { !wanted.contains($0.json.type) } }
        let kind = wanted.isEmpty ? "" : " of type \(wanted.sorted().joined(separator: ", "))"
        try context.print(rows, as: arguments[OutputFormat.option], empty: "the image has no packages\(kind)")
        return .success
    }
}

/// One package or piece of software in a list.
struct InventoryRow: ListRow {
    let json: JSON

    struct JSON: Encodable {
        /// As package URLs have it.
        let type: String
        let name: String
        let version: String
        let architecture: String?
        let sourceName: String?
        let sourceVersion: String?
        let vendor: String?
        let license: String?
        let summary: String?
        let installedSizeBytes: UInt64?
        /// `requested` or `dependency`, where the package manager knows.
        let reason: String?
        /// Where software lies that no package owns.
        let path: String?
        let packageUrl: String
    }

    init(_ package: InstalledPackage, of distribution: OSRelease) {
        json = JSON(
            type: package.packageURLType, name: package.name, version: package.version.text, architecture: package.architecture,
            sourceName: package.sourceName, sourceVersion: package.sourceVersion, vendor: package.vendor,
            license: package.license,
            summary: package.summary, installedSizeBytes: package.installedSize, reason: package.reason?.rawValue, path: nil,
            packageUrl: PackageURL(package, of: distribution).description)
    }

    init(_ software: UnmanagedSoftware) {
        json = JSON(
            type: software.kind.packageURLType, name: software.name, version: software.version, architecture: nil,
            sourceName: nil,
            sourceVersion: nil, vendor: nil, license: nil, summary: nil, installedSizeBytes: nil, reason: nil,
            path: software.path.description, packageUrl: PackageURL(software).description)
    }

    static let tableHeader: [Table.Column] = [
        "NAME", "VERSION", "ARCH", Table.Column("TYPE", canShrink: false), "SOURCE OR PATH", Table.Column("SIZE", .trailing),
    ]

    var tableRow: [String] {
        let source = json.path ?? (json.sourceName == json.name ? "" : json.sourceName ?? "")
        return [
            json.name, json.version, json.architecture ?? "", json.type, source,
            json.installedSizeBytes.map { Amount.bytes(Int64(clamping: $0)) } ?? "",
        ]
    }

    var quietValue: String { json.packageUrl }
}
