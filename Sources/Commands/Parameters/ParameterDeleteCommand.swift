import Cloud
import CommandLineKit
import Model
import Orchestration

enum ParameterDeleteCommand: Command {
    static var specification: Specification {
        Specification(
            "delete", "Delete a parameter with all its versions",
            examples: [Example("ingot parameter delete /web/port", "It is gone; a new one of the name begins with version 1")],
            parameters: [ParameterCommandParts.name])
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let name = try ParameterName(parsing: arguments[ParameterCommandParts.name])
        let region = try context.writer().plane.region(try context.meantRegion())
        try region.parameters.delete(name)
        context.note("deleted \(name) in \(region.name)")
        return .success
    }
}
