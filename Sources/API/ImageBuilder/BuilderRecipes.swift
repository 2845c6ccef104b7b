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
        guard let arn = BuilderARN(text, .recipe), arn.build == nil else { throw .invalid(arn: text, "imageRecipeArn") }
        guard arn.isOf(call),
            let recipe = call.recipes.first(where: { BuilderARN.word($0.name.description) == arn.name }),
            arn.version == recipe.version.description || arn.version == "x.x.x"
        else { throw .notFound(arn: text) }
        answer.field("imageRecipe") { json in
            call.write(recipe, &json)
            json.field("type", "AMI")
            json.field("description", ifPresent: recipe.description)
            json.field("version", recipe.version.description)
            json.field("components", recipe.componentUses) { use, json in
                json.field("componentArn", call.arn(.component, use.name, ComponentFile.version, build: 1))
                json.field("parameters", use.parameters) { parameter, json in
                    json.field("name", parameter.name)
                    json.field("value", [parameter.value])
                }
            }
            json.field("blockDeviceMappings", recipe.blockDeviceMappings) { mapping, json in
                json.field("deviceName", mapping.deviceName)
            }
            json.field("tags", object: { json in for tag in recipe.tags { json.field(tag.key, tag.value) } })
        }
    }
}

extension Recipe {
    /// The components that its stages use by name, with their parameters; those with a path are no components of the library.
    fileprivate var componentUses: [(name: String, parameters: [(name: String, value: String)])] {
        stages.compactMap { entry in
            guard type(of: entry.stage).name == "component", case .map(let fields) = entry.definition,
                case .text(let name)? = fields["use"], !name.contains("/")
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

/// A component document of the library. It has no version of its own: 1.0.0/1 stands for what it is now.
struct ComponentFile {
    static let version = "1.0.0"

    let name: String
    let document: ComponentDocument
    let text: String

    init?(_ name: String, in folder: String) {
        let file = "\(folder)/\(name).yaml"
        guard let bytes = try? Files.read(file, limit: ComponentDocument.Limits.bytes + 1),
            let document = try? ComponentDocument(parsing: bytes, file: file)
        else { return nil }
        self.name = name
        self.document = document
        text = String(decoding: bytes, as: UTF8.self)
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

    fileprivate func write(_ component: ComponentFile, build: Int?, _ json: inout JSONWriter) {
        json.field("arn", arn(.component, component.name, ComponentFile.version, build: build))
        json.field("name", component.name)
        json.field("version", ComponentFile.version)
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
        try list.write(
            list.asksForOwn ? call.components : [], as: "componentVersionList",
            facts: {
                [
                    "name": $0.name, "description": $0.document.description, "platform": "Linux", "type": $0.type,
                    "version": ComponentFile.version,
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
        let wanted = arn.version.flatMap { try? VersionSelector(parsing: $0) }
        let own = ImageVersion(1, 0, 0, build: 1)
        guard arn.isOf(call), arn.build ?? 1 == 1, let own, wanted?.matches(own) ?? false,
            let component = call.components.first(where: { BuilderARN.word($0.name) == arn.name })
        else { throw .notFound(arn: text) }
        answer.field("component") { json in
            call.write(component, build: 1, &json)
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
