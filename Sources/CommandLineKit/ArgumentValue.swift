/// A type that is read from one word of the command line.
package protocol ArgumentValue: Sendable {
    /// The value that `argument` spells, or nil where it spells none.
    init?(argument: String)

    /// What a spelling must be, as in "a whole number"; shown when a word is refused.
    static var expectation: String { get }

    /// Every spelling, where there are finitely many; otherwise empty.
    static var choices: [String] { get }

    /// The spelling of this value, shown as a default.
    var argumentText: String { get }
}

extension ArgumentValue {
    package static var choices: [String] { [] }
}

/// An enum whose raw values are the spellings. Conforming needs no further code.
package protocol ArgumentChoice: ArgumentValue, CaseIterable, RawRepresentable<String> {}

extension ArgumentChoice {
    package init?(argument: String) {
        self.init(rawValue: argument)
    }

    package static var expectation: String { "one of \(choices.joined(separator: ", "))" }
    package static var choices: [String] { allCases.map(\.rawValue) }
    package var argumentText: String { rawValue }
}

extension String: ArgumentValue {
    package init?(argument: String) {
        self = argument
    }

    package static var expectation: String { "text" }
    package var argumentText: String { self }
}

extension ArgumentValue where Self: FixedWidthInteger {
    package init?(argument: String) {
        self.init(argument, radix: 10)
    }

    package static var expectation: String {
        isSigned ? "a whole number" : "a whole number from 0 up"
    }

    package var argumentText: String { String(self) }
}

extension Int: ArgumentValue {}
extension UInt: ArgumentValue {}
extension Int64: ArgumentValue {}
extension UInt64: ArgumentValue {}
extension UInt16: ArgumentValue {}
