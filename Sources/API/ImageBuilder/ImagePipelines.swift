import Cloud
import Ledger
import Model
import Orchestration
import Platform
import Recipes

extension BuilderCall {
    /// The pipelines of the region, by name. Documents that cannot be read are left out.
    var pipelines: [PipelineDocument] {
        guard isOwner else { return [] }
        return workshop.documents.names(.pipelines).compactMap { try? workshop.documents.pipeline($0) }.filter {
            $0.region == call.region
        }
    }

    func pipeline(_ text: String) throws(APIError) -> PipelineDocument {
        guard let arn = BuilderARN(text, .pipeline) else { throw .invalid(arn: text, "imagePipelineArn") }
        guard arn.account == call.account, arn.region == call.region,
            let pipeline = pipelines.first(where: { BuilderARN.word($0.name.description) == arn.name })
        else { throw .notFound(arn: text) }
        return pipeline
    }

    func write(_ pipeline: PipelineDocument, _ json: inout JSONWriter) {
        json.field("arn", arn(.pipeline, pipeline.name.description))
        json.field("name", pipeline.name.description)
        json.field("description", ifPresent: pipeline.description)
        json.field("platform", "Linux")
        if let recipe = try? workshop.documents.recipe(pipeline.recipeReference, stages: workshop.stages) {
            json.field("imageRecipeArn", arn(.recipe, recipe.name.description, recipe.version.description))
        }
        let origin = shelf(.pipelines).entry(pipeline.name.description)?.origin
        json.field("infrastructureConfigurationArn", ifPresent: origin?.pipeline?.infrastructureConfigurationArn)
        json.field("distributionConfigurationArn", ifPresent: origin?.pipeline?.distributionConfigurationArn)
        if let schedule = pipeline.schedule {
            write(schedule, json: &json)
        } else if let schedule = origin?.pipeline?.schedule {
            write(schedule, json: &json)
        }
        json.field("status", (origin?.pipeline?.status ?? .enabled).rawValue)
        json.field("dateCreated", ifPresent: origin?.created)
        json.field("dateUpdated", ifPresent: origin?.updated)
        if let origin { json.field("tags", texts: origin.tags) }
        writeRuns(of: pipeline, &json)
        json.field("imageTags", object: { json in for tag in pipeline.image.tags { json.field(tag.key, tag.value) } })
    }

    private func write(_ schedule: ScheduleDefinition, json: inout JSONWriter) {
        json.field("schedule") { json in
            json.field("scheduleExpression", schedule.expression.description)
            json.field("timezone", schedule.zone.name)
            json.field(
                "pipelineExecutionStartCondition",
                schedule.startCondition == .dependencyUpdates
                    ? "EXPRESSION_MATCH_AND_DEPENDENCY_UPDATES_AVAILABLE" : "EXPRESSION_MATCH_ONLY")
        }
    }

    /// That of a pipeline which is disabled: its document has none.
    private func write(_ schedule: PipelineRequest.Schedule, json: inout JSONWriter) {
        json.field("schedule") { json in
            json.field("scheduleExpression", ifPresent: schedule.scheduleExpression)
            json.field("timezone", ifPresent: schedule.timezone)
            json.field("pipelineExecutionStartCondition", ifPresent: schedule.pipelineExecutionStartCondition)
        }
    }

    private func writeRuns(of pipeline: PipelineDocument, _ json: inout JSONWriter) {
        if let last = try? workshop.workspace.ledger.builds(pipeline: pipeline.name, limit: 1).first {
            json.field("dateLastRun", last.started.withMilliseconds)
            json.field("lastRunStatus", last.state.imageStatus)
        }
        guard let definition = pipeline.schedule else { return }
        let anchor = try? workshop.workspace.ledger.lastClaimed(pipeline.name, kind: "build")
        let schedule = definition.schedule(anchor: anchor ?? call.now)
        if let next = schedule.next(after: call.now) { json.field("dateNextRun", next.withMilliseconds) }
    }
}

extension BuildState {
    /// In Image Builder's words. A build that changed nothing has its image.
    fileprivate var imageStatus: String {
        switch self {
        case .running: "BUILDING"
        case .succeeded, .unchanged: "AVAILABLE"
        case .failed: "FAILED"
        case .cancelled: "CANCELLED"
        }
    }
}

struct ListImagePipelines: ImageBuilderAction {
    private let list: ListRequest

    init(_ input: RestInput) throws(APIError) { list = try ListRequest(input) }

    func run(_ call: BuilderCall, _ answer: inout JSONWriter) throws(APIError) {
        try list.write(
            call.pipelines, as: "imagePipelineList",
            facts: { ["name": $0.name.description, "description": $0.description ?? "", "status": "ENABLED"] }, &answer
        ) { pipeline, json in call.write(pipeline, &json) }
    }
}

struct GetImagePipeline: ImageBuilderAction {
    static let method = "GET"
    private let arn: String

    init(_ input: RestInput) throws(APIError) {
        arn = input.parameter("imagePipelineArn") ?? ""
    }

    func run(_ call: BuilderCall, _ answer: inout JSONWriter) throws(APIError) {
        let pipeline = try call.pipeline(arn)
        answer.field("imagePipeline") { json in call.write(pipeline, &json) }
    }
}

/// Begins a build. It runs on a thread of the server; the answer names the version that it is going to make.
struct StartImagePipelineExecution: ImageBuilderAction {
    static let method = "PUT"
    private let input: Input

    private struct Input: Decodable {
        let imagePipelineArn: String
        let clientToken: String
        let tags: [String: String]?
    }

    init(_ input: RestInput) throws(APIError) {
        self.input = try input.members(Input.self)
        guard 1...64 ~= self.input.clientToken.utf8.count else { throw .invalid(arn: self.input.clientToken, "clientToken") }
        guard self.input.tags?.isEmpty ?? true else {
            throw APIError("InvalidRequestException", "Tags of one execution are not supported here: write them in the pipeline.")
        }
    }

    func run(_ call: BuilderCall, _ answer: inout JSONWriter) throws(APIError) {
        let execution = try call.workshop.start(try call.pipeline(input.imagePipelineArn), token: input.clientToken)
        answer.field("clientToken", input.clientToken)
        answer.field(
            "imageBuildVersionArn",
            call.arn(.image, execution.recipe.description, execution.version.semantic, build: execution.version.build))
    }
}

/// The images that a pipeline made, the newest first.
struct ListImagePipelineImages: ImageBuilderAction {
    private let list: ListRequest

    init(_ input: RestInput) throws(APIError) { list = try ListRequest(input, taking: .imagePipelineArn) }

    func run(_ call: BuilderCall, _ answer: inout JSONWriter) throws(APIError) {
        guard let text = list.imagePipelineArn else { throw .invalid(arn: "", "imagePipelineArn") }
        let pipeline = try call.pipeline(text)
        let built = try asking { () throws(Failure) in
            Set(
                try call.workshop.workspace.ledger.builds(pipeline: pipeline.name).filter { $0.state == .succeeded }.compactMap(
                    \.image))
        }
        let images: [BuiltImage] = try call.images().filter { built.contains($0.image.id) }.reversed()
        try call.write(images, list, &answer)
    }
}
