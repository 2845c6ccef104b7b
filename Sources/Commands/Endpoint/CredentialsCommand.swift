import API
import Cloud
import CommandLineKit
import Model
import Orchestration

enum CredentialsCreateCommand: Command {
    static let account = Option<String?>(
        "account", value: "id", "The account that acts with the key; the workspace's own without it")

    static var specification: Specification {
        Specification(
            "create", "Make an access key",
            discussion:
                "Prints the key for a shell to read. Anybody who has it can do what its account can; it is kept in the workspace, mode 0600.",
            examples: [
                Example("ingot credentials create", "Makes a key; `eval $(…)` takes it into this shell"),
                Example("ingot credentials create --account 222222222222", "A key of another account"),
            ],
            parameters: [account, OutputFormat.resultOption])
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let workspace = try context.writer()
        let directory = workspace.plane.settings.directory
        let account = try arguments[account].map { (text) throws(Failure) in try AccountID(parsing: text) } ?? directory.first.id
        guard directory.account(account) != nil else {
            throw Failure(
                .notFound, "there is no account \(account) here",
                hint: "accounts are \(directory.accounts.map(\.id.description).joined(separator: ", "))")
        }
        let credential = try CredentialsCommandParts.file(workspace).make(for: account)
        let row = CredentialRow(credential: credential, showsSecret: true)
        try context.print(
            as: arguments[OutputFormat.resultOption], json: row.json, quiet: credential.id,
            text: {
                "export AWS_ACCESS_KEY_ID=\(credential.id)\nexport AWS_SECRET_ACCESS_KEY=\(credential.secret)\n"
            })
        return .success
    }
}

enum CredentialsListCommand: Command {
    static let showSecrets = Flag("show-secrets", "Print the secrets too")

    static var specification: Specification {
        Specification(
            "list", "List the access keys",
            examples: [Example("ingot credentials list", "Who can use the endpoint")],
            parameters: [showSecrets, OutputFormat.option])
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let rows = try CredentialsCommandParts.file(try context.reader()).all().map { credential in
            CredentialRow(credential: credential, showsSecret: arguments[showSecrets])
        }
        try context.print(rows, as: arguments[OutputFormat.option], empty: "there is no access key yet")
        return .success
    }
}

enum CredentialsRevokeCommand: Command {
    static let key = Argument<String>("key", "The id of the key: AKIA…")

    static var specification: Specification {
        Specification(
            "revoke", "Take an access key away",
            discussion: "An endpoint that is running refuses it from then on.",
            examples: [Example("ingot credentials revoke AKIA2OGYBAH6STOQ4KFE", "It is gone")],
            parameters: [key])
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        try CredentialsCommandParts.file(try context.writer()).revoke(arguments[key])
        context.note("revoked \(arguments[key])")
        return .success
    }
}

/// What the commands on access keys share.
enum CredentialsCommandParts {
    static func file(_ workspace: Workspace) -> CredentialFile {
        CredentialFile(folder: workspace.home, environment: workspace.environment)
    }
}

/// One access key in a list.
struct CredentialRow: ListRow, Encodable {
    let credential: Credential
    let showsSecret: Bool

    static let tableHeader: [Table.Column] = [Table.Column("KEY", canShrink: false), "ACCOUNT", "CREATED", "SECRET"]

    var tableRow: [String] {
        [
            credential.id, credential.account.description, credential.created.description,
            showsSecret ? credential.secret : "",
        ]
    }

    var quietValue: String { credential.id }
    var json: CredentialRow { self }

    private enum CodingKeys: String, CodingKey {
        case accessKeyId = "AccessKeyId"
        case account = "Account"
        case createDate = "CreateDate"
        case secretAccessKey = "SecretAccessKey"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(credential.id, forKey: .accessKeyId)
        try container.encode(credential.account, forKey: .account)
        try container.encode(credential.created, forKey: .createDate)
        if showsSecret { try container.encode(credential.secret, forKey: .secretAccessKey) }
    }
}
