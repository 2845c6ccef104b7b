import Cloud
import CommandLineKit
import Model
import Platform

enum DeprecateCommand: Command {
    static let image = Argument<String>("image", "The image", values: .dynamic("image"))
    static let at = Option<String?>("at", value: "time", "When, as 2026-11-20 or 2026-11-20T23:19:33Z")
    static let after = Option<String?>("in", value: "time", "When, from now, as 30d")
    static let cancel = Flag("cancel", "It is not deprecated, or no longer")

    static var specification: Specification {
        Specification(
            "deprecate", "Say when an image is out of date",
            discussion: """
                From then on others no longer find it in lists; who knows its id can still launch it. The time is rounded to the minute and lies at \
                most ten years ahead. A public image is deprecated two years after its creation at the latest.
                """,
            examples: [
                Example("ingot deprecate web-server/1.3.x --in 30d", "In a month"),
                Example("ingot deprecate web-server/1.3.x --cancel", "Takes it back"),
            ],
            parameters: [image, at, after, cancel, OutputFormat.resultOption], heading: Heading.life)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let given = [arguments[at] != nil, arguments[after] != nil, arguments[cancel]].filter { $0 }
        guard given.count == 1 else {
            throw Failure(.usage, "it is not said when", hint: "give one of --at, --in and --cancel")
        }
        let now = Instant(seconds: context.environment.seconds)
        let span = try arguments[after].map { (text) throws(Failure) in try TimeSpan(parsing: text) }
        let time = try arguments[at].map { (text) throws(Failure) in try Instant(parsing: text) } ?? span.map { now + $0 }
        let image = try context.ownedImage(arguments[image])
        guard let time else {
            try image.actions.disableDeprecation(of: image.id)
            try context.print(image, arguments, "\(image.id) is not deprecated")
            return .success
        }
        try image.actions.enableDeprecation(of: image.id, at: time)
        let set = try image.actions.imageAttributes(image.id).deprecation
        try context.print(image, arguments, "\(image.id) is deprecated from \(set ?? time) on")
        return .success
    }
}
