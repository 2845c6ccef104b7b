// CommandLineKit: commands, options and arguments as declarations, from which parsing, help, completion, suggestions and the reference
// page follow; and what a command needs to answer: tables, JSON, styles, and a progress display.
//
// A command is an enum with its parameters as constants, a specification that lists them, and `run`, which reads them through the same
// constants:
//
//     enum Copy: Command {
//         static let image = Argument<String>("image", "Image id or name", values: .dynamic("image"))
//         static let to = Option<[String]>("to", value: "region", "Region to copy to", minimum: 1)
//         static var specification: Specification {
//             Specification("copy", "Copy an image to other regions", parameters: [image, to])
//         }
//
//         static func run(_ arguments: ParsedArguments, in context: Context) throws -> ExitStatus {
//             for region in arguments[to] { ... }
//             return .success
//         }
//     }
//
// Written here since the toolchain ships no argument parser and the package takes no dependency. It knows nothing of Ingot.
