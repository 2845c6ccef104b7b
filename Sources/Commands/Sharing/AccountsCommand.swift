import CommandLineKit
import Model

enum AccountsCommand: Command {
    static var specification: Specification {
        Specification(
            "accounts", "List the accounts of the plane",
            discussion: """
                They stand in ingot.yaml, with their organization, its units, the regions and the limits. Without that document there is one account. \
                The first acts where --as names no other.
                """,
            examples: [
                Example("ingot accounts", "All accounts"), Example("ingot snapshots --as dev", "What another account sees"),
            ],
            parameters: [OutputFormat.option], heading: Heading.accounts)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let settings = context.settings
        let rows = settings.directory.accounts.map { account in
            AccountRow(
                account: account, caller: settings.directory.caller(.account(account.id)), directory: settings.directory,
                isActing: account.id == settings.account)
        }
        try context.print(rows, as: arguments[OutputFormat.option], empty: "there are no accounts")
        return .success
    }
}

/// One account in a list.
struct AccountRow: ListRow {
    let account: Account
    let caller: Caller
    let directory: AccountDirectory
    let isActing: Bool

    static let tableHeader: [Table.Column] = [Table.Column("ACCOUNT", canShrink: false), "NAME", "UNIT", "ALIAS", ""]

    var tableRow: [String] {
        [account.id.description, account.name, unit, account.alias?.rawValue ?? "", isActing ? "acts" : ""]
    }

    /// The names of the units from the root down to the account's.
    private var unit: String {
        guard account.isInOrganization else { return "" }
        let names = caller.units.reversed().compactMap { arn in directory.organization?.units.first { $0.arn == arn }?.name }
        return (["root"] + names).joined(separator: "/")
    }

    var quietValue: String { account.id.description }

    struct JSON: Encodable {
        let accountId: String
        let name: String
        let organizationArn: String?
        let organizationalUnitArns: [String]
        let alias: String?
        let isActing: Bool
    }

    var json: JSON {
        JSON(
            accountId: account.id.description, name: account.name, organizationArn: caller.organization?.description,
            organizationalUnitArns: caller.units.map(\.description), alias: account.alias?.rawValue, isActing: isActing)
    }
}
