import Model
import Recipes

struct CreateDistributionConfiguration: ImageBuilderAction {
    static let method = "PUT"
    private let request: DistributionRequest

    init(_ input: RestInput) throws(APIError) { request = try input.members(DistributionRequest.self) }

    func run(_ call: BuilderCall, _ answer: inout JSONWriter) throws(APIError) {
        try request.checkRegions()
        for target in request.distributions { _ = try target.amiDistributionConfiguration?.members(withKey: true) }
        let name = try call.make(request, .distributions)
        answer.field("clientToken", request.clientToken)
        answer.field("distributionConfigurationArn", call.arn(.distribution, name))
    }
}

extension BuilderCall {
    var distributions: [StoredConfiguration<DistributionRequest>] { configurations(.distributions, of: DistributionRequest.self) }

    func distribution(_ text: String) throws(APIError) -> StoredConfiguration<DistributionRequest> {
        try configuration(text, .distribution, .distributions, of: DistributionRequest.self)
    }
}

struct GetDistributionConfiguration: ImageBuilderAction {
    static let method = "GET"
    private let text: String

    init(_ input: RestInput) throws(APIError) { text = input.parameter("distributionConfigurationArn") ?? "" }

    func run(_ call: BuilderCall, _ answer: inout JSONWriter) throws(APIError) {
        let stored = try call.distribution(text)
        let targets = try asking { () throws(Failure) in try CanonicalJSON.text(of: stored.request.distributions) }
        answer.field("distributionConfiguration") { json in
            json.distribution(stored, call)
            json.field("distributions", json: targets)
            // As AWS has it where nothing else is said.
            json.field("timeoutMinutes", 720)
        }
    }
}

struct ListDistributionConfigurations: ImageBuilderAction {
    private let list: ListRequest

    init(_ input: RestInput) throws(APIError) { list = try ListRequest(input) }

    func run(_ call: BuilderCall, _ answer: inout JSONWriter) throws(APIError) {
        try list.write(
            call.distributions, as: "distributionConfigurationSummaryList", facts: { ["name": $0.request.name] }, &answer
        ) { stored, json in
            json.distribution(stored, call)
            json.field("regions", stored.request.distributions.map(\.region))
        }
    }
}

extension JSONWriter {
    fileprivate mutating func distribution(_ stored: StoredConfiguration<DistributionRequest>, _ call: BuilderCall) {
        field("arn", call.arn(.distribution, stored.request.name))
        field("name", stored.request.name)
        field("description", ifPresent: stored.request.description)
        field("dateCreated", stored.origin.created)
        field("dateUpdated", stored.origin.updated)
        field("tags", texts: stored.origin.tags)
    }
}

/// Changes the documents of all pipelines that name it too, or nothing where one of them would not be valid.
struct UpdateDistributionConfiguration: ImageBuilderAction {
    static let method = "PUT"
    private let input: Input

    private struct Input: Decodable {
        let distributionConfigurationArn: String
        let description: String?
        let distributions: [DistributionRequest.Target]
        let clientToken: String
    }

    init(_ input: RestInput) throws(APIError) { self.input = try input.members(Input.self) }

    func run(_ call: BuilderCall, _ answer: inout JSONWriter) throws(APIError) {
        try call.editing { () throws(APIError) in
            let stored = try call.distribution(input.distributionConfigurationArn)
            let request = DistributionRequest(
                name: stored.request.name, description: input.description, distributions: input.distributions,
                tags: stored.request.tags, clientToken: stored.request.clientToken, dryRun: nil)
            try request.checkRegions()
            _ = try call.name(of: request)
            let shelf = call.shelf(.pipelines)
            let changes = try call.requested.filter {
                $0.request.distributionConfigurationArn == input.distributionConfigurationArn
            }.map { pipeline throws(APIError) in
                try shelf.check(pipeline.entry)
                return (pipeline.entry, try call.document(of: pipeline.request, request))
            }
            for (entry, body) in changes { try shelf.replace(entry, entry.origin.updated(at: call.call.now), body) }
            try call.shelf(.distributions).replace(
                stored.entry, stored.origin.updated(at: call.call.now), try StoredConfiguration.body(request))
        }
        answer.field("clientToken", input.clientToken)
        answer.field("distributionConfigurationArn", input.distributionConfigurationArn)
    }
}

/// Refused while a pipeline names it.
struct DeleteDistributionConfiguration: ImageBuilderAction {
    static let method = "DELETE"
    private let text: String

    init(_ input: RestInput) throws(APIError) { text = input.parameter("distributionConfigurationArn") ?? "" }

    func run(_ call: BuilderCall, _ answer: inout JSONWriter) throws(APIError) {
        let stored = try call.distribution(text)
        try call.editing { () throws(APIError) in
            if let user = call.requested.first(where: { $0.request.distributionConfigurationArn == text }) {
                throw .needed(text, by: "the pipeline \(user.request.name)")
            }
            try call.shelf(.distributions).remove(stored.entry)
        }
        answer.field("distributionConfigurationArn", text)
    }
}

extension DocumentOrigin {
    func updated(at now: Instant) -> DocumentOrigin {
        var origin = self
        origin.updated = now.withMilliseconds
        return origin
    }
}
