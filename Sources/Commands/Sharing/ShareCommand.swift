import Cloud
import CommandLineKit
import Model
import Text

enum ShareCommand: Command {
    static var specification: Specification {
        Specification(
            "share", "Let other accounts launch an image",
            discussion: """
                The rules are EC2's: what is encrypted is never public, and neither is an image with watermarks or product codes; public images \
                need `ingot public-access allow` first. Copying takes --with-snapshots as well.
                """,
            examples: [
                Example(
                    "ingot share web-server --account 222222222222 --with-snapshots", "Another account may launch and copy it"),
                Example("ingot share web-server --unit workloads", "All accounts of a unit may launch it"),
            ],
            parameters: ShareParameters.all, heading: Heading.accounts)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let permissions = try ShareParameters.permissions(arguments, context.settings)
        guard !permissions.isEmpty else {
            throw Failure(.usage, "it is not said with whom", hint: "add --account, --unit, --organization or --public")
        }
        let image = try context.ownedImage(arguments[ShareParameters.image])
        try image.actions.changeLaunchPermissions(of: image.id, adding: permissions, removing: [])
        if arguments[ShareParameters.snapshots] { try image.changeSnapshots(adding: permissions, removing: []) }
        try context.print(image, arguments, "\(image.id) is shared with \(Amount.count(permissions.count, "grantee")) more")
        return .success
    }
}

extension OwnedImage {
    /// Snapshots are shared with accounts and with everyone, not with units.
    func changeSnapshots(adding added: Set<LaunchPermission>, removing removed: Set<LaunchPermission>) throws(Failure) {
        func small(_ permissions: Set<LaunchPermission>) -> Set<LaunchPermission> {
            permissions.filter { $0.kind == .account || $0.kind == .group }
        }
        for snapshot in try actions.imageAttributes(id).volumes.compactMap(\.snapshot) {
            try actions.changeVolumePermissions(of: snapshot, adding: small(added), removing: small(removed))
        }
    }
}

extension CommandContext {
    /// What was done to an image: a sentence, or the image as it stands now.
    func print(_ image: OwnedImage, _ arguments: ParsedArguments, _ sentence: String) throws {
        let standing = try image.standing()
        try print(
            as: arguments[OutputFormat.resultOption], json: standing, quiet: standing.imageId, text: { sentence + "\n" })
    }
}
