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

    /// The key of the tag that is meant.
    var tag: String? { key.hasPrefix("tag:") ? String(key.dropFirst(4)) : nil }

    /// Whether the record passes. `tags` are those of the record, where filters mean tags.
    func accepts(_ record: ParameterRecord, _ tags: TagSet) -> Bool {
        if let tag { return tags[tag].map { values == nil || matches($0) } ?? false }
        switch key {
        case "Name": return matchesName(record.name.path)
        case "Type": return matches(record.type.rawValue)
        case "Tier": return matches(record.tier.rawValue)
        case "DataType": return matches(record.dataType.rawValue)
        case "KeyId": return record.keyID.map(matches) ?? false
        case "Label": return record.labels.contains { matches($0.description) }
        default: return isBelow(record.name.path)
        }
    }

    private func matches(_ text: String) -> Bool {
        (values ?? []).contains { option == "BeginsWith" ? text.hasPrefix($0) : text == $0 }
    }

    /// Names are compared without the slash that they may begin with, but for a part of them, which may have it.
    private func matchesName(_ path: String) -> Bool {
        (values ?? []).contains { value in
            let whole = value.hasPrefix("/") ? value : "/" + value
            switch option {
            case "BeginsWith": return path.hasPrefix(whole)
            case "Contains": return path.contains(value)
            default: return path == whole
            }
        }
    }

    private func isBelow(_ path: String) -> Bool {
        (values ?? []).contains { ParameterPath.isBelow(path, $0, isRecursive: option == "Recursive") }
    }
}

extension [ParameterFilter] {
    /// The records that all filters let through.
    func accepted(_ records: [ParameterRecord], in store: any ParameterStore) throws(APIError) -> [ParameterRecord] {
        let needsTags = contains { $0.tag != nil }
        return try records.kept { record throws(APIError) in
            let tags = needsTags ? try askingSSM { () throws(Failure) in try store.tags(of: record.name) } : TagSet()
            return allSatisfy { $0.accepts(record, tags) }
        }
    }
}
