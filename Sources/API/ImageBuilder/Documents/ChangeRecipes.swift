import Cloud
import Components
import Model
import Platform
import Recipes

/// CreateImageRecipe: a document `recipes/<name>@<version>.yaml`. Its stages are the components in their order, what they validate, and what
/// they test.
struct CreateImageRecipe: ImageBuilderAction {
    static let method = "PUT"
    private let request: Request

    private struct Request: DocumentRequest {
        let name: String
        let description: String?
        let semanticVersion: String
        let components: [Use]?
        let parentImage: String
        let blockDeviceMappings: [Device]?
        let tags: [String: String]?
        let amiTags: [String: String]?
        let clientToken: String
        let dryRun: Bool?

        struct Use: Codable {
            let componentArn: String
            let parameters: [Parameter]?
        }

        struct Parameter: Codable {
            let name: String
            let value: [String]
        }

        struct Device: Codable {
            let deviceName: String
            let ebs: EBS?
        }

        struct EBS: Codable {
            let encrypted: Bool?
            let deleteOnTermination: Bool?
            let iops: Int?
            let kmsKeyId: String?
            let volumeSize: Int?
            let volumeType: String?
            let throughput: Int?
        }
    }

    init(_ input: RestInput) throws(APIError) { request = try input.members(Request.self) }

    func run(_ call: BuilderCall, _ answer: inout JSONWriter) throws(APIError) {
        let name = try call.name(of: request)
        let made = try call.editing { () throws(APIError) in try make(name, call) }
        answer.field("clientToken", request.clientToken)
        answer.field("imageRecipeArn", call.arn(.recipe, name.description, made.semantic))
        answer.latestReferences(call, .recipe, name.description, made)
    }

    private func make(_ name: ResourceName, _ call: BuilderCall) throws(APIError) -> ImageVersion {
        let shelf = call.shelf(.recipes)
        if let known = try shelf.known(request.clientToken, request: try call.digest(of: request)),
            let version = try? ImageVersion(parsing: "\(known.origin.document.split(separator: "@").last ?? "")/1")
        {
            return version
        }
        let version = try version(name, shelf)
        guard let pattern = try? VersionPattern(parsing: version.semantic) else { throw Self.invalid(request.semanticVersion) }
        let document = DocumentLibrary.reference(name, pattern)
        let origin = try call.origin(document, request)
        let body = try text(name, version, call).document
        try reading { () throws(Failure) in
            _ = try Recipe(
                Array(try origin.text(body).utf8), file: "\(shelf.folder)/\(document).yaml", stages: call.workshop.stages)
        }
        if request.dryRun ?? false { throw .builderDryRun }
        try shelf.add(origin, body)
        return version
    }

    /// An `x` is the number after the highest of the recipe's versions.
    private func version(_ name: ResourceName, _ shelf: DocumentShelf) throws(APIError) -> ImageVersion {
        let word = BuilderARN.word(name.description)
        var versions: [ImageVersion] = []
        for document in shelf.names {
            let parts = document.split(separator: "@", maxSplits: 1).map(String.init)
            guard BuilderARN.word(parts[0]) == word else { continue }
            guard parts.count == 2, parts[0] == name.description else { throw .alreadyExists(parts[0]) }
            if let version = try? ImageVersion(parsing: "\(parts[1])/1") { versions.append(version) }
        }
        guard let pattern = try? VersionPattern(parsing: request.semanticVersion),
            let next = try? pattern.next(after: versions), let version = next.with(build: 1)
        else { throw Self.invalid(request.semanticVersion) }
        if versions.contains(version) { throw .alreadyExists("\(name) \(version.semantic)") }
        return version
    }

    private static func invalid(_ version: String) -> APIError {
        APIError("InvalidVersionNumberException", "The version '\(version.prefix(60))' is not valid.")
    }

    // MARK: The document

    private func text(_ name: ResourceName, _ version: ImageVersion, _ call: BuilderCall) throws(APIError) -> YAMLText {
        let stages = try stages(call)
        return .map([
            ("name", .text(name.description)),
            ("description", request.description.map { .text($0) }),
            ("version", .text(version.semantic)),
            ("parentImage", .text(try parent(call))),
            ("blockDeviceMappings", devices),
            ("stages", stages.isEmpty ? nil : .list(stages)),
            ("tags", .texts(request.amiTags ?? [:])),
        ])
    }

    /// An AMI, an image of Image Builder, or an empty file system. Files of the host are nobody's parent image here.
    private func parent(_ call: BuilderCall) throws(APIError) -> String {
        let text = request.parentImage
        if text == "scratch" || (try? ImageID(parsing: text)) != nil { return text }
        guard let arn = BuilderARN(text, .image), arn.isOf(call) else { throw .invalid(arn: text, "parentImage") }
        let names = try call.images().map { $0.release.recipe.description } + call.recipes.map { $0.name.description }
        guard let name = names.first(where: { BuilderARN.word($0) == arn.name }) else { throw .notFound(arn: text) }
        let build = arn.build.map { "/\($0)" } ?? ""
        return "\(name)/\(arn.version ?? "x.x.x")\(build)"
    }

    private var devices: YAMLText? {
        guard let devices = request.blockDeviceMappings, !devices.isEmpty else { return nil }
        return .list(
            devices.map { device in
                let ebs = device.ebs
                return .map([
                    ("deviceName", .text(device.deviceName)),
                    (
                        "ebs",
                        .map([
                            ("volumeSize", ebs?.volumeSize.map { YAMLText($0) }),
                            ("volumeType", ebs?.volumeType.map { .text($0) }),
                            ("iops", ebs?.iops.map { YAMLText($0) }), ("throughput", ebs?.throughput.map { YAMLText($0) }),
                            ("deleteOnTermination", ebs?.deleteOnTermination.map { YAMLText($0) }),
                            ("encrypted", ebs?.encrypted.map { YAMLText($0) }), ("kmsKeyId", ebs?.kmsKeyId.map { .text($0) }),
                        ])
                    ),
                ])
            })
    }

    private func stages(_ call: BuilderCall) throws(APIError) -> [YAMLText] {
        var stages: [YAMLText] = []
        var tests: [YAMLText] = []
        var validates = false
        var seen: Set<String> = []
        for use in request.components ?? [] {
            guard let arn = BuilderARN(use.componentArn, .component), arn.isOf(call) else {
                throw .invalid(arn: use.componentArn, "componentArn")
            }
            guard let component = call.component(arn) else { throw .notFound(arn: use.componentArn) }
            guard seen.insert(component.name.name).inserted else {
                throw APIError("InvalidRequestException", "The component \(component.name.name) is listed twice.")
            }
            let parameters = try parameters(use, component)
            let phases = Set(component.document.phases.map(\.name))
            // An instance of Image Builder reaches the network.
            let rest: [(String, YAMLText?)] = [("parameters", .texts(parameters)), ("network", YAMLText(true))]
            if phases != ["test"] {
                stages.append(.map([("component", .map([("use", .text(component.name.document))] + rest))]))
            }
            validates = validates || phases.contains("validate")
            if phases.contains("test") {
                tests.append(.map([("test", .map([("component", .text(component.name.document))] + rest))]))
            }
        }
        return stages + (validates ? [.plain("validate")] : []) + tests
    }

    private func parameters(_ use: Request.Use, _ component: ComponentFile) throws(APIError) -> [String: String] {
        var values: [String: String] = [:]
        for parameter in use.parameters ?? [] {
            guard component.document.parameters.contains(where: { $0.name == parameter.name }), parameter.value.count == 1,
                values.updateValue(parameter.value[0], forKey: parameter.name) == nil
            else {
                throw APIError(
                    "InvalidRequestException",
                    "The parameter '\(parameter.name.prefix(100))' of the component \(component.name.name) is unknown, or has not one value."
                )
            }
        }
        for parameter in component.document.parameters where parameter.defaultValue == nil && values[parameter.name] == nil {
            throw APIError(
                "InvalidRequestException",
                "The parameter '\(parameter.name)' of the component \(component.name.name) needs a value.")
        }
        return values
    }
}

/// Removes a recipe that a client made and no pipeline uses.
struct DeleteImageRecipe: ImageBuilderAction {
    static let method = "DELETE"
    private let text: String

    init(_ input: RestInput) throws(APIError) { text = input.parameter("imageRecipeArn") ?? "" }

    func run(_ call: BuilderCall, _ answer: inout JSONWriter) throws(APIError) {
        let recipe = try call.recipe(text)
        try call.editing { () throws(APIError) in
            let shelf = call.shelf(.recipes)
            let entry = try call.changeable(recipe.reference, on: shelf)
            if let pipeline = call.allPipelines.first(where: { $0.recipeReference == recipe.reference }) {
                throw .needed(text, by: "the pipeline \(pipeline.name)")
            }
            try shelf.remove(entry)
        }
        answer.field("imageRecipeArn", text)
    }
}
