import Cloud
import CommandLineKit
import Crypto
import Model
import Orchestration

enum RecycleBinListCommand: Command {
    static var specification: Specification {
        Specification(
            "list", "List the deregistered images that can be taken back",
            examples: [Example("ingot recycle-bin list", "All regions")], parameters: [OutputFormat.option])
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let plane = try context.reader().plane
        var rows: [RecycledRow] = []
        for region in try context.region.map({ [$0] }) ?? plane.regions() {
            _ = try plane.region(region)
            let actions = try plane.actions(in: region, as: context.settings.account)
            rows += try actions.imagesInRecycleBin(nil).map { RecycledRow(image: $0) }
        }
        try context.print(rows, as: arguments[OutputFormat.option], empty: "the Recycle Bin is empty")
        return .success
    }
}

/// One image of the Recycle Bin in a list.
struct RecycledRow: ListRow {
    let image: RecycledImage

    static let tableHeader: [Table.Column] = [
        Table.Column("IMAGE", canShrink: false), "NAME", "REGION", "ENTERED", "LEAVES",
    ]

    var tableRow: [String] {
        [
            image.id.description, image.name.description, image.region.description, image.span.entered.description,
            image.span.leaves.description,
        ]
    }

    var quietValue: String { image.id.description }

    struct JSON: Encodable {
        let imageId: String
        let region: String
        let name: String
        let entered: String
        let leaves: String
    }

    var json: JSON {
        JSON(
            imageId: image.id.description, region: image.region.description, name: image.name.description,
            entered: image.span.entered.description, leaves: image.span.leaves.description)
    }
}
