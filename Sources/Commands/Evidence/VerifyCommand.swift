import Cloud
import CommandLineKit
import Crypto
import Evidence
import Model
import Orchestration
import Platform

enum VerifyCommand: Command {
    static let file = Argument<String>("file", "A DSSE envelope, such as `ingot certificate` writes", values: .file)
    static let key = Option<String?>(
        "key", short: "k", value: "file", "Trust this public key in PEM, and no key of the workspace", values: .file)
    static let image = Option<String?>(
        "image", short: "i", value: "image", "The image that it must be about: a name in the workspace, or sha256:DIGEST",
        values: .dynamic("image"))

    static var specification: Specification {
        Specification(
            "verify", "Check a signed document offline: signature, structure, and what it is about",
            discussion: """
                Trusted are the keys of the workspace, or the one that --key names; a key that comes with the file is never trusted. Nothing \
                of a document is read before its signature. Envelopes of other tools are verified too, where they are signed with Ed25519.
                """,
            examples: [
                Example("ingot verify evidence/scrub-certificate.intoto.json", "Against the workspace's own keys"),
                Example(
                    "ingot verify scrub-certificate.intoto.json --key ingot.pub --image sha256:4c1f…",
                    "Elsewhere: against a key, and about an image's digest"),
            ],
            parameters: [file, key, image, OutputFormat.resultOption],
            exitStatuses: [
                ExitMeaning(1, "It is validly signed, and about another image"),
                ExitMeaning(65, "It is no statement in an envelope"),
                ExitMeaning(77, "No trusted key signed these bytes"),
            ], heading: Heading.images)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let path = arguments[file]
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try Files.read(path, limit: JSONReader.maximumBytes) } catch {
            throw Failure(error.isNotFound ? .notFound : .io, "\(path) cannot be read", cause: error)
        }
        let root = try root(arguments[image], context)
        let verified = try EnvelopeVerification(bytes, what: path, trusting: try trusted(arguments[key], context), about: root)
        let result = VerifiedJSON(verified, isAbout: root != nil)
        try context.print(
            as: arguments[OutputFormat.resultOption], json: result, quiet: verified.signer.id, text: { result.text(path) })
        return .success
    }

    private static func trusted(_ path: String?, _ context: CommandContext) throws(Failure) -> [Ed25519.PublicKey] {
        guard let path else {
            return try context.readerIfPresent()?.keys.entries().map(\.publicKey) ?? []
        }
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try Files.read(path, limit: 1 << 20) } catch {
            throw Failure(error.isNotFound ? .notFound : .io, "the key \(path) cannot be read", cause: error)
        }
        return [try Ed25519.PublicKey(pem: String(decoding: bytes, as: UTF8.self), what: path)]
    }

    private static func root(_ word: String?, _ context: CommandContext) throws(Failure) -> Digest? {
        guard let word else { return nil }
        if word.hasPrefix("sha256:") {
            guard let digest = Digest(hex: word.dropFirst(7)) else {
                throw Failure(.usage, "'\(word)' is no digest", hint: "it is sha256: and 64 hexadecimal digits")
            }
            return digest
        }
        let image = try context.image(word, in: try context.reader())
        guard let root = image.root else {
            throw Failure(.conflict, "the image \(image.id) is \(image.state) and has no content")
        }
        return root
    }
}

/// What `ingot verify` found.
struct VerifiedJSON: Encodable {
    let predicateType: String
    let signedBy: String
    let subjects: [Statement.Subject]
    /// Whether the document was compared with an image.
    let comparedWithImage: Bool

    init(_ verified: EnvelopeVerification, isAbout: Bool) {
        predicateType = verified.statement.predicateType
        signedBy = verified.signer.id
        subjects = verified.statement.subjects
        comparedWithImage = isAbout
    }

    func text(_ path: String) -> String {
        let about = subjects.map { subject in
            subject.name + subject.digest.sorted { $0.key < $1.key }.map { " \($0.key):\($0.value)" }.joined()
        }
        return """
            \(path): valid
              type       \(predicateType)
              signed by  \(signedBy)
              about      \(about.joined(separator: ", "))\(comparedWithImage ? ", the image that was named" : "")

            """
    }
}
