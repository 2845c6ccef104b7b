import CommandLineKit

/// Names and values, one name with several values below each other.
struct FactList {
    struct Fact {
        let name: String
        let values: [String]

        init(_ name: String, _ values: [String]) {
            self.name = name
            self.values = values
        }

        init(_ name: String, _ value: String) { self.init(name, [value]) }
    }

    private let facts: [Fact]

    init(_ facts: [Fact]) { self.facts = facts }

    /// Two spaces, the name, and the value in a common column.
    func lines(_ terminal: Terminal) -> [String] {
        let width = facts.map { DisplayWidth.of($0.name) }.max() ?? 0
        return facts.flatMap { fact in
            fact.values.enumerated().map { index, value in
                let name = DisplayWidth.pad(index == 0 ? fact.name : "", to: width)
                return "  \(terminal.styled(name, .dim))  \(PlainText.oneLine(value))"
            }
        }
    }
}
