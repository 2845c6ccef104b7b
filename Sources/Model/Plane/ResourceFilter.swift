/// A filter of a Describe action: a name, and patterns of which one must match. Without any it lets nothing through.
package struct ResourceFilter: Hashable, Sendable {
    package let name: String
    package let values: [FilterPattern]

    package init(_ name: String, _ values: [String]) {
        self.name = name
        self.values = values.map { FilterPattern($0) }
    }

    /// EC2's bound on the values of one filter.
    package static let mostValues = 200

    /// Whether one of the values that a resource has under the filter's name matches.
    package func accepts(_ candidates: some Sequence<String>) -> Bool {
        candidates.contains { candidate in values.contains { $0.matches(candidate) } }
    }

    /// The texts that it asks for, where none has a wildcard.
    package var literals: [String]? {
        let literals = values.compactMap(\.literal)
        return literals.count == values.count ? literals : nil
    }
}

/// Where a list goes on: what stands behind this row. Clients only hand it back.
package struct PageToken: Hashable, Sendable, CustomStringConvertible {
    /// The last row that was given out.
    package let row: Int64

    package init(after row: Int64) { self.row = row }

    package var description: String { "ingot1-\(row)" }

    package init(parsing text: String) throws(PlaneError) {
        guard text.hasPrefix("ingot1-"), let row = decimal(text.dropFirst(7)) else {
            throw PlaneError(.invalidNextToken, "The token '\(text.prefix(40))' is invalid")
        }
        self.row = Int64(row)
    }
}
