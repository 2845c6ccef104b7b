import Model
import Orchestration
import Recipes

extension BuilderCall {
    /// The pipelines that clients made in the region, as they asked for them.
    var requested: [(entry: DocumentShelf.Entry, request: PipelineRequest)] {
        shelf(.pipelines).entries.compactMap { entry in
            entry.origin.region == call.region.description ? entry.origin.pipeline.map { (entry, $0) } : nil
        }
    }

    /// Of all regions. Documents that cannot be read are left out.
    var allPipelines: [PipelineDocument] {
        workshop.documents.names(.pipelines).compactMap { try? workshop.documents.pipeline($0) }
    }

    /// The document that follows from a request and from the configurations that it names, which must be there.
    fileprivate func document(of request: PipelineRequest) throws(APIError) -> String {
        _ = try configuration(
            request.infrastructureConfigurationArn, .infrastructure, .infrastructure, of: InfrastructureRequest.self)
        return try document(
            of: request, try request.distributionConfigurationArn.map { arn throws(APIError) in try distribution(arn).request })
    }
}

/// CreateImagePipeline: a document `pipelines/<name>.yaml`.
struct CreateImagePipeline: ImageBuilderAction {
    static let method = "PUT"
    private let request: PipelineRequest

    init(_ input: RestInput) throws(APIError) { request = try input.members(PipelineRequest.self) }

    func run(_ call: BuilderCall, _ answer: inout JSONWriter) throws(APIError) {
        let name = try call.name(of: request)
        try call.editing { () throws(APIError) in
            let shelf = call.shelf(.pipelines)
            if try shelf.known(request.clientToken, request: try call.digest(of: request)) != nil { return }
            try call.checkIsFree(name, on: shelf)
            var origin = try call.origin(name.description, request)
            origin.pipeline = request
            let body = try call.document(of: request)
            if request.dryRun ?? false { throw .builderDryRun }
            try shelf.add(origin, body)
        }
        answer.field("clientToken", request.clientToken)
        answer.field("imagePipelineArn", call.arn(.pipeline, name.description))
    }
}

/// UpdateImagePipeline: the request is all of the pipeline, as in Image Builder; only its tags stay.
struct UpdateImagePipeline: ImageBuilderAction {
    static let method = "PUT"
    private let input: Input

    private struct Input: Decodable {
        let imagePipelineArn: String
        let description: String?
        let imageRecipeArn: String
        let infrastructureConfigurationArn: String
        let distributionConfigurationArn: String?
        let imageTestsConfiguration: PipelineRequest.Tests?
        let enhancedImageMetadataEnabled: Bool?
        let schedule: PipelineRequest.Schedule?
        let status: PipelineRequest.Status?
        let imageTags: [String: String]?
        let clientToken: String
    }

    init(_ input: RestInput) throws(APIError) { self.input = try input.members(Input.self) }

    func run(_ call: BuilderCall, _ answer: inout JSONWriter) throws(APIError) {
        let pipeline = try call.pipeline(input.imagePipelineArn)
        let request = PipelineRequest(
            name: pipeline.name.description, description: input.description, imageRecipeArn: input.imageRecipeArn,
            infrastructureConfigurationArn: input.infrastructureConfigurationArn,
            distributionConfigurationArn: input.distributionConfigurationArn,
            imageTestsConfiguration: input.imageTestsConfiguration,
            enhancedImageMetadataEnabled: input.enhancedImageMetadataEnabled, schedule: input.schedule, status: input.status,
            tags: nil, imageTags: input.imageTags, clientToken: input.clientToken, dryRun: nil)
        _ = try call.name(of: request)
        try call.editing { () throws(APIError) in
            let shelf = call.shelf(.pipelines)
            let entry = try call.changeable(request.name, on: shelf)
            var origin = entry.origin.updated(at: call.call.now)
            origin.pipeline = request
            try shelf.replace(entry, origin, try call.document(of: request))
        }
        answer.field("clientToken", input.clientToken)
        answer.field("imagePipelineArn", input.imagePipelineArn)
    }
}

/// Removes a pipeline that a client made and that is not being built. Its images stay.
struct DeleteImagePipeline: ImageBuilderAction {
    static let method = "DELETE"
    private let text: String

    init(_ input: RestInput) throws(APIError) { text = input.parameter("imagePipelineArn") ?? "" }

    func run(_ call: BuilderCall, _ answer: inout JSONWriter) throws(APIError) {
        let pipeline = try call.pipeline(text)
        try call.editing { () throws(APIError) in
            let shelf = call.shelf(.pipelines)
            let entry = try call.changeable(pipeline.name.description, on: shelf)
            if call.workshop.isExecuting(pipeline.name) { throw .needed(text, by: "an execution that is under way") }
            try shelf.remove(entry)
        }
        answer.field("imagePipelineArn", text)
    }
}
