import Cloud
import CommandLineKit
import Crypto
import Evidence
import Model
import Orchestration
import Platform

enum CertificateCommand: Command {
    enum Form: String, ArgumentChoice {
        case text, json, envelope
    }

    static let image = Argument<String>("image", "The image", values: .dynamic("image"))
    static let document = Option<DocumentChoice>(
        "document", short: "d", value: "document", "Which of the image's documents", default: .certificate)
    static let format = Option<Form>(
        "format", short: "f", value: "format", "For people; the statement's JSON; or the signed envelope", default: .text)
    static let outputFolder = Option<String?>(
        "output-dir", value: "folder", "Write all documents of the image there, each as a signed envelope", values: .file)

    static var specification: Specification {
        Specification(
            "certificate", "Show or export the signed documents of an image: scrub certificate, provenance, SBOM",
            discussion: """
                A build whose recipe has a scrub stage proves that its image is clean before it is available; the certificate says what was \
                searched, what was found, and what was left out. Documents are in-toto statements in DSSE envelopes, signed by a key of the \
                workspace, and stay with the image and its copies.
                """,
            examples: [
                Example("ingot certificate web-server", "What was proven, for people"),
                Example(
                    "ingot certificate web-server --document provenance --format json",
                    "What the image was made of, as SLSA has it"),
                Example("ingot certificate web-server --output-dir evidence", "All documents, for somebody else to verify"),
            ],
            parameters: [image, document, format, outputFolder],
            exitStatuses: [ExitMeaning(66, "The image, or this document of it, does not exist")], heading: Heading.images)
    }

    static func validate(_ arguments: ParsedArguments) throws(UsageError) {
        if arguments[outputFolder] != nil, arguments.isGiven(format) || arguments.isGiven(document) {
            throw UsageError(
                .rule("--output-dir writes all documents as envelopes, and goes with neither --document nor --format"))
        }
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let workspace = try context.reader()
        let files = try EvidenceFiles(of: try context.image(arguments[image], in: workspace), in: workspace)
        if let folder = arguments[outputFolder] {
            try export(files, to: folder, context)
            return .success
        }
        let kind = arguments[document].kind
        let bytes = try files.envelope(kind)
        switch arguments[format] {
        case .envelope: try context.print(String(decoding: bytes, as: UTF8.self))
        case .json: try context.print(try JSONText.encode(JSONReader.read(payload(bytes, kind), what: kind.fileName)) + "\n")
        case .text:
            let keys = try workspace.keys.entries().map(\.publicKey)
            let verified = try EnvelopeVerification(bytes, what: kind.fileName, trusting: keys, about: files.image.root)
            try context.print(StatementText(verified, files.image, kind).text(context))
        }
        return .success
    }

    private static func payload(_ bytes: [UInt8], _ kind: DocumentKind) throws(Failure) -> [UInt8] {
        try Envelope(reading: bytes, what: kind.fileName).payload
    }

    private static func export(_ files: EvidenceFiles, to folder: String, _ context: CommandContext) throws {
        do throws(SystemError) { try Files.makeFolders(folder) } catch {
            throw Failure(.io, "the folder \(folder) cannot be made", cause: error)
        }
        for kind in try files.kinds() {
            let path = "\(folder)/\(kind.fileName)"
            let bytes = try files.envelope(kind)
            do throws(SystemError) { try Files.writeDurably(path, bytes, permissions: 0o644) } catch {
                throw Failure(.io, "\(path) cannot be written", cause: error)
            }
            try context.printLine(path)
        }
    }
}

/// A document, as the command line names it.
enum DocumentChoice: String, ArgumentChoice {
    case certificate, provenance, spdx, cyclonedx

    var kind: DocumentKind {
        switch self {
        case .certificate: .certificate
        case .provenance: .provenance
        case .spdx: .spdx
        case .cyclonedx: .cyclonedx
        }
    }
}
