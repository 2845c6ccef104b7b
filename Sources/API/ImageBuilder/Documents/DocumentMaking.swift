import Crypto
import Model
import Platform
import Recipes
import Synchronization

/// What every request that makes a document has.
protocol DocumentRequest: Codable, Sendable {
    var name: String { get }
    var clientToken: String { get }
    var tags: [String: String]? { get }
    var dryRun: Bool? { get }
}

extension BuilderCall {
    func shelf(_ kind: DocumentShelf.Kind) -> DocumentShelf { DocumentShelf(kind, workshop.documents) }

    /// Runs `body` while no other request of this server makes, changes or removes documents.
    func editing<Result>(_ body: () throws(APIError) -> Result) throws(APIError) -> Result {
        guard isOwner else { throw .forbidden("The documents here belong to another account.") }
        return try workshop.editing.withLock { (_) throws(APIError) in try body() }
    }

    /// The origin of a new document.
    func origin(_ document: String, _ request: some DocumentRequest) throws(APIError) -> DocumentOrigin {
        DocumentOrigin(
            document: document, region: call.region.description, token: request.clientToken, request: try digest(of: request),
            body: "", created: call.now.withMilliseconds, updated: call.now.withMilliseconds,
            tags: try checked(tags: request.tags))
    }

    func digest(of request: some DocumentRequest) throws(APIError) -> String {
        try asking { () throws(Failure) in SHA256.digest(of: try CanonicalJSON.text(of: request)).hex }
    }

    func checked(tags: [String: String]?) throws(APIError) -> [String: String] {
        _ = try TagSet(asked: tags ?? [:])
        return tags ?? [:]
    }

    /// The name as a name of files too: letters, digits, blanks, `-` and `_`.
    func name(of request: some DocumentRequest) throws(APIError) -> ResourceName {
        guard 1...64 ~= request.clientToken.utf8.count else { throw .invalid(arn: request.clientToken, "clientToken") }
        do throws(Failure) { return try ResourceName(parsing: request.name) } catch {
            throw .invalid(arn: request.name, "name")
        }
    }

    /// Refuses a name that gives the ARN of one that is there, whoever wrote it.
    func checkIsFree(_ name: ResourceName, on shelf: DocumentShelf) throws(APIError) {
        let word = BuilderARN.word(name.description)
        if shelf.names.contains(where: { BuilderARN.word($0) == word }) { throw .alreadyExists(name.description) }
    }

    /// The document that a client made, for changing it. What a person wrote is his.
    func changeable(_ document: String, on shelf: DocumentShelf) throws(APIError) -> DocumentShelf.Entry {
        guard let entry = shelf.entry(document) else {
            throw .forbidden("The document \(document) was written by a person, who alone changes it.")
        }
        try shelf.check(entry)
        return entry
    }
}

/// What the readers of documents found, as a client's mistake.
func reading<Result>(_ body: () throws(Failure) -> Result) throws(APIError) -> Result {
    do throws(Failure) { return try body() } catch {
        throw APIError("InvalidRequestException", String(error.message.prefix(2000)))
    }
}

extension JSONWriter {
    /// The references that stand for the latest of a version's kind.
    mutating func latestReferences(_ call: BuilderCall, _ kind: BuilderARN.Kind, _ name: String, _ version: ImageVersion) {
        field("latestVersionReferences") { json in
            json.field("latestVersionArn", call.arn(kind, name, "x.x.x"))
            json.field("latestMajorVersionArn", call.arn(kind, name, "\(version.major).x.x"))
            json.field("latestMinorVersionArn", call.arn(kind, name, "\(version.major).\(version.minor).x"))
            json.field("latestPatchVersionArn", call.arn(kind, name, version.semantic))
        }
    }
}
