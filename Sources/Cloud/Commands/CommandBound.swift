import Model

/// How many instances, of those that a command is for: a number, or a percentage like `10%`.
package struct CommandBound: Hashable, Sendable, CustomStringConvertible {
    package let description: String
    private let number: Int
    private let isShare: Bool

    package static let usualConcurrency = CommandBound(50)
    package static let usualErrors = CommandBound(0)

    private init(_ number: Int) {
        self.number = number
        isShare = false
        description = String(number)
    }

    /// Nil for anything else.
    package init?(_ text: String) {
        let digits = text.hasSuffix("%") ? text.dropLast() : text[...]
        guard 1...7 ~= digits.utf8.count, let number = Int(digits), String(number) == digits, number >= 0 else { return nil }
        isShare = text.hasSuffix("%")
        guard !isShare || number <= 100 else { return nil }
        self.number = number
        description = text
    }

    package var isZero: Bool { number == 0 }

    /// Of so many instances. A share is rounded down, as AWS does.
    package func count(of targets: Int) -> Int { isShare ? targets * number / 100 : number }
}
