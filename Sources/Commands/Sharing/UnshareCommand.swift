import Cloud
import CommandLineKit
import Model
import Text

enum UnshareCommand: Command {
    static let all = Flag("all", short: "a", "All others")

    static var specification: Specification {
        Specification(
            "unshare", "Take back what `ingot share` gave",
            discussion: "Instances that were launched meanwhile stay, and so do copies.",
            examples: [
                Example("ingot unshare web-server --account 222222222222 --with-snapshots", "One account no longer"),
                Example("ingot unshare web-server --all", "Nobody but the owner"),
            ],
            parameters: [all] + ShareParameters.all, heading: Heading.accounts)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        var permissions = try ShareParameters.permissions(arguments, context.settings)
        guard !permissions.isEmpty || arguments[all] else {
            throw Failure(.usage, "it is not said from whom", hint: "add --account, --unit, --organization, --public or --all")
        }
        let image = try context.ownedImage(arguments[ShareParameters.image])
        let before = try image.actions.imageAttributes(image.id).permissions
        if arguments[all] { permissions = before }
        try image.actions.changeLaunchPermissions(of: image.id, adding: [], removing: permissions)
        if arguments[ShareParameters.snapshots] { try image.changeSnapshots(adding: [], removing: permissions) }
        let left = before.subtracting(permissions).count
        try context.print(
            image, arguments,
            left == 0 ? "\(image.id) is private" : "\(image.id) is shared with \(Amount.count(left, "grantee"))")
        return .success
    }
}
