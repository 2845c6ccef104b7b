import Model

extension QueryInput {
    /// Tags of a flat list of keys and values.
    func tags(_ key: String = "Tag") throws(APIError) -> TagSet {
        var tags: [Tag] = []
        for entry in try structures(key) {
            tags.append(try Self.tag(key: try entry.required("Key"), value: entry.text("Value") ?? ""))
        }
        return try Self.set(tags)
    }

    /// The tags of TagSpecification by the types of resources that an action makes. Another type is refused.
    func tagSpecifications(_ types: String...) throws(APIError) -> [String: TagSet] {
        var result: [String: [Tag]] = [:]
        for specification in try structures("TagSpecification") {
            guard let type = specification.string("ResourceType") else {
                throw APIError("InvalidParameter", "Tag specification resource type must have a value")
            }
            guard types.contains(type) else {
                throw APIError(
                    "InvalidParameterValue", "'\(type.prefix(60))' is not a valid taggable resource type for this operation.")
            }
            let tags = try specification.tags()
            guard tags.count > 0 else { throw APIError("InvalidParameter", "Tag specification must have at least one tag") }
            result[type, default: []] += tags
        }
        var sets: [String: TagSet] = [:]
        for (type, tags) in result { sets[type] = try Self.set(tags) }
        return sets
    }

    private static func tag(key: String, value: String) throws(APIError) -> Tag {
        do throws(Failure) { return try Tag(key: key, value: value) } catch {
            if key.lowercased().hasPrefix("aws:") {
                throw APIError("InvalidParameterValue", "Tag keys starting with 'aws:' are reserved for internal use")
            }
            throw APIError("InvalidParameterValue", error.message)
        }
    }

    private static func set(_ tags: [Tag]) throws(APIError) -> TagSet {
        guard tags.count <= TagSet.most else {
            throw APIError("TagLimitExceeded", "The maximum number of Tags for a resource has been reached.")
        }
        return try asking { () throws(Failure) in try TagSet(tags) }
    }
}

extension XMLWriter {
    /// The tags of a resource whose list is there even where it has none.
    mutating func tagList(_ tags: TagSet) {
        if tags.count > 0 { self.tags(tags) } else { list("tagSet", [String]()) }
    }

    /// The tags of a resource; nothing where it has none.
    mutating func tags(_ tags: TagSet) {
        if tags.count == 0 { return }
        open("tagSet")
        for tag in tags {
            open("item")
            element("key", tag.key)
            element("value", tag.value)
            close("item")
        }
        close("tagSet")
    }
}
