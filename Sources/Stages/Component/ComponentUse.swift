import Components
import Crypto
import Model
import Pipeline
import Platform
import Recipes
import Sandbox
import Text

/// A component that a stage names, and what it gets: `{use: nginx, parameters: {Workers: "4"}, secrets: {Token: env:TOKEN}, network: true}`.
struct ComponentUse: Sendable {
    /// A name, which means a document in the folder `components` beside the recipe, or a path from the recipe's folder.
    let reference: String
    let parameters: [String: String]
    let secrets: [String: SecretReference]
    let network: NetworkAccess

    static let options = [
        OptionHelp("parameters", "values of the document's parameters, by name"),
        OptionHelp("secrets", "parameters whose values are secret: env:VARIABLE, file:/path or ssm:/parameter, by name"),
        OptionHelp("network", "true lets programs of the component reach the network; false by default"),
    ]

    /// Reads the fields of a stage; `key` is the field that names the document. Nil, and reported, without one.
    init?(_ fields: FieldReader, key: String) {
        let reference = fields.string(key)
        let values = ComponentValues(fields)
        guard let reference else { return nil }
        self.reference = reference
        parameters = values.parameters
        secrets = values.secrets
        network = values.network
    }

    /// The file of the document, as a path of the host.
    func file(in context: InputContext) -> String {
        if reference.hasPrefix("/") { return reference }
        if reference.contains("/") || reference.hasSuffix(".yaml") || reference.hasSuffix(".yml") {
            return "\(context.baseFolder)/\(reference)"
        }
        return "\(context.componentsFolder)/\(reference).yaml"
    }

    func document(in context: InputContext) throws(Failure) -> ComponentDocument {
        let file = file(in: context)
        let bytes = try ExternalFile.read(file, what: "the component document", limit: ComponentDocument.Limits.bytes + 1)
        let document = try ComponentDocument(parsing: bytes, file: file)
        for name in (Array(parameters.keys) + secrets.keys).sorted()
        where !document.parameters.contains(where: { $0.name == name }) {
            throw Failure(
                .invalid, "the component \(reference) has no parameter '\(name)'",
                hint: Suggestion.hint(for: name, among: document.parameters.map(\.name)))
        }
        return document
    }

    /// The document, and the parameters of the region that it names outright. A secret is told by its reference alone.
    func inputs(in context: InputContext) throws(Failure) -> [StageInput] {
        let document = try document(in: context)
        var inputs = [StageInput("component \(reference)", document.digest.hex)]
        for name in document.storedParameters(parameters.mapValues { ParameterValue($0) }) {
            guard let stored = try context.services.parameter(name) else { continue }
            let value: String
            switch stored.value {
            case .string(let text): value = text
            case .list(let texts): value = texts.joined(separator: ",")
            case .secure: value = "a secret"
            }
            inputs.append(StageInput("parameter \(name)", value))
        }
        return inputs
    }

    func invocation(_ document: ComponentDocument, in context: InputContext) throws(Failure) -> ComponentInvocation {
        var values = parameters.mapValues { ParameterValue($0) }
        for (name, reference) in secrets {
            values[name] = ParameterValue(try context.services.secret(reference), isSecret: true)
        }
        return ComponentInvocation(document, parameters: values)
    }
}

/// The fields of a stage that say what a component gets.
private struct ComponentValues {
    let parameters: [String: String]
    let secrets: [String: SecretReference]
    let network: NetworkAccess

    init(_ fields: FieldReader) {
        let parameters = fields.stringMap("parameters")
        var secrets: [String: SecretReference] = [:]
        for (key, value) in fields.optional("secrets")?.entries() ?? [] {
            guard let name = key.string(), let reference = value.value(SecretReference.self) else { continue }
            if parameters[name] != nil { key.report("'\(name)' is among the 'parameters' already") }
            secrets[name] = reference
        }
        self.parameters = parameters
        self.secrets = secrets
        network = fields.boolean("network", default: false) ? .outgoing : .none
    }
}
