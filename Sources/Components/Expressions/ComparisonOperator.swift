/// The comparison operators of AWSTOE. What each means stands in `ConditionEvaluator`.
package enum ComparisonOperator: String, Sendable, CaseIterable {
    case stringIsEmpty, stringIsWhitespace
    case stringEquals, stringLessThan, stringLessThanEquals, stringGreaterThan, stringGreaterThanEquals, patternMatches
    case numberEquals, numberLessThan, numberLessThanEquals, numberGreaterThan, numberGreaterThanEquals
    case binaryExists, fileExists, folderExists
    case fileMD5Equals, fileSHA1Equals, fileSHA256Equals, fileSHA512Equals

    /// The key of the second operand; nil for operators that have one operand only.
    package var otherKey: String? {
        switch self {
        case .stringIsEmpty, .stringIsWhitespace, .binaryExists, .fileExists, .folderExists: nil
        case .fileMD5Equals, .fileSHA1Equals, .fileSHA256Equals, .fileSHA512Equals: "path"
        default: "value"
        }
    }

    /// As documents write it. AWS's own pages write `stringlessThan` too, so case does not count.
    package init?(named name: String) {
        let lowered = name.lowercased()
        guard let match = Self.allCases.first(where: { $0.rawValue.lowercased() == lowered }) else { return nil }
        self = match
    }
}
