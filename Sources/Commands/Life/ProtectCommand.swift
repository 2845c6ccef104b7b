import Cloud
import CommandLineKit
import Model

enum ProtectCommand: Command {
    static let image = Argument<String>("image", "The image", values: .dynamic("image"))
    static let cooldown = Flag("cooldown", "The protection goes on for 24 hours after it was taken away")
    static let off = Flag("off", "Take the protection away")

    static var specification: Specification {
        Specification(
            "protect", "Keep an image from being deregistered",
            examples: [
                Example("ingot protect web-server --cooldown", "Nobody removes it in a hurry"),
                Example("ingot protect web-server --off", "It can be deregistered, after the cooldown if there is one"),
            ],
            parameters: [image, cooldown, off, OutputFormat.resultOption], heading: Heading.life)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        guard !arguments[cooldown] || !arguments[off] else {
            throw Failure(.usage, "--cooldown and --off contradict each other", hint: "give one of them")
        }
        let image = try context.ownedImage(arguments[image])
        if arguments[off] {
            let protection = try image.actions.disableDeregistrationProtection(of: image.id)
            var sentence = "\(image.id) is not protected"
            if case .cooling(let end) = protection { sentence = "\(image.id) is protected until \(end)" }
            try context.print(image, arguments, sentence)
        } else {
            _ = try image.actions.enableDeregistrationProtection(of: image.id, withCooldown: arguments[cooldown])
            try context.print(image, arguments, "\(image.id) is protected")
        }
        return .success
    }
}
