import Model

// Tags as the services of REST have them: one mapping of keys to values.

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
}
