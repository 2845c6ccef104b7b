import Cloud
import CommandLineKit
import Model
import Orchestration

enum InstancesCommand: Command {
    static let all = Flag("all", short: "a", "Also those that were terminated within the hour")

    static var specification: Specification {
        Specification(
            "instances", "List the instances of the account",
            discussion: "In all regions; with --region those of one.",
            examples: [
                Example("ingot instances", "What runs or is stopped"), Example("ingot instances -o quiet", "Ids, for scripts"),
            ],
            parameters: [all, OutputFormat.option], heading: Heading.instances)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let plane = try context.writer().plane
        var rows: [InstanceRow] = []
        for region in try context.region.map({ [$0] }) ?? plane.regions() {
            let actions = try plane.actions(in: region, as: context.settings.account)
            rows += try actions.instances().map { InstanceRow(instance: $0, region: region) }
        }
        if !arguments[all] { rows.removeAll { $0.instance.state == .terminated } }
        try context.print(rows, as: arguments[OutputFormat.option], empty: "there are no instances")
        return .success
    }
}
