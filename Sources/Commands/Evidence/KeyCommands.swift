import CommandLineKit
import Crypto
import Evidence
import Model
import Orchestration
import Platform

enum KeyListCommand: Command {
    static var specification: Specification {
        Specification(
            "list", "List the keys that sign documents",
            examples: [Example("ingot keys list", "Names and ids; one of them signs what is built")],
            parameters: [OutputFormat.option])
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let rows = try context.reader().keys.entries().map { KeyRow(entry: $0) }
        try context.print(rows, as: arguments[OutputFormat.option], empty: "there is no key yet: the first build makes one")
        return .success
    }
}

enum KeyCreateCommand: Command {
    static let name = Argument<String>("name", "What to call it")

    static var specification: Specification {
        Specification(
            "create", "Make a key, which signs from now on",
            discussion: "Keys that signed before stay, so that what they signed can be verified.",
            examples: [Example("ingot keys create release-2027", "A new key takes over")], parameters: [name])
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let key = try context.writer().keys.create(arguments[name])
        try context.printLine(key.id)
        return .success
    }
}

enum KeyShowCommand: Command {
    static let name = Argument<String?>("name", "The key; the one that signs now where it is left out")

    static var specification: Specification {
        Specification(
            "show", "Print the public half of a key, for those who verify",
            examples: [Example("ingot keys show > ingot.pub", "The key that signs now, in PEM")], parameters: [name])
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let keys = try context.reader().keys
        guard let name = try arguments[name] ?? keys.entries().first(where: \.isCurrent)?.name else {
            throw Failure(
                .notFound, "there is no key yet", hint: "the first build makes one, and so does `ingot keys create NAME`")
        }
        try context.print(try keys.key(named: name).publicKey.pem)
        return .success
    }
}

enum KeyExportCommand: Command {
    static let name = Argument<String>("name", "The key")
    static let output = Option<String>("output", short: "o", value: "file", "Where to; the file must not exist", values: .file)

    static var specification: Specification {
        Specification(
            "export", "Write the secret half of a key to a file that only you can read",
            discussion: "Whoever has it can sign in your name. To verify, the public half is enough: `ingot keys show`.",
            examples: [Example("ingot keys export workspace --output backup.pem", "For a copy in a safe place")],
            parameters: [name, output])
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let key = try context.reader().keys.key(named: arguments[name])
        let path = arguments[output]
        do throws(SystemError) {
            let file = try FileDescriptor.open(path, .create, permissions: 0o600)
            try file.write(Array(key.pem.utf8))
            try file.synchronize()
        } catch {
            throw Failure(Files.exists(path) ? .conflict : .io, "the key cannot be written to \(path)", cause: error)
        }
        try context.printLine(path)
        return .success
    }
}

/// One key in a list.
struct KeyRow: ListRow {
    let entry: KeyRing.Entry

    static let tableHeader: [Table.Column] = [Table.Column("NAME", canShrink: false), "SIGNS", "ID"]

    var tableRow: [String] { [entry.name, entry.isCurrent ? "now" : "no more", entry.publicKey.id] }
    var quietValue: String { entry.name }

    struct JSON: Encodable {
        let name: String
        let keyId: String
        let isCurrent: Bool
        /// In PEM.
        let publicKey: String
    }

    var json: JSON {
        JSON(name: entry.name, keyId: entry.publicKey.id, isCurrent: entry.isCurrent, publicKey: entry.publicKey.pem)
    }
}
