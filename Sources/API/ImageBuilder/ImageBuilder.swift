import Cloud
import HTTPServer
import Model

/// EC2 Image Builder, over REST and JSON: the documents and images of the workspace under its names.
///
/// A pipeline document is an image pipeline, a recipe an image recipe, a document in `recipes/components` a component, and an image version of a
/// recipe an image. What Ingot has no word for, such as infrastructure configurations, is left out of answers. All belongs to the account that
/// the workspace acts for; a pipeline and its images are seen in the pipeline's region.
enum ImageBuilder {
    static let actions: [any ImageBuilderAction.Type] = [
        ListImagePipelines.self,
        GetImagePipeline.self,
        CreateImagePipeline.self,
        UpdateImagePipeline.self,
        DeleteImagePipeline.self,
        StartImagePipelineExecution.self,
        ListImagePipelineImages.self,
        ListImages.self,
        ListImageBuildVersions.self,
        GetImage.self,
        ListImageRecipes.self,
        GetImageRecipe.self,
        CreateImageRecipe.self,
        DeleteImageRecipe.self,
        ListComponents.self,
        GetComponent.self,
        CreateComponent.self,
        DeleteComponent.self,
        CreateInfrastructureConfiguration.self,
        GetInfrastructureConfiguration.self,
        ListInfrastructureConfigurations.self,
        UpdateInfrastructureConfiguration.self,
        DeleteInfrastructureConfiguration.self,
        CreateDistributionConfiguration.self,
        GetDistributionConfiguration.self,
        ListDistributionConfigurations.self,
        UpdateDistributionConfiguration.self,
        DeleteDistributionConfiguration.self,
        TagBuilderResource.self,
        UntagBuilderResource.self,
        ListBuilderTags.self,
    ]

    static func answer(_ request: Request, _ call: Call) throws(APIError) -> Response {
        let input = try RestInput(request, lists: ["tagKeys"])
        guard let action = actions.first(where: { $0.method == request.method && input.matches($0.path) })
        else { throw APIError("UnknownOperationException", "There is no such operation.", status: 404) }
        guard let workshop = call.workshop else {
            throw APIError("ServiceUnavailableException", "This endpoint has no documents.", status: 503)
        }
        do throws(APIError) {
            let ready = try action.init(input)
            try input.checkAllRead()
            var json = JSONWriter()
            try json.object { (json) throws(APIError) in
                json.field("requestId", call.requestID)
                try ready.run(BuilderCall(call, workshop), &json)
            }
            return Response(
                200, contentType: "application/json", fields: [.init("x-amzn-RequestId", call.requestID)], body: json.bytes)
        } catch { throw error.ofImageBuilder }
    }
}

/// An action of Image Builder.
protocol ImageBuilderAction: Sendable {
    static var name: String { get }
    static var method: String { get }
    /// The parts of its path, mostly its name; nil for one that varies.
    static var path: [String?] { get }
    init(_ input: RestInput) throws(APIError)
    /// Writes the members of the answer.
    func run(_ call: BuilderCall, _ answer: inout JSONWriter) throws(APIError)
}

extension ImageBuilderAction {
    static var name: String { String(describing: Self.self) }
    static var method: String { "POST" }
    static var path: [String?] { [name] }
}

/// A call with what Image Builder answers from.
struct BuilderCall {
    let call: Call
    let workshop: Workshop

    init(_ call: Call, _ workshop: Workshop) {
        self.call = call
        self.workshop = workshop
    }

    /// Other accounts have nothing here.
    var isOwner: Bool { call.account == call.plane.settings.account }

    func arn(_ kind: BuilderARN.Kind, _ name: String, _ version: String? = nil, build: Int? = nil) -> String {
        BuilderARN(region: call.region, account: call.account, kind: kind, name: name, version: version, build: build)
            .description
    }
}

extension APIError {
    /// The errors of others as Image Builder has them.
    fileprivate var ofImageBuilder: APIError {
        switch code {
        case "ValidationException", "SerializationException": APIError("InvalidRequestException", message)
        case _ where code.hasSuffix("Exception"): self
        case _ where status >= 500: renamed("ServiceException", status: 500)
        default: APIError("InvalidRequestException", message)
        }
    }

    static func notFound(arn: String) -> APIError {
        APIError("ResourceNotFoundException", "The resource (Arn: '\(arn.prefix(300))') cannot be found.", status: 404)
    }

    static func invalid(arn: String, _ parameter: String) -> APIError {
        APIError("InvalidRequestException", "The value '\(arn.prefix(300))' supplied for parameter '\(parameter)' is not valid.")
    }
}
