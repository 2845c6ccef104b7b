import Cloud
import CommandLineKit
import Crypto
import Model
import Orchestration
import Text

enum SnapshotsCommand: Command {
    static var specification: Specification {
        Specification(
            "snapshots", "List the snapshots that the account can see",
            discussion: "Its own, and those that others share with it. With --region those of one region.",
            examples: [
                Example("ingot snapshots", "All regions"),
                Example("ingot snapshots --as dev -o quiet", "Ids, as another account"),
            ],
            parameters: [OutputFormat.option], heading: Heading.life)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let plane = try context.reader().plane
        var rows: [SnapshotRow] = []
        for region in try context.region.map({ [$0] }) ?? plane.regions() {
            _ = try plane.region(region)
            let actions = try plane.actions(in: region, as: context.settings.account)
            rows += try actions.describeSnapshots(SnapshotQuery()).map { SnapshotRow(snapshot: $0, region: region) }
        }
        try context.print(rows, as: arguments[OutputFormat.option], empty: "there are no snapshots")
        return .success
    }
}

/// One snapshot in a list.
struct SnapshotRow: ListRow {
    let snapshot: SnapshotRecord
    let region: RegionName

    static let tableHeader: [Table.Column] = [
        Table.Column("SNAPSHOT", canShrink: false), "REGION", "STATE", Table.Column("VOLUME", .trailing),
        Table.Column("FILES", .trailing), "STARTED", "DESCRIPTION",
    ]

    var tableRow: [String] {
        [
            snapshot.id.description, region.description,
            snapshot.tier == .archive ? "archived" : snapshot.state.rawValue, "\(snapshot.volumeSize) GiB",
            Amount.bytes(snapshot.logicalSize), snapshot.started.description, snapshot.description,
        ]
    }

    var quietValue: String { snapshot.id.description }

    struct JSON: Encodable {
        let snapshotId: String
        let region: String
        let ownerId: String
        let state: String
        let storageTier: String
        let volumeId: String?
        let volumeSizeGiB: Int
        let sizeBytes: Int64
        let isEncrypted: Bool
        let started: String
        let description: String
        let rootDigest: String?
        let tags: [String: String]
    }

    var json: JSON {
        JSON(
            snapshotId: snapshot.id.description, region: region.description, ownerId: snapshot.owner.description,
            state: snapshot.state.rawValue, storageTier: snapshot.tier.rawValue, volumeId: snapshot.volume?.description,
            volumeSizeGiB: snapshot.volumeSize, sizeBytes: snapshot.logicalSize, isEncrypted: snapshot.isEncrypted,
            started: snapshot.started.description, description: snapshot.description, rootDigest: snapshot.root?.hex,
            tags: Dictionary(snapshot.tags.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first }))
    }
}
