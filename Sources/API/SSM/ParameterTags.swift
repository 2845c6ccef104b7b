import Cloud
import Model

/// A resource that SSM tags: here parameters alone.
private struct TaggedParameter {
    let name: ParameterName
    let store: any ParameterStore

    init(_ type: String, _ id: String, _ call: Call) throws(APIError) {
        guard type == "Parameter" else {
            throw APIError(
                "InvalidResourceType",
                "The resource type is not valid. For example, if you are attempting to tag an EC2 instance, the instance must be a registered managed instance."
            )
        }
        guard let name = try? ParameterName(parsing: id) else { throw Self.unknown }
        self.name = name
        store = try call.parameters
    }

    private static let unknown = APIError(
        "InvalidResourceId", "The resource ID is not valid. Verify that you entered the correct ID and try again.")

    func asking<Result>(_ body: (TaggedParameter) throws(Failure) -> Result) throws(APIError) -> Result {
        do throws(Failure) { return try body(self) } catch {
            switch error.code {
            case .notFound: throw Self.unknown
            case .invalid where error.planeError?.code == .tagLimitExceeded:
                throw APIError("TooManyTagsError", "The Targets parameter includes too many tags.")
            case .invalid: throw APIError("ValidationException", error.message)
            default: throw APIError(error)
            }
        }
    }
}

/// Adds tags to a parameter.
struct AddTagsToResource: JSONAction {
    let type: String
    let id: String
    let tags: [Tag]

    private enum CodingKeys: String, CodingKey {
        case type = "ResourceType"
        case id = "ResourceId"
        case tags = "Tags"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        try TaggedParameter(type, id, call).asking { parameter throws(Failure) in
            try parameter.store.tag(parameter.name, with: try TagSet(tags))
        }
    }
}

/// Takes tags off a parameter.
struct RemoveTagsFromResource: JSONAction {
    let type: String
    let id: String
    let keys: [String]

    private enum CodingKeys: String, CodingKey {
        case type = "ResourceType"
        case id = "ResourceId"
        case keys = "TagKeys"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        try TaggedParameter(type, id, call).asking { parameter throws(Failure) in
            try parameter.store.untag(parameter.name, keys: keys)
        }
    }
}

/// The tags of a parameter.
struct ListTagsForResource: JSONAction {
    let type: String
    let id: String

    private enum CodingKeys: String, CodingKey {
        case type = "ResourceType"
        case id = "ResourceId"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let tags = try TaggedParameter(type, id, call).asking { parameter throws(Failure) in
            try parameter.store.tags(of: parameter.name)
        }
        answer.field("TagList", tags) { tag, json in
            json.field("Key", tag.key)
            json.field("Value", tag.value)
        }
    }
}
