/// Which values of an option are right, and which one a remedy sets.
package struct AcceptedValue: Sendable {
    package enum Test: Sendable {
        /// One of these words.
        case oneOf([String])
        /// A number, or a time such as `2m`, between bounds.
        case between(Int, Int)
        /// A list with commas, of which each element is one of these.
        case subset([String])
        /// A list of three numbers with colons, each at most as large: sshd's MaxStartups.
        case eachAtMost([Int])
        /// Any value.
        case present
    }

    package let test: Test
    /// What the remedy writes; nil where the user's site must say.
    package let remedy: String?

    package init(_ test: Test, remedy: String?) {
        self.test = test
        self.remedy = remedy
    }

    package func accepts(_ value: String) -> Bool {
        switch test {
        case .oneOf(let words): words.contains { $0.lowercased() == value.lowercased() }
        case .between(let low, let high): Self.number(value).map { (low...max(low, high)).contains($0) } ?? false
        case .subset(let known):
            !value.isEmpty
                && value.split(separator: ",", omittingEmptySubsequences: false).allSatisfy { known.contains(String($0)) }
        case .eachAtMost(let limits): Self.isAtMost(value, limits)
        case .present: !value.isEmpty
        }
    }

    private static func isAtMost(_ value: String, _ limits: [Int]) -> Bool {
        let numbers = value.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == limits.count else { return false }
        return zip(numbers, limits).allSatisfy { number, limit in number.map { $0 <= limit } ?? false }
    }

    /// A number, or a time in sshd's form (`1h30m`) in seconds.
    static func number(_ text: String) -> Int? {
        if let number = Int(text) { return number }
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
        var total = 0
        var digits = ""
        for character in text.lowercased() {
            if let unit = units[character], let number = Int(digits) {
                let (product, overflow) = number.multipliedReportingOverflow(by: unit)
                let (sum, carry) = total.addingReportingOverflow(product)
                if overflow || carry { return nil }
                total = sum
                digits = ""
            } else {
                digits.append(character)
            }
        }
        return digits.isEmpty && !text.isEmpty ? total : nil
    }
}
