import Components
import Model
import Platform
import Recipes

extension BuilderCall {
    /// By name. Documents that cannot be read are left out.
    var recipes: [Recipe] {
        guard isOwner else { return [] }
        return workshop.documents.names(.recipes).compactMap {
            try? workshop.documents.recipe($0, stages: workshop.stages)
        }
    }

    /// Of several versions, the one that the ARN means: its own, or the latest for `x.x.x`.
    func recipe(_ text: String) throws(APIError) -> Recipe {
        guard let arn = BuilderARN(text, .recipe), arn.build == nil else { throw .invalid(arn: text, "imageRecipeArn") }
        let own = arn.isOf(self) ? recipes.filter { BuilderARN.word($0.name.description) == arn.name } : []
        let exact = own.first { $0.version.description == arn.version }
        let latest = arn.version == "x.x.x" ? own.max { $0.versionNow < $1.versionNow } : nil
        guard let recipe = exact ?? latest else { throw .notFound(arn: text) }
        return recipe
    }

    fileprivate func write(_ recipe: Recipe, _ json: inout JSONWriter) {
        json.field("arn", arn(.recipe, recipe.name.description, recipe.version.description))
        json.field("name", recipe.name.description)
        json.field("platform", "Linux")
        json.field("owner", call.account.description)
        json.field("parentImage", recipe.parentImage.description)
    }
}

struct ListImageRecipes: ImageBuilderAction {
    private let list: ListRequest

    init(_ input: RestInput) throws(APIError) { list = try ListRequest(input, taking: .owner) }

    func run(_ call: BuilderCall, _ answer: inout JSONWriter) throws(APIError) {
        try list.write(
            list.asksForOwn ? call.recipes : [], as: "imageRecipeSummaryList",
            facts: { ["name": $0.name.description, "parentImage": $0.parentImage.description, "platform": "Linux"] }, &answer
        ) { recipe, json in call.write(recipe, &json) }
    }
}

/// A recipe as it is now: its version is a pattern, of which `x` is the number that is given out.
struct GetImageRecipe: ImageBuilderAction {
    static let method = "GET"
    private let text: String

    init(_ input: RestInput) throws(APIError) {
        text = input.parameter("imageRecipeArn") ?? ""
    }

    func run(_ call: BuilderCall, _ answer: inout JSONWriter) throws(APIError) {
        let recipe = try call.recipe(text)
        let origin = call.shelf(.recipes).entry(recipe.reference)?.origin
        answer.field("imageRecipe") { json in
            call.write(recipe, &json)
            json.field("dateCreated", ifPresent: origin?.created)
            json.field("type", "AMI")
            json.field("description", ifPresent: recipe.description)
            json.field("version", recipe.version.description)
            json.field("components", recipe.componentUses) { use, json in
                let name = ComponentName(document: use.name)
                json.field("componentArn", call.arn(.component, name.name, name.version.semantic, build: name.version.build))
                json.field("parameters", use.parameters) { parameter, json in
                    json.field("name", parameter.name)
                    json.field("value", [parameter.value])
                }
            }
            json.field("blockDeviceMappings", recipe.blockDeviceMappings) { mapping, json in
                json.field("deviceName", mapping.deviceName)
            }
            // Of a document that a person wrote, the tags are those of its images.
            if let origin {
                json.field("tags", texts: origin.tags)
                json.field("amiTags", recipe.tags)
            } else {
                json.field("tags", recipe.tags)
            }
        }
    }
}

extension Recipe {
    /// Its version as a number, for choosing the latest; a pattern counts as the first that it gives.
    fileprivate var versionNow: ImageVersion { (try? version.next(after: [])) ?? .initial }

    /// The components that its stages use by name, with their parameters; those with a path are no components of the library.
    var componentUses: [(name: String, parameters: [(name: String, value: String)])] {
        stages.compactMap { entry in
            let kind = type(of: entry.stage).name
            guard ["component", "test"].contains(kind), case .map(let fields) = entry.definition,
                case .text(let name)? = fields[kind == "test" ? "component" : "use"], !name.contains("/")
            else { return nil }
            guard case .map(let values)? = fields["parameters"] else { return (name, []) }
            let parameters = values.sorted { $0.key < $1.key }.compactMap { key, value -> (name: String, value: String)? in
                if case .text(let text) = value { return (key, text) }
                return nil
            }
            return (name, parameters)
        }
    }
}

/// A component document of the library.
struct ComponentFile {
    let name: ComponentName
    let document: ComponentDocument
    /// As it was written, without the line of a client's document.
    let text: String
    /// Nil for what a person wrote.
    let origin: DocumentOrigin?

    init?(_ name: String, in folder: String) {
        let file = "\(folder)/\(name).yaml"
        guard let bytes = try? Files.read(file, limit: ComponentDocument.Limits.bytes + 1),
            let document = try? ComponentDocument(parsing: bytes, file: file)
        else { return nil }
        self.name = ComponentName(document: name)
        self.document = document
        let whole = String(decoding: bytes, as: UTF8.self)
        let parts = DocumentOrigin.split(whole).flatMap { $0.origin.document == name ? $0 : nil }
        (origin, text) = (parts?.origin, parts?.body ?? whole)
    }

    /// One that only tests is no part of an image.
    var type: String { document.phases.allSatisfy { $0.name == "test" } ? "TEST" : "BUILD" }
}

extension BuilderCall {
    /// By name. Documents that cannot be read are left out.
    var components: [ComponentFile] {
        guard isOwner else { return [] }
        let folder = "\(workshop.documents.root)/recipes/components"
        return Files.names(in: folder).filter { $0.hasSuffix(".yaml") }.sorted().compactMap {
            ComponentFile(String($0.dropLast(5)), in: folder)
        }
    }

    /// The latest build of each version, the highest version of a name first.
    var latestComponents: [ComponentFile] {
        let newestFirst = components.sorted { ($0.name.name, $1.name.version) < ($1.name.name, $0.name.version) }
        return newestFirst.first(ofEach: { "\($0.name.name)@\($0.name.version.semantic)" }, if: true)
    }

    /// The highest that an ARN means.
    func component(_ arn: BuilderARN) -> ComponentFile? {
        guard arn.isOf(self), let wanted = arn.version.flatMap({ try? VersionSelector(parsing: $0) }) else { return nil }
        let matching = components.filter {
            BuilderARN.word($0.name.name) == arn.name && wanted.matches($0.name.version)
                && (arn.build == nil || arn.build == $0.name.version.build)
        }
        return matching.max { $0.name.version < $1.name.version }
    }

    fileprivate func write(_ component: ComponentFile, build: Int?, _ json: inout JSONWriter) {
        let version = component.name.version.semantic
        json.field("arn", arn(.component, component.name.name, version, build: build))
        json.field("name", component.name.name)
        json.field("version", version)
        json.field("dateCreated", ifPresent: component.origin?.created)
        if let versions = component.origin?.supportedOsVersions { json.field("supportedOsVersions", versions) }
        if !component.document.description.isEmpty { json.field("description", component.document.description) }
        json.field("platform", "Linux")
        json.field("type", component.type)
        json.field("owner", call.account.description)
    }
}

struct ListComponents: ImageBuilderAction {
    private let list: ListRequest

    init(_ input: RestInput) throws(APIError) { list = try ListRequest(input, taking: .owner, .byName) }

    func run(_ call: BuilderCall, _ answer: inout JSONWriter) throws(APIError) {
        let all = list.asksForOwn ? call.latestComponents : []
        try list.write(
            all.first(ofEach: \.name.name, if: list.byName), as: "componentVersionList",
            facts: {
                [
                    "name": $0.name.name, "description": $0.document.description, "platform": "Linux", "type": $0.type,
                    "version": $0.name.version.semantic,
                ]
            }, &answer
        ) { component, json in call.write(component, build: nil, &json) }
    }
}

struct GetComponent: ImageBuilderAction {
    static let method = "GET"
    private let text: String

    init(_ input: RestInput) throws(APIError) {
        text = input.parameter("componentBuildVersionArn") ?? ""
    }

    func run(_ call: BuilderCall, _ answer: inout JSONWriter) throws(APIError) {
        guard let arn = BuilderARN(text, .component) else { throw .invalid(arn: text, "componentBuildVersionArn") }
        guard let component = call.component(arn) else { throw .notFound(arn: text) }
        answer.field("component") { json in
            call.write(component, build: component.name.version.build, &json)
            json.field("changeDescription", ifPresent: component.origin?.changeDescription)
            if let origin = component.origin { json.field("tags", texts: origin.tags) }
            json.field("data", component.text)
            json.field("state") { $0.field("status", "ACTIVE") }
            json.field("encrypted", false)
            json.field("parameters", component.document.parameters) { parameter, json in
                json.field("name", parameter.name)
                json.field("type", "string")
                if let value = parameter.defaultValue { json.field("defaultValue", [value]) }
                if !parameter.description.isEmpty { json.field("description", parameter.description) }
            }
        }
    }
}
