import Cloud
import CommandLineKit
import Model

enum DisableCommand: Command {
    static let image = Argument<String>("image", "The image", values: .dynamic("image"))

    static var specification: Specification {
        Specification(
            "disable", "Keep an image, but let nobody launch or copy it",
            discussion: "It is private from then on: `ingot enable` does not share it again.",
            examples: [Example("ingot disable web-server/1.3.1", "Out of use, and not lost")],
            parameters: [image, OutputFormat.resultOption], heading: Heading.life)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let image = try context.ownedImage(arguments[image])
        try image.actions.disableImage(image.id)
        try context.print(image, arguments, "\(image.id) is disabled")
        return .success
    }
}
