import Cloud
import CommandLineKit
import Model
import Orchestration
import Text

enum DeregisterCommand: Command {
    static let image = Argument<String>("image", "The image", values: .dynamic("image"))
    static let snapshots = Flag("delete-snapshots", "Its snapshots too, except those that other images use")
    static let force = Flag("force", short: "f", "Also where a channel points to it")
    static let dryRun = Flag("dry-run", short: "n", "Only say whether it could be done")

    static var specification: Specification {
        Specification(
            "deregister", "Remove an image",
            discussion: """
                Its id and its version are not given out again. With a rule of the Recycle Bin (`ingot recycle-bin keep`) it can be taken back for \
                some days. The bytes go with the next `ingot collect`, once nothing needs them. Copies in other regions stay. A version that a \
                channel of its recipe points to is not removed: promote another one first, or insist with --force.
                """,
            examples: [
                Example("ingot deregister web-server/1.2.7 --delete-snapshots", "Gone, with what it occupied"),
                Example(
                    "ingot deregister ami-0d2bc218ed6f3215d --dry-run",
                    "Whether a channel, a protection or another owner is in the way"),
            ],
            parameters: [image, snapshots, force, dryRun, OutputFormat.resultOption],
            exitStatuses: [
                ExitMeaning(73, "A channel points to it, or it is gone already"),
                ExitMeaning(77, "It is protected, or another account's"),
            ], heading: Heading.life)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let image = try context.ownedImage(arguments[image], isDryRun: arguments[dryRun])
        let deletions = try remove(image, arguments)
        let result = DeregisterJSON(
            imageId: image.id.description, region: image.region.description,
            snapshots: deletions.map { .init(snapshotId: $0.snapshot.description, outcome: $0.outcome.rawValue) },
            isDryRun: arguments[dryRun])
        let deleted = deletions.filter { $0.outcome == .success }.count
        try context.print(
            as: arguments[OutputFormat.resultOption], json: result, quiet: image.id.description,
            text: {
                if result.isDryRun { return "\(image.id) could be deregistered\n" }
                return "deregistered \(image.id)" + (deleted == 0 ? "" : ", deleted \(Amount.count(deleted, "snapshot"))") + "\n"
            })
        return .success
    }

    /// What became of the snapshots; of none in a dry run.
    private static func remove(_ image: OwnedImage, _ arguments: ParsedArguments) throws(Failure) -> [SnapshotDeletion] {
        let deregistration = Deregistration(image.record, image.workspace)
        let isForced = arguments[force]
        let withSnapshots = arguments[snapshots]
        guard arguments[dryRun] else {
            return try deregistration.run(isForced: isForced) { () throws(Failure) in
                try image.actions.deregisterImage(image.id, deletingSnapshots: withSnapshots)
            }
        }
        if !isForced { try deregistration.check() }
        do throws(Failure) { _ = try image.actions.deregisterImage(image.id, deletingSnapshots: withSnapshots) } catch {
            guard error.planeError == .dryRun else { throw error }
        }
        return []
    }
}

/// `ingot deregister --output json`.
struct DeregisterJSON: Encodable {
    let imageId: String
    let region: String
    let snapshots: [Snapshot]
    let isDryRun: Bool

    struct Snapshot: Encodable {
        let snapshotId: String
        let outcome: String
    }
}
