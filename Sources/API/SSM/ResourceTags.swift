import Cloud
import Model

/// A resource that Systems Manager tags: here parameters and documents.
private enum TaggedResource {
    case parameter(ParameterName, any ParameterStore)
    case document(String, any DocumentActions)

    init(_ type: String, _ id: String, _ call: Call) throws(APIError) {
        switch type {
        case "Parameter":
            guard let name = try? ParameterName(parsing: id) else { throw Self.unknown }
            self = .parameter(name, try call.parameters)
        case "Document": self = .document(id, try call.documents { (actions) throws(Failure) in actions })
        default:
            throw APIError(
                "InvalidResourceType",
                "The resource type is not valid. For example, if you are attempting to tag an EC2 instance, the instance must be a registered managed instance."
            )
        }
    }

    private static let unknown = APIError(
        "InvalidResourceId", "The resource ID is not valid. Verify that you entered the correct ID and try again.")

    private func asking<Result>(_ body: () throws(Failure) -> Result) throws(APIError) -> Result {
        do throws(Failure) { return try body() } catch {
            switch error.code {
            case .notFound: throw Self.unknown
            case _ where error.planeError?.code == .invalidDocument: throw Self.unknown
            case .invalid where error.planeError?.code == .tagLimitExceeded:
                throw APIError("TooManyTagsError", "The Targets parameter includes too many tags.")
            case .invalid: throw APIError("ValidationException", error.message)
            default: throw APIError(error)
            }
        }
    }

    func tags() throws(APIError) -> TagSet {
        try asking { () throws(Failure) in
            switch self {
            case .parameter(let name, let store): return try store.tags(of: name)
            case .document(let name, let actions):
                guard let record = try actions.documents().first(where: { $0.name == name }) else { throw Failure(.noDocument) }
                return record.tags
            }
        }
    }

    func add(_ tags: [Tag]) throws(APIError) {
        try asking { () throws(Failure) in
            let set = try TagSet(tags)
            switch self {
            case .parameter(let name, let store): try store.tag(name, with: set)
            case .document(let name, let actions): try actions.tagDocument(name, with: set)
            }
        }
    }

    func remove(_ keys: [String]) throws(APIError) {
        try asking { () throws(Failure) in
            switch self {
            case .parameter(let name, let store): try store.untag(name, keys: keys)
            case .document(let name, let actions): try actions.untagDocument(name, keys: keys)
            }
        }
    }
}

/// Adds tags to a parameter or a document.
struct AddTagsToResource: JSONAction {
    let type: String
    let id: String
    let tags: [Tag]

    private enum CodingKeys: String, CodingKey {
        case type = "ResourceType"
        case id = "ResourceId"
        case tags = "Tags"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) { try TaggedResource(type, id, call).add(tags) }
}

/// Takes tags off a parameter or a document.
struct RemoveTagsFromResource: JSONAction {
    let type: String
    let id: String
    let keys: [String]

    private enum CodingKeys: String, CodingKey {
        case type = "ResourceType"
        case id = "ResourceId"
        case keys = "TagKeys"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) { try TaggedResource(type, id, call).remove(keys) }
}

/// The tags of a parameter or a document.
struct ListTagsForResource: JSONAction {
    let type: String
    let id: String

    private enum CodingKeys: String, CodingKey {
        case type = "ResourceType"
        case id = "ResourceId"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        answer.field("TagList", list: try TaggedResource(type, id, call).tags())
    }
}
