import Model
import Recipes

/// A pipeline as a client asks for it: CreateImagePipeline and UpdateImagePipeline.
struct PipelineRequest: DocumentRequest {
    var name: String
    let description: String?
    let imageRecipeArn: String
    let infrastructureConfigurationArn: String
    let distributionConfigurationArn: String?
    let imageTestsConfiguration: Tests?
    let enhancedImageMetadataEnabled: Bool?
    let schedule: Schedule?
    let status: Status?
    var tags: [String: String]?
    let imageTags: [String: String]?
    var clientToken: String
    var dryRun: Bool?

    struct Tests: Codable {
        let imageTestsEnabled: Bool?
        /// Kept, as in Image Builder, which does not look at it either.
        let timeoutMinutes: Int?
    }

    struct Schedule: Codable {
        let scheduleExpression: String?
        let timezone: String?
        let pipelineExecutionStartCondition: String?
    }

    enum Status: String, Codable {
        case enabled = "ENABLED"
        case disabled = "DISABLED"
    }
}

extension BuilderCall {
    /// A pipeline's document, checked by its reader.
    func document(of request: PipelineRequest, _ distribution: DistributionRequest?) throws(APIError) -> String {
        let recipe = try recipe(request.imageRecipeArn)
        guard request.imageTestsConfiguration?.imageTestsEnabled ?? true else {
            throw APIError(
                "InvalidRequestException", "Tests cannot be left out here: make a recipe without components that test.")
        }
        _ = try checked(tags: request.imageTags)
        let body = YAMLText.map([
            ("name", .text(request.name)),
            ("description", request.description.map { .text($0) }),
            ("recipe", .text(recipe.name.description)),
            ("recipeVersion", recipe.reference == recipe.name.description ? nil : .text(recipe.version.description)),
            ("schedule", try schedule(request)),
            ("region", .text(call.region.description)),
            ("image", try image(request, distribution)),
            ("distribution", try copies(distribution)),
        ]).document
        try reading { () throws(Failure) in
            _ = try PipelineDocument(Array(body.utf8), file: "\(shelf(.pipelines).folder)/\(request.name).yaml")
        }
        return body
    }

    /// One that is disabled has none; clients may start it.
    private func schedule(_ request: PipelineRequest) throws(APIError) -> YAMLText? {
        guard let schedule = request.schedule, let expression = schedule.scheduleExpression, request.status != .disabled else {
            return nil
        }
        let condition: String
        switch schedule.pipelineExecutionStartCondition {
        case nil, "EXPRESSION_MATCH_AND_DEPENDENCY_UPDATES_AVAILABLE": condition = "dependency-updates"
        case "EXPRESSION_MATCH_ONLY": condition = "expression-match-only"
        case let other?: throw .invalid(arn: other, "pipelineExecutionStartCondition")
        }
        return .map([
            (expression.hasPrefix("rate(") ? "rate" : "cron", .text(expression)),
            ("timezone", schedule.timezone.map { .text($0) }), ("startCondition", .text(condition)),
        ])
    }

    private func image(_ request: PipelineRequest, _ distribution: DistributionRequest?) throws(APIError) -> YAMLText? {
        let own = distribution?.distributions.first { $0.region == call.region.description }?.amiDistributionConfiguration
        let tags = (request.imageTags ?? [:]).merging(own?.amiTags ?? [:]) { $1 }
        let members = try (own?.members(withKey: false) ?? []) + [("tags", .texts(tags))]
        return members.allSatisfy { $0.1 == nil } ? nil : .map(members)
    }

    private func copies(_ distribution: DistributionRequest?) throws(APIError) -> YAMLText? {
        let others = (distribution?.distributions ?? []).filter { $0.region != call.region.description }
        if others.isEmpty { return nil }
        return .list(
            try others.map { target throws(APIError) in
                let images = target.amiDistributionConfiguration
                return .map(
                    try [("region", .text(target.region))] + (images?.members(withKey: true) ?? [])
                        + [("tags", .texts(images?.amiTags ?? [:]))])
            })
    }
}
