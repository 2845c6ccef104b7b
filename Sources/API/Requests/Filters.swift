import Model

extension QueryInput {
    /// The filters of a Describe action; a few have another word for the list.
    func filters(_ key: String = "Filter") throws(APIError) -> [ResourceFilter] {
        try structures(key).map { (filter) throws(APIError) in
            guard let name = filter.string("Name") else {
                throw APIError("InvalidParameterValue", "The filter must have a name.")
            }
            let values = try filter.texts("Value")
            guard values.count <= ResourceFilter.mostValues else {
                throw APIError(
                    "FilterLimitExceeded",
                    "The maximum number of filter values specified on a single call is \(ResourceFilter.mostValues)")
            }
            return ResourceFilter(name, values)
        }
    }
}

extension [ResourceFilter] {
    /// Whether all filters let a resource through, of which the table has the values under the names that there are. One with tags is
    /// found by them too.
    func accept(_ values: @autoclosure () -> [String: [String]], tags: TagSet? = nil) throws(APIError) -> Bool {
        // The table is made for each resource of a list.
        if isEmpty { return true }
        let values = values()
        for filter in self {
            guard let candidates = values[filter.name] ?? tags.flatMap({ Self.values(filter.name, $0) }) else {
                throw Self.unknown(filter.name)
            }
            if !filter.accepts(candidates) { return false }
        }
        return true
    }

    private static func values(_ name: String, _ tags: TagSet) -> [String]? {
        if name == "tag-key" { return tags.map(\.key) }
        if name == "tag-value" { return tags.map(\.value) }
        guard name.hasPrefix("tag:") else { return nil }
        return tags[String(name.dropFirst(4))].map { [$0] } ?? []
    }

    static func unknown(_ name: String) -> APIError {
        APIError("InvalidParameterValue", "The filter '\(name.prefix(100))' is invalid")
    }
}
