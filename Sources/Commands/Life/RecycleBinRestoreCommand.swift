import Cloud
import CommandLineKit
import Model

enum RecycleBinRestoreCommand: Command {
    static let image = Argument<String>("image", "The image's id, with a region and a colon before it or with --region")

    static var specification: Specification {
        Specification(
            "restore", "Take a deregistered image back, as it was",
            examples: [Example("ingot recycle-bin restore us-east-1:ami-0d2bc218ed6f3215d", "It is available again")],
            parameters: [image, OutputFormat.resultOption])
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let image = try context.ownedImage(arguments[image])
        try image.actions.restoreImage(image.id)
        try context.print(image, arguments, "restored \(image.id)")
        return .success
    }
}
