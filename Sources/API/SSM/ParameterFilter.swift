import Cloud
import Model

/// A condition on parameters in a list.
struct ParameterFilter: Decodable, Sendable {
    let key: String
    let option: String?
    let values: [String]?

    private enum CodingKeys: String, CodingKey {
        case key = "Key"
        case option = "Option"
        case values = "Values"
    }

    init(key: String, option: String?, values: [String]?) {
        self.key = key
        self.option = option
        self.values = values
    }

    /// - Parameter hasPaths: whether the action knows filters by path.
    func accepts(_ record: ParameterRecord, hasPaths: Bool) throws(APIError) -> Bool {
        let values = values ?? []
        switch key {
        case "Name": return try matches(record.name.description, values)
        case "Type": return try matches(record.type.rawValue, values)
        case "Tier": return try matches(record.tier.rawValue, values)
        case "DataType": return try matches(record.dataType.rawValue, values)
        case "Label" where !hasPaths:
            return try !record.labels.kept { label throws(APIError) in try matches(label.description, values) }.isEmpty
        case "Path" where hasPaths: return try isBelow(record.name.description, values)
        default: throw APIError("InvalidFilterKey", "The key \(key.prefix(60)) is not valid for this filter.")
        }
    }

    private func matches(_ text: String, _ values: [String]) throws(APIError) -> Bool {
        // Names are compared without the slash that they may begin with.
        func bare(_ text: String) -> Substring { key == "Name" && text.hasPrefix("/") ? text.dropFirst() : text[...] }
        switch option {
        case nil, "Equals": return values.contains { bare($0) == bare(text) }
        case "BeginsWith": return values.contains { bare(text).hasPrefix(bare($0)) }
        case "Contains" where key == "Name": return values.contains { bare(text).contains(bare($0)) }
        case let other?: throw APIError("InvalidFilterOption", "The option \(other.prefix(60)) is not valid for this filter.")
        }
    }

    private func isBelow(_ name: String, _ paths: [String]) throws(APIError) -> Bool {
        guard option == nil || option == "OneLevel" || option == "Recursive" else {
            throw APIError("InvalidFilterOption", "The option \(option?.prefix(60) ?? "") is not valid for this filter.")
        }
        return paths.contains { path in
            let prefix = path.hasSuffix("/") ? path : path + "/"
            guard name.hasPrefix(prefix) else { return false }
            return option == "Recursive" || !name.dropFirst(prefix.count).contains("/")
        }
    }
}

extension [ParameterFilter] {
    func accept(_ record: ParameterRecord, hasPaths: Bool) throws(APIError) -> Bool {
        for filter in self where try !filter.accepts(record, hasPaths: hasPaths) { return false }
        return true
    }
}
