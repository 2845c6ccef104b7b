import Components
import Model
import Platform
import Recipes

/// CreateComponent: a document in `recipes/components`, as it came below its first line. A version that is there gets its next build.
struct CreateComponent: ImageBuilderAction {
    static let method = "PUT"
    private let request: Request

    private struct Request: DocumentRequest {
        let name: String
        let semanticVersion: String
        let description: String?
        let changeDescription: String?
        let platform: String
        let supportedOsVersions: [String]?
        let data: String?
        let tags: [String: String]?
        let clientToken: String
        let dryRun: Bool?
    }

    private static let longestData = 16_000

    init(_ input: RestInput) throws(APIError) { request = try input.members(Request.self) }

    func run(_ call: BuilderCall, _ answer: inout JSONWriter) throws(APIError) {
        let name = try call.name(of: request)
        guard request.platform == "Linux" else { throw .invalid(arn: request.platform, "platform") }
        guard let data = request.data, 1...Self.longestData ~= data.unicodeScalars.count else {
            throw APIError("InvalidRequestException", "The member data must hold 1 to \(Self.longestData) characters.")
        }
        guard let version = try? ImageVersion(parsing: "\(request.semanticVersion)/1"),
            version.semantic == request.semanticVersion
        else {
            throw APIError("InvalidVersionNumberException", "The version '\(request.semanticVersion.prefix(60))' is not valid.")
        }
        let made = try call.editing { () throws(APIError) in try make(name, version, data, call) }
        answer.field("clientToken", request.clientToken)
        answer.field(
            "componentBuildVersionArn", call.arn(.component, made.name, made.version.semantic, build: made.version.build))
        answer.latestReferences(call, .component, made.name, made.version)
    }

    private func make(
        _ name: ResourceName, _ version: ImageVersion, _ data: String, _ call: BuilderCall
    ) throws(APIError) -> ComponentName {
        let shelf = call.shelf(.components)
        if let known = try shelf.known(request.clientToken, request: try call.digest(of: request)) {
            return ComponentName(document: known.origin.document)
        }
        let word = BuilderARN.word(name.description)
        let others = shelf.names.map { (document: $0, name: ComponentName(document: $0)) }.filter {
            BuilderARN.word($0.name.name) == word
        }
        if let other = others.first(where: { $0.name.name != name.description || !$0.name.isVersioned }) {
            throw .alreadyExists(other.name.name)
        }
        let builds = others.filter { $0.name.version.semantic == version.semantic }
        let last = builds.max { $0.name.version.build < $1.name.version.build }
        if let last, shelf.entry(last.document)?.body == data {
            throw APIError("ResourceAlreadyExistsException", "The latest build of the component has the same data.")
        }
        guard let next = version.with(build: (last?.name.version.build ?? 0) + 1) else {
            throw APIError("InvalidVersionNumberException", "The version \(version.semantic) has no next build.")
        }
        let made = ComponentName(name: name.description, version: next)
        var origin = try call.origin(made.document, request)
        origin.changeDescription = request.changeDescription
        origin.supportedOsVersions = request.supportedOsVersions
        try reading { () throws(Failure) in
            _ = try ComponentDocument(parsing: Array(try origin.text(data).utf8), file: "\(made.document).yaml")
        }
        if request.dryRun ?? false { throw .builderDryRun }
        try shelf.add(origin, data)
        return made
    }
}

/// Removes a build version that a client made and no recipe uses.
struct DeleteComponent: ImageBuilderAction {
    static let method = "DELETE"
    private let text: String

    init(_ input: RestInput) throws(APIError) { text = input.parameter("componentBuildVersionArn") ?? "" }

    func run(_ call: BuilderCall, _ answer: inout JSONWriter) throws(APIError) {
        guard let arn = BuilderARN(text, .component), arn.build != nil else {
            throw .invalid(arn: text, "componentBuildVersionArn")
        }
        guard call.isOwner, let component = call.component(arn) else { throw .notFound(arn: text) }
        try call.editing { () throws(APIError) in
            let shelf = call.shelf(.components)
            let entry = try call.changeable(component.name.document, on: shelf)
            if let recipe = call.recipes.first(where: { $0.componentUses.contains { $0.name == component.name.document } }) {
                throw .needed(text, by: call.arn(.recipe, recipe.name.description, recipe.version.description))
            }
            try shelf.remove(entry)
        }
        answer.field("componentBuildVersionArn", text)
    }
}
