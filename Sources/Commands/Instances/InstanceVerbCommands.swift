import Cloud
import CommandLineKit
import Model

enum InstanceStartCommand: InstanceVerbCommand {
    static let verb = InstanceVerb.start
    static var specification: Specification {
        verbSpecification("start", "Start a stopped instance", "It goes on with what its volumes hold.")
    }
}

enum InstanceStopCommand: InstanceVerbCommand {
    static let verb = InstanceVerb.stop
    static var specification: Specification {
        verbSpecification(
            "stop", "Stop an instance", "What runs on it is ended, and all that it wrote becomes durable.")
    }
}

enum InstanceRebootCommand: InstanceVerbCommand {
    static let verb = InstanceVerb.reboot
    static var specification: Specification {
        verbSpecification(
            "reboot", "Restart an instance", "What runs on it is ended, and all that it wrote becomes durable.")
    }
}

enum InstanceTerminateCommand: InstanceVerbCommand {
    static let verb = InstanceVerb.terminate
    static var specification: Specification {
        verbSpecification(
            "terminate", "End an instance for good", "Its volumes go with it, except those that are to stay.")
    }
}

/// A command that brings an instance into another state.
protocol InstanceVerbCommand: Command {
    static var verb: InstanceVerb { get }
}

extension InstanceVerbCommand {
    static func verbSpecification(_ name: String, _ summary: String, _ discussion: String) -> Specification {
        Specification(
            name, summary, discussion: discussion,
            examples: [Example("ingot instance \(name) i-0123456789abcdef0", "By its id")],
            parameters: [CommandContext.instance, OutputFormat.resultOption])
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let instance = try context.ownedInstance(arguments[CommandContext.instance])
        _ = try instance.actions.change([instance.id], verb)
        guard let record = try instance.actions.instances().first(where: { $0.id == instance.id }) else {
            throw Failure(PlaneError.notFound(instances: [instance.id]))
        }
        let row = InstanceRow(instance: record, region: instance.region)
        try context.print(
            as: arguments[OutputFormat.resultOption], json: row.json, quiet: row.quietValue,
            text: { verb == .reboot ? "\(record.id) was restarted\n" : "\(record.id) is \(record.state.rawValue)\n" })
        return .success
    }
}
