import Cloud
import Model

/// Adds tags to resources of the caller's.
struct CreateTags: EC2Action {
    private let resources: [TaggedResource]
    private let tags: TagSet

    init(_ input: QueryInput) throws(APIError) {
        resources = try input.taggedResources()
        tags = try input.tags()
        guard tags.count > 0 else { throw .missing("tagSet") }
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.createTags(tags, on: resources) }
        answer.done()
    }
}

/// Takes tags away: all, those of a key, or those of a key and a value.
struct DeleteTags: EC2Action {
    private let resources: [TaggedResource]
    private let removals: [TagRemoval]

    init(_ input: QueryInput) throws(APIError) {
        resources = try input.taggedResources()
        removals = try input.structures("Tag").map { tag throws(APIError) in
            TagRemoval(key: try tag.required("Key"), value: tag.text("Value"))
        }
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.deleteTags(removals, from: resources) }
        answer.done()
    }
}

struct DescribeTags: EC2Action {
    private let filters: [ResourceFilter]

    init(_ input: QueryInput) throws(APIError) {
        filters = try input.filters()
        // All fit into one page.
        _ = try input.limit()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let tags = try asking { () throws(Failure) in try call.actions.describeTags(filters) }
        answer.list("tagSet", tags) { description, xml in
            xml.element("resourceId", description.resource.description)
            xml.element("resourceType", description.resource.kind)
            xml.element("key", description.tag.key)
            xml.element("value", description.tag.value)
        }
    }
}

extension QueryInput {
    fileprivate func taggedResources() throws(APIError) -> [TaggedResource] {
        let ids = try strings("ResourceId")
        guard !ids.isEmpty else { throw .missing("resourceIdSet") }
        return try ids.map { text throws(APIError) in
            do throws(Failure) { return try TaggedResource(parsing: text) } catch {
                throw APIError(.invalidID, "The ID '\(text.prefix(100))' is not valid")
            }
        }
    }
}
