import Cloud
import CommandLineKit
import Model

enum EnableCommand: Command {
    static let image = Argument<String>(
        "image", "The image, by its id or its AMI's name: a recipe's name means images that are available",
        values: .dynamic("image"))

    static var specification: Specification {
        Specification(
            "enable", "Make a disabled image available again",
            examples: [Example("ingot enable ami-0d2bc218ed6f3215d", "It can be launched by its owner")],
            parameters: [image, OutputFormat.resultOption], heading: Heading.life)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let image = try context.ownedImage(arguments[image])
        try image.actions.enableImage(image.id)
        try context.print(image, arguments, "\(image.id) is available")
        return .success
    }
}
