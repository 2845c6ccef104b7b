import Cloud
import CommandLineKit
import Model
import Orchestration
import Text

enum ImagesCommand: Command {
    static let recipe = Argument<String?>("recipe", "Images of this recipe only", values: .dynamic("recipe"))
    static let all = Flag("all", short: "a", "Also those that are pending, disabled or failed")

    static var specification: Specification {
        Specification(
            "images", "List the images of all regions",
            discussion: """
                The account's own, and those that are shared with it. The JSON has the shape of EC2's DescribeImages. With --region it is that of \
                one region.
                """,
            examples: [
                Example("ingot images", "Lists all images"),
                Example("ingot images web-server --region us-west-2", "Images of a recipe in one region"),
                Example("ingot images --output json | jq '.Images[].ImageId'", "For scripts"),
            ],
            parameters: [recipe, all, OutputFormat.option], heading: Heading.images)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let plane = try context.reader().plane
        var filter = ImageFilter(recipe: try arguments[recipe].map { (text) throws(Failure) in try ResourceName(parsing: text) })
        if !arguments[all] { filter.states = [.available] }
        var images: [ImageRecord] = []
        for region in try context.region.map({ [$0] }) ?? plane.regions() { images += try plane.region(region).images(filter) }
        let visibility = ImageVisibility(context.settings)
        images.removeAll { !visibility.shows($0) }
        images.sort { isOlder($0, $1) }
        let format = arguments[OutputFormat.option]
        let text = try format.render(
            images.map { ImageRow(image: $0) }, json: DescribeImages(images), on: context.console.outputTerminal)
        try context.print(text)
        if images.isEmpty && format == .table { context.note("there are no images") }
        return .success
    }

    /// By creation; of one second by version, and the copy behind its original.
    private static func isOlder(_ a: ImageRecord, _ b: ImageRecord) -> Bool {
        if a.created != b.created { return a.created < b.created }
        if let first = a.release?.version, let second = b.release?.version, first != second { return first < second }
        return (a.source == nil ? 0 : 1, a.region, a.id) < (b.source == nil ? 0 : 1, b.region, b.id)
    }
}

/// One image in a list.
struct ImageRow: ListRow {
    let image: ImageRecord

    static let tableHeader: [Table.Column] = [
        Table.Column("IMAGE", canShrink: false), "VERSION", "NAME", "REGION", "STATE", Table.Column("SIZE", .trailing),
        Table.Column("CREATED", canShrink: false),
    ]

    var tableRow: [String] {
        [
            image.id.description, image.release?.description ?? "", image.name.description, image.region.description,
            image.source == nil ? image.state.rawValue : "\(image.state.rawValue) copy", Amount.bytes(image.logicalSize),
            image.created.description,
        ]
    }

    var quietValue: String { image.id.description }
    var json: DescribeImages.Image { DescribeImages.Image(image) }
}
