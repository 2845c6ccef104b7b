import Cloud
import CommandLineKit
import Model
import Orchestration

/// What the commands on keys of KMS share.
enum KMSKeyParts {
    static let key = Argument<String>("key", "The id or ARN of a key, or an alias: alias/golden")

    /// KMS's actions of the acting account, in the region that is meant.
    static func actions(_ context: CommandContext, _ workspace: Workspace) throws(Failure) -> any RegionActions {
        try workspace.plane.actions(in: try context.meantRegion(), as: context.settings.account)
    }

    /// Changes a key by its id, prints it, and says what happened.
    static func change(
        _ arguments: ParsedArguments, _ context: CommandContext, said: String,
        _ body: (any RegionActions, String) throws(Failure) -> Void
    ) throws -> ExitStatus {
        let actions = try actions(context, context.writer())
        let id = try actions.describeKey(KeySelection(arguments[key])).key.id.description
        try body(actions, id)
        let row = try row(id, actions)
        try context.print(
            as: arguments[OutputFormat.resultOption], json: row.json, quiet: id, text: { "\(said) the key \(row.key.arn)\n" })
        return .success
    }

    static func row(_ key: String, _ actions: any RegionActions) throws(Failure) -> KMSKeyRow {
        let found = try actions.describeKey(KeySelection(key)).key
        return KMSKeyRow(key: found, aliases: try actions.keyAliases(of: found.id.description).map(\.name))
    }
}

/// One key of KMS.
struct KMSKeyRow: ListRow {
    let key: KeyRecord
    let aliases: [AliasName]

    static let tableHeader: [Table.Column] = [
        Table.Column("KEY", canShrink: false), "ALIASES", "SPEC", "STATE", "MANAGER", "DESCRIPTION",
    ]

    var tableRow: [String] {
        [
            key.id.description, aliases.map(\.description).joined(separator: ", "), key.spec.rawValue, state,
            key.manager.rawValue, key.description,
        ]
    }

    private var state: String { key.deletion.map { "\(key.state.rawValue) until \($0)" } ?? key.state.rawValue }

    var quietValue: String { key.id.description }

    /// With KMS's words for the values.
    struct JSON: Encodable {
        let keyId: String
        let arn: String
        let aliases: [String]
        let description: String
        let spec: String
        let usage: String
        let state: String
        let manager: String
        let isMultiRegion: Bool
        let created: String
        let deletion: String?
        let rotationDays: Int?
    }

    var json: JSON {
        JSON(
            keyId: key.id.description, arn: key.arn.description, aliases: aliases.map(\.description),
            description: key.description, spec: key.spec.rawValue, usage: key.usage.rawValue, state: key.state.rawValue,
            manager: key.manager.rawValue, isMultiRegion: key.primary != nil, created: key.created.description,
            deletion: key.deletion?.description, rotationDays: key.rotation?.period)
    }
}
