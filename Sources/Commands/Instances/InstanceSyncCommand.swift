import Cloud
import CommandLineKit
import Model

enum InstanceSyncCommand: Command {
    static var specification: Specification {
        Specification(
            "sync", "Make durable what was written on a running instance",
            discussion: """
                What programs write is not durable at once: an image that is made without a restart has what was durable. This makes all that \
                was written so, and the instance goes on.
                """,
            examples: [Example("ingot instance sync i-0123456789abcdef0", "An image without a restart then lacks nothing")],
            parameters: [CommandContext.instance])
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let instance = try context.ownedInstance(arguments[CommandContext.instance])
        try instance.actions.synchronizeInstance(instance.id)
        context.note("what was written on \(instance.id) is durable")
        return .success
    }
}
