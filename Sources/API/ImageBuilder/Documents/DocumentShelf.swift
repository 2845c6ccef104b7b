import Crypto
import Model
import Platform
import Recipes

/// One folder of documents as clients of Image Builder see it: they add documents, and change and remove those that a client made.
struct DocumentShelf {
    /// A document that a client made.
    struct Entry {
        var origin: DocumentOrigin
        let body: String
    }

    enum Kind: String {
        case recipes
        case pipelines
        case components = "recipes/components"
        case infrastructure = "infrastructure-configurations"
        case distributions = "distribution-configurations"
    }

    /// So many documents a client may make in one folder.
    private static let most = 1000
    private static let limit = 1 << 20

    let folder: String

    init(_ kind: Kind, _ documents: DocumentLibrary) { folder = "\(documents.root)/\(kind.rawValue)" }

    private func path(_ name: String) -> String { "\(folder)/\(name).yaml" }

    /// The names of all documents, whoever wrote them.
    var names: [String] {
        Files.names(in: folder).filter { $0.hasSuffix(".yaml") && !$0.hasPrefix(".") }.map { String($0.dropLast(5)) }.sorted()
    }

    /// Nil where there is none, or a person wrote it.
    func entry(_ name: String) -> Entry? {
        guard let bytes = try? Files.read(path(name), limit: Self.limit), let text = String(validating: bytes, as: UTF8.self),
            let (origin, body) = DocumentOrigin.split(text), origin.document == name
        else { return nil }
        return Entry(origin: origin, body: body)
    }

    var entries: [Entry] { names.compactMap(entry) }

    /// What the same request made before; another one under the same token is refused.
    func known(_ token: String, request: String) throws(APIError) -> Entry? {
        guard let entry = entries.first(where: { $0.origin.token == token }) else { return nil }
        guard entry.origin.request == request else {
            throw APIError("IdempotentParameterMismatchException", "The client token was used for another request.")
        }
        return entry
    }

    // MARK: Changing

    /// Adds a document. One that is there is never overwritten, whoever wrote it and at the same moment.
    func add(_ origin: DocumentOrigin, _ body: String) throws(APIError) {
        guard entries.count < Self.most else {
            throw APIError("ServiceQuotaExceededException", "There are \(Self.most) resources of the kind already.", status: 402)
        }
        let text = try asking { () throws(Failure) in try origin.text(body) }
        let target = path(origin.document)
        // A name that no reader takes for a document, and no other server for its own.
        let draft = "\(target).\(ProcessIdentity.own)\(Self.draftEnd)"
        do throws(SystemError) {
            try Files.makeFolders(folder)
            removeLeftDrafts()
            try Files.writeDurably(draft, Array(text.utf8))
            do throws(SystemError) { try Files.renameNew(draft, to: target) } catch {
                try? Files.remove(draft)
                throw error
            }
            try Files.synchronizeFolder(folder)
        } catch {
            if Files.exists(target) { throw .alreadyExists(origin.document) }
            throw Self.failed(error)
        }
    }

    /// Those of servers that died.
    private func removeLeftDrafts() {
        for name in Files.names(in: folder) where name.hasSuffix(Self.draftEnd) {
            let holder = name.dropLast(Self.draftEnd.count).split(separator: ".").last.map(String.init) ?? ""
            if ProcessIdentity.isDead(holder) { try? Files.remove("\(folder)/\(name)") }
        }
    }

    private static let draftEnd = ".draft"

    /// Puts another text in the place of a document that a client made and nobody changed.
    func replace(_ entry: Entry, _ origin: DocumentOrigin, _ body: String) throws(APIError) {
        try check(entry)
        let text = try asking { () throws(Failure) in try origin.text(body) }
        do throws(SystemError) { try Files.writeDurably(path(origin.document), Array(text.utf8)) } catch {
            throw Self.failed(error)
        }
    }

    func remove(_ entry: Entry) throws(APIError) {
        try check(entry)
        do throws(SystemError) {
            try Files.remove(path(entry.origin.document))
            try Files.synchronizeFolder(folder)
        } catch { throw Self.failed(error) }
    }

    func check(_ entry: Entry) throws(APIError) {
        guard entry.origin.isOf(entry.body) else {
            throw .forbidden("The document \(entry.origin.document) was changed by hand since a client made it.")
        }
    }

    /// Paths stay here: they are nobody's business at the other end.
    private static func failed(_ error: SystemError) -> APIError {
        APIError(
            "ServiceException", "The document could not be written\(error.isNoSpace ? ": the disk is full" : "").", status: 500)
    }
}

extension APIError {
    static func alreadyExists(_ name: String) -> APIError {
        APIError("ResourceAlreadyExistsException", "A resource with the name '\(name.prefix(200))' exists already.")
    }

    static func forbidden(_ message: String) -> APIError { APIError("ForbiddenException", message, status: 403) }

    static func needed(_ arn: String, by other: String) -> APIError {
        APIError("ResourceDependencyException", "The resource \(arn.prefix(300)) is used by \(other.prefix(300)).")
    }

    static let builderDryRun = APIError(
        "DryRunOperationException", "Request would have succeeded, but DryRun flag is set.", status: 412)
}
