import Model

// Tags as services of JSON have them: one mapping of keys to values, or a list.

extension TagSet {
    /// What a request gives.
    init(asked tags: [String: String]) throws(APIError) {
        do throws(Failure) {
            try self.init(try tags.map { key, value throws(Failure) in try Tag(key: key, value: value) })
        } catch { throw APIError("InvalidRequestException", error.message) }
    }
}

extension JSONWriter {
    mutating func field(_ name: String, _ tags: TagSet) {
        field(name) { json in for tag in tags { json.field(tag.key, tag.value) } }
    }

    mutating func field(_ name: String, list tags: TagSet) {
        field(name, tags) { tag, json in
            json.field("Key", tag.key)
            json.field("Value", tag.value)
        }
    }
}
