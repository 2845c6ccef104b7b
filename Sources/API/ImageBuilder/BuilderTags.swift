import Cloud
import Model
import Recipes

/// What an ARN in a path names, and its tags: those that a client gave its document, or those of an image.
private struct BuilderTags {
    private enum Resource {
        case document(DocumentShelf, String)
        case image(ImageRecord)
    }

    private let resource: Resource
    private let call: BuilderCall
    private let text: String

    init(_ text: String, _ call: BuilderCall) throws(APIError) {
        self.call = call
        self.text = text
        guard let arn = BuilderARN.Kind.allCases.lazy.compactMap({ BuilderARN(text, $0) }).first else {
            throw APIError("InvalidParameterException", "The value '\(text.prefix(300))' is not the ARN of a resource.")
        }
        guard arn.isOf(call) else { throw .notFound(arn: text) }
        switch arn.kind {
        case .pipeline: resource = .document(call.shelf(.pipelines), try call.pipeline(text).name.description)
        case .recipe: resource = .document(call.shelf(.recipes), try call.recipe(text).reference)
        case .component:
            guard call.isOwner, let component = call.component(arn) else { throw .notFound(arn: text) }
            resource = .document(call.shelf(.components), component.name.document)
        case .infrastructure:
            let stored = try call.configuration(text, .infrastructure, .infrastructure, of: InfrastructureRequest.self)
            resource = .document(call.shelf(.infrastructure), stored.origin.document)
        case .distribution: resource = .document(call.shelf(.distributions), try call.distribution(text).origin.document)
        case .image:
            let versions = try call.images().filter {
                let version = $0.release.version
                return BuilderARN.word($0.release.recipe.description) == arn.name && version.semantic == arn.version
                    && (arn.build == nil || version.build == arn.build)
            }
            guard let built = versions.last else { throw .notFound(arn: text) }
            resource = .image(built.image)
        }
    }

    /// Documents that a person wrote have none.
    var tags: [String: String] {
        switch resource {
        case .document(let shelf, let name): shelf.entry(name)?.origin.tags ?? [:]
        case .image(let image): Dictionary(image.tags.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
        }
    }

    func add(_ new: [String: String]) throws(APIError) {
        switch resource {
        case .image(let image):
            let tags = try TagSet(asked: new)
            try asking { () throws(Failure) in try call.call.actions.createTags(tags, on: [.image(image.id)]) }
        case .document: try change { $0.merge(new) { $1 } }
        }
    }

    func remove(_ keys: [String]) throws(APIError) {
        switch resource {
        case .image(let image):
            // Tags of services are no client's to remove.
            let gone = keys.filter { image.tags[$0] != nil }.map { TagRemoval(key: $0, value: nil) }
            if gone.isEmpty { return }
            try asking { () throws(Failure) in try call.call.actions.deleteTags(gone, from: [.image(image.id)]) }
        case .document: try change { tags in for key in keys { tags[key] = nil } }
        }
    }

    /// The text below the first line stays as it is.
    private func change(_ body: (inout [String: String]) -> Void) throws(APIError) {
        guard case .document(let shelf, let name) = resource else { return }
        try call.editing { () throws(APIError) in
            let entry = try call.changeable(name, on: shelf)
            var origin = entry.origin
            body(&origin.tags)
            _ = try call.checked(tags: origin.tags)
            try shelf.replace(entry, origin, entry.body)
        }
    }
}

struct TagBuilderResource: ImageBuilderAction {
    static let name = "TagResource"
    static let path: [String?] = ["tags", nil]
    private let arn: String
    private let tags: [String: String]

    private struct Body: Decodable {
        let tags: [String: String]
    }

    init(_ input: RestInput) throws(APIError) {
        arn = input.parts[1]
        tags = try input.members(Body.self).tags
        guard 1...50 ~= tags.count else {
            throw APIError("InvalidParameterException", "The member tags must hold 1 to 50 tags.")
        }
    }

    func run(_ call: BuilderCall, _ answer: inout JSONWriter) throws(APIError) { try BuilderTags(arn, call).add(tags) }
}

struct UntagBuilderResource: ImageBuilderAction {
    static let name = "UntagResource"
    static let method = "DELETE"
    static let path: [String?] = ["tags", nil]
    private let arn: String
    private let keys: [String]

    init(_ input: RestInput) throws(APIError) {
        arn = input.parts[1]
        keys = input.parameters("tagKeys")
        guard 1...50 ~= keys.count else { throw APIError("InvalidParameterException", "tagKeys must name 1 to 50 keys.") }
    }

    func run(_ call: BuilderCall, _ answer: inout JSONWriter) throws(APIError) { try BuilderTags(arn, call).remove(keys) }
}

struct ListBuilderTags: ImageBuilderAction {
    static let name = "ListTagsForResource"
    static let method = "GET"
    static let path: [String?] = ["tags", nil]
    private let arn: String

    init(_ input: RestInput) throws(APIError) { arn = input.parts[1] }

    func run(_ call: BuilderCall, _ answer: inout JSONWriter) throws(APIError) {
        answer.field("tags", texts: try BuilderTags(arn, call).tags)
    }
}
