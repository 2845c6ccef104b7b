import Cloud
import Model

/// Which filters an action takes, and what Systems Manager says of others.
struct ParameterFilterRules {
    /// Keys besides those of tags.
    let keys: [String]
    let hasTags: Bool
    let hasNames: Bool

    static let describing = ParameterFilterRules(
        keys: ["Path", "Name", "Type", "KeyId", "Tier", "DataType"], hasTags: true, hasNames: true)
    static let byPath = ParameterFilterRules(keys: ["Type", "KeyId", "Label"], hasTags: false, hasNames: false)

    /// The keys that the service tells of.
    private var told: String { keys.filter { $0 != "Label" && $0 != "DataType" }.joined(separator: ", ") }

    private static let mostValues = 50

    func check(_ filters: [ParameterFilter]) throws(APIError) {
        let violations = filters.enumerated().flatMap { Self.violations(of: $1, "parameterFilters.\($0 + 1).member") }
        guard violations.isEmpty else { throw SSMInput.violations(violations) }
        var seen: Set<String> = []
        for filter in filters {
            try check(filter)
            guard seen.insert(filter.key).inserted else {
                throw APIError(
                    "InvalidFilterKey",
                    """
                    The following filter is duplicated in the request: \(filter.key). A request can contain only one occurrence of a \
                    specific filter.
                    """)
            }
        }
    }

    // MARK: Constraints

    private static func violations(of filter: ParameterFilter, _ member: String) -> [String] {
        var found: [String] = []
        func add(_ value: String, _ name: String, _ constraint: String) {
            found.append(SSMInput.violation(value, "\(member).\(name)", constraint))
        }
        let isTag = filter.tag.map { !$0.isEmpty } ?? false
        if !isTag, !["Name", "Type", "KeyId", "Path", "Label", "Tier", "DataType"].contains(filter.key) {
            add(
                filter.key, "key",
                "Member must satisfy regular expression pattern: tag:.+|Name|Type|KeyId|Path|Label|Tier|DataType")
        }
        if filter.key.utf8.count > 132 { add(filter.key, "key", "Member must have length less than or equal to 132") }
        if let option = filter.option, !(1...10 ~= option.utf8.count) {
            add(option, "option", "Member must have length less than or equal to 10")
        }
        let values = filter.values ?? []
        let list = "[\(values.joined(separator: ", "))]"
        if values.count > mostValues { add(list, "values", "Member must have length less than or equal to \(mostValues)") }
        if values.contains(where: { !(1...1024 ~= $0.utf8.count) }) {
            add(
                list, "values",
                """
                Member must satisfy constraint: [Member must have length less than or equal to 1024, Member must have length greater \
                than or equal to 1]
                """)
        }
        return found
    }

    // MARK: Meaning

    private func check(_ filter: ParameterFilter) throws(APIError) {
        if filter.tag != nil {
            guard hasTags else { throw unknown(filter.key) }
            return try Self.check(filter.option, ["BeginsWith", "Equals"])
        }
        guard keys.contains(filter.key) else { throw unknown(filter.key) }
        guard let values = filter.values, !values.isEmpty else {
            throw APIError("InvalidFilterValue", "The following filter values are missing : null for filter key \(filter.key).")
        }
        switch filter.key {
        case "Path": try Self.checkPath(filter.option, values)
        case "Name": try checkNames(filter.option)
        case "Tier": try Self.check(values, ["Standard", "Advanced", "Intelligent-Tiering"])
        case "Type": try Self.check(values, ["String", "StringList", "SecureString"])
        default: break
        }
        if filter.key != "Path", filter.key != "Name" { try Self.check(filter.option, ["BeginsWith", "Equals"]) }
    }

    private func unknown(_ key: String) -> APIError {
        APIError(
            "InvalidFilterKey", "The following filter key is not valid: \(key.prefix(132)). Valid filter keys include: [\(told)]."
        )
    }

    private static func check(_ option: String?, _ known: [String]) throws(APIError) {
        guard let option, !known.contains(option) else { return }
        throw APIError(
            "InvalidFilterOption",
            "The following filter option is not valid: \(option). Valid options include: [\(known.joined(separator: ", "))].")
    }

    /// A part of a name may be asked for too.
    private func checkNames(_ option: String?) throws(APIError) {
        if option != "Contains" { try Self.check(option, ["BeginsWith", "Equals"]) }
    }

    private static func check(_ values: [String], _ known: [String]) throws(APIError) {
        guard let value = values.first(where: { !known.contains($0) }) else { return }
        throw APIError(
            "InvalidFilterValue",
            "The following filter value is not valid: \(value). Valid values include: [\(known.joined(separator: ", "))].")
    }

    private static func checkPath(_ option: String?, _ values: [String]) throws(APIError) {
        let reserved = values.contains { value in
            ["/aws", "/ssm", "aws", "ssm"].contains { value.lowercased().hasPrefix($0) }
        }
        guard !reserved else {
            throw APIError(
                .validationException,
                """
                Filters for common parameters can't be prefixed with "aws" or "ssm" (case-insensitive). When using global parameters, \
                please specify within a global namespace.
                """)
        }
        try check(option, ["Recursive", "OneLevel"])
        for value in values { try ParameterPath.check(value) }
    }
}
