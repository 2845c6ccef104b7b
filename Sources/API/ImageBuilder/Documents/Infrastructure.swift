import FoundationEssentials
import Model
import Recipes

/// How an instance of Image Builder would be launched. Builds here have no instance: it is kept, answered and has no effect; what it could not
/// be silent about (logs, notifications, placement, instances of groups) is refused.
struct InfrastructureRequest: DocumentRequest {
    let name: String
    let description: String?
    let instanceTypes: [String]?
    let instanceProfileName: String
    let securityGroupIds: [String]?
    let subnetId: String?
    let keyPair: String?
    let terminateInstanceOnFailure: Bool?
    let terminateInstanceOnCompletion: Bool?
    let resourceTags: [String: String]?
    let instanceMetadataOptions: MetadataOptions?
    let tags: [String: String]?
    var clientToken: String
    let dryRun: Bool?

    struct MetadataOptions: Codable {
        let httpTokens: String?
        let httpPutResponseHopLimit: Int?
    }
}

/// A configuration that a client made: a document in a folder of its own, JSON under its first line.
struct StoredConfiguration<Request: DocumentRequest> {
    let entry: DocumentShelf.Entry
    let request: Request
    var origin: DocumentOrigin { entry.origin }

    init?(_ entry: DocumentShelf.Entry) {
        guard let request = try? JSONDecoder().decode(Request.self, from: Data(entry.body.utf8)) else { return nil }
        self.entry = entry
        self.request = request
    }

    static func body(_ request: Request) throws(APIError) -> String {
        try asking { () throws(Failure) in try CanonicalJSON.text(of: request, pretty: true) + "\n" }
    }
}

extension BuilderCall {
    /// Those of the region, by name.
    func configurations<Request>(
        _ kind: DocumentShelf.Kind, of type: Request.Type
    ) -> [StoredConfiguration<Request>] {
        guard isOwner else { return [] }
        return shelf(kind).entries.filter { $0.origin.region == call.region.description }.compactMap { StoredConfiguration($0) }
    }

    func configuration<Request>(
        _ text: String, _ kind: BuilderARN.Kind, _ shelf: DocumentShelf.Kind, of type: Request.Type
    ) throws(APIError) -> StoredConfiguration<Request> {
        guard let arn = BuilderARN(text, kind) else { throw .invalid(arn: text, "\(kind.member)Arn") }
        guard arn.isOf(self),
            let found = configurations(shelf, of: type).first(where: { BuilderARN.word($0.request.name) == arn.name })
        else { throw .notFound(arn: text) }
        return found
    }

    /// Adds a configuration, once a client's token. Returns its name.
    func make<Request: DocumentRequest>(_ request: Request, _ kind: DocumentShelf.Kind) throws(APIError) -> String {
        let name = try name(of: request)
        return try editing { () throws(APIError) in
            let shelf = shelf(kind)
            if let known = try shelf.known(request.clientToken, request: try digest(of: request)) { return known.origin.document }
            try checkIsFree(name, on: shelf)
            let origin = try origin(name.description, request)
            if request.dryRun ?? false { throw .builderDryRun }
            try shelf.add(origin, try StoredConfiguration.body(request))
            return name.description
        }
    }
}

extension BuilderARN.Kind {
    /// `imagePipeline`, as members of requests have it.
    var member: String {
        let words = rawValue.split(separator: "-")
        return words.dropFirst().reduce(String(words[0])) { $0 + $1.prefix(1).uppercased() + $1.dropFirst() }
    }
}

struct CreateInfrastructureConfiguration: ImageBuilderAction {
    static let method = "PUT"
    private let request: InfrastructureRequest

    init(_ input: RestInput) throws(APIError) { request = try input.members(InfrastructureRequest.self) }

    func run(_ call: BuilderCall, _ answer: inout JSONWriter) throws(APIError) {
        let name = try call.make(request, .infrastructure)
        answer.field("clientToken", request.clientToken)
        answer.field("infrastructureConfigurationArn", call.arn(.infrastructure, name))
    }
}

extension JSONWriter {
    fileprivate mutating func infrastructure(_ stored: StoredConfiguration<InfrastructureRequest>, _ call: BuilderCall) {
        let request = stored.request
        field("arn", call.arn(.infrastructure, request.name))
        field("name", request.name)
        field("description", ifPresent: request.description)
        if let types = request.instanceTypes { field("instanceTypes", types) }
        field("instanceProfileName", request.instanceProfileName)
        field("dateCreated", stored.origin.created)
        field("dateUpdated", stored.origin.updated)
        if let tags = request.resourceTags { field("resourceTags", texts: tags) }
        field("tags", texts: stored.origin.tags)
    }
}

struct GetInfrastructureConfiguration: ImageBuilderAction {
    static let method = "GET"
    private let text: String

    init(_ input: RestInput) throws(APIError) { text = input.parameter("infrastructureConfigurationArn") ?? "" }

    func run(_ call: BuilderCall, _ answer: inout JSONWriter) throws(APIError) {
        let stored = try call.configuration(text, .infrastructure, .infrastructure, of: InfrastructureRequest.self)
        let request = stored.request
        answer.field("infrastructureConfiguration") { json in
            json.infrastructure(stored, call)
            if let groups = request.securityGroupIds { json.field("securityGroupIds", groups) }
            json.field("subnetId", ifPresent: request.subnetId)
            json.field("keyPair", ifPresent: request.keyPair)
            json.field("terminateInstanceOnFailure", request.terminateInstanceOnFailure ?? true)
            json.field("terminateInstanceOnCompletion", request.terminateInstanceOnCompletion ?? true)
            if let options = request.instanceMetadataOptions {
                json.field("instanceMetadataOptions") { json in
                    json.field("httpTokens", ifPresent: options.httpTokens)
                    if let limit = options.httpPutResponseHopLimit { json.field("httpPutResponseHopLimit", limit) }
                }
            }
        }
    }
}

struct ListInfrastructureConfigurations: ImageBuilderAction {
    private let list: ListRequest

    init(_ input: RestInput) throws(APIError) { list = try ListRequest(input) }

    func run(_ call: BuilderCall, _ answer: inout JSONWriter) throws(APIError) {
        try list.write(
            call.configurations(.infrastructure, of: InfrastructureRequest.self), as: "infrastructureConfigurationSummaryList",
            facts: { ["name": $0.request.name] }, &answer
        ) { stored, json in json.infrastructure(stored, call) }
    }
}

/// The request is all of the configuration; only its tags stay.
struct UpdateInfrastructureConfiguration: ImageBuilderAction {
    static let method = "PUT"
    private let input: Input

    private struct Input: Decodable {
        let infrastructureConfigurationArn: String
        let description: String?
        let instanceTypes: [String]?
        let instanceProfileName: String
        let securityGroupIds: [String]?
        let subnetId: String?
        let keyPair: String?
        let terminateInstanceOnFailure: Bool?
        let terminateInstanceOnCompletion: Bool?
        let resourceTags: [String: String]?
        let instanceMetadataOptions: InfrastructureRequest.MetadataOptions?
        let clientToken: String
    }

    init(_ input: RestInput) throws(APIError) { self.input = try input.members(Input.self) }

    func run(_ call: BuilderCall, _ answer: inout JSONWriter) throws(APIError) {
        try call.editing { () throws(APIError) in
            let stored = try call.configuration(
                input.infrastructureConfigurationArn, .infrastructure, .infrastructure, of: InfrastructureRequest.self)
            let request = InfrastructureRequest(
                name: stored.request.name, description: input.description, instanceTypes: input.instanceTypes,
                instanceProfileName: input.instanceProfileName, securityGroupIds: input.securityGroupIds,
                subnetId: input.subnetId, keyPair: input.keyPair, terminateInstanceOnFailure: input.terminateInstanceOnFailure,
                terminateInstanceOnCompletion: input.terminateInstanceOnCompletion, resourceTags: input.resourceTags,
                instanceMetadataOptions: input.instanceMetadataOptions, tags: stored.request.tags,
                clientToken: stored.request.clientToken, dryRun: nil)
            _ = try call.name(of: request)
            try call.shelf(.infrastructure).replace(
                stored.entry, stored.origin.updated(at: call.call.now), try StoredConfiguration.body(request))
        }
        answer.field("clientToken", input.clientToken)
        answer.field("infrastructureConfigurationArn", input.infrastructureConfigurationArn)
    }
}

/// Refused while a pipeline names it.
struct DeleteInfrastructureConfiguration: ImageBuilderAction {
    static let method = "DELETE"
    private let text: String

    init(_ input: RestInput) throws(APIError) { text = input.parameter("infrastructureConfigurationArn") ?? "" }

    func run(_ call: BuilderCall, _ answer: inout JSONWriter) throws(APIError) {
        let stored = try call.configuration(text, .infrastructure, .infrastructure, of: InfrastructureRequest.self)
        try call.editing { () throws(APIError) in
            if let user = call.requested.first(where: { $0.request.infrastructureConfigurationArn == text }) {
                throw .needed(text, by: "the pipeline \(user.request.name)")
            }
            try call.shelf(.infrastructure).remove(stored.entry)
        }
        answer.field("infrastructureConfigurationArn", text)
    }
}
