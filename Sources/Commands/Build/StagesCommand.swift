import CommandLineKit
import Pipeline
import Recipes
import Stages
import Text

enum StagesCommand: Command {
    static let stage = Argument<String?>(
        "stage", "Only this one, with its options", values: .choices(StageRegistry.standard.map { $0.name }))

    static var specification: Specification {
        Specification(
            "stages", "List the stages that a recipe can have, with their options",
            examples: [
                Example("ingot stages", "Lists all stages"), Example("ingot stages files", "Shows the options of one"),
            ],
            parameters: [stage, OutputFormat.option], heading: Heading.build)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let known = StageRegistry.standard
        guard let name = arguments[stage] else {
            try context.print(known.map { StageRow($0) }, as: arguments[OutputFormat.option], empty: "there are no stages")
            return .success
        }
        guard let type = known.first(where: { $0.name == name }) else {
            let near = Suggestion.nearest(to: name, among: known.map { $0.name })
            throw UsageError(
                .invalidValue(
                    name, parameter: "<stage>", source: .commandLine,
                    expectation: "one of \(known.map { $0.name }.joined(separator: ", "))", suggestion: near))
        }
        let row = StageRow(type)
        try context.print(
            as: arguments[OutputFormat.option], json: row.json, quiet: row.quietValue,
            text: {
                let options = FactList(type.options.map { .init($0.name, $0.description) })
                return ([context.bold(type.name) + ": " + type.summary] + options.lines(context.console.outputTerminal))
                    .map { $0 + "\n" }.joined()
            })
        return .success
    }
}

/// One stage in a list.
struct StageRow: ListRow {
    let type: any Stage.Type

    init(_ type: any Stage.Type) { self.type = type }

    static let tableHeader: [Table.Column] = [Table.Column("STAGE", canShrink: false), "WHAT IT DOES", "OPTIONS"]

    var tableRow: [String] { [type.name, type.summary, type.options.map(\.name).joined(separator: ", ")] }
    var quietValue: String { type.name }

    struct JSON: Encodable {
        let name: String
        let summary: String
        let options: [Option]

        struct Option: Encodable {
            let name: String
            let description: String
        }
    }

    var json: JSON {
        JSON(
            name: type.name, summary: type.summary,
            options: type.options.map { JSON.Option(name: $0.name, description: $0.description) })
    }
}
