import Cloud
import CommandLineKit
import Evidence
import ImageStore
import Model
import Orchestration

/// The two formats of bills of materials.
enum SBOMFormat: String, ArgumentChoice {
    case spdx
    case cyclonedx
}

enum SBOMCommand: Command {
    static let image = Argument<String>("image", "The image", values: .dynamic("image"))
    static let format = Option<SBOMFormat>("format", value: "format", "SPDX 2.3 or CycloneDX 1.5, as JSON", default: .spdx)

    static var specification: Specification {
        Specification(
            "sbom", "Write the bill of materials of an image",
            discussion: """
                One document with all that `ingot inventory` lists, the image as what contains it, and what packages need of each other. It \
                follows from the image alone: its time is that of the image, and its identifier is made of the image's digest.
                """,
            examples: [
                Example("ingot sbom web-server --format spdx > web-server.spdx.json", "A document of SPDX 2.3"),
                Example("ingot sbom web-server --format cyclonedx > web-server.cdx.json", "A document of CycloneDX 1.5"),
            ],
            parameters: [image, format], heading: Heading.images)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let workspace = try context.reader()
        let image = try context.image(arguments[image], in: workspace)
        let tree = try workspace.tree(of: image)
        let subject = BillOfMaterials.Subject(
            name: image.release?.recipe.description ?? image.name.description,
            version: image.release?.version.description ?? image.id.description, root: tree.root, created: image.created)
        let bill = try BillOfMaterials(of: tree, as: subject, tool: ("ingot", Ingot.version))
        switch arguments[format] {
        case .spdx: try context.printLine(try JSONText.encode(SPDXDocument(bill)))
        case .cyclonedx: try context.printLine(try JSONText.encode(CycloneDXDocument(bill)))
        }
        return .success
    }
}
