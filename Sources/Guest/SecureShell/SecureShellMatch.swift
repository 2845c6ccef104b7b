/// The conditions of a Match line of sshd's configuration; all of them must hold.
package struct SecureShellMatch: Hashable, Sendable, CustomStringConvertible {
    package struct Criterion: Hashable, Sendable {
        /// `user`, `group`, `host`, `address`, `localaddress`, `localport` or `rdomain`
        package let attribute: String
        /// Patterns with commas between.
        package let pattern: String
    }

    /// Empty for `Match all`.
    package let criteria: [Criterion]
    /// False where sshd refuses the line.
    package let isValid: Bool

    private static let attributes: Set<String> = ["user", "group", "host", "address", "localaddress", "localport", "rdomain"]

    init(_ arguments: [String]) {
        let words = arguments.flatMap { $0.split(separator: "=", maxSplits: 1).map(String.init) }
        var criteria: [Criterion] = []
        var isValid = !words.isEmpty
        if words.first?.lowercased() == "all" {
            isValid = words.count == 1
        } else {
            for start in stride(from: 0, to: words.count, by: 2) {
                let attribute = words[start].lowercased()
                isValid = isValid && start + 1 < words.count && Self.attributes.contains(attribute)
                criteria.append(Criterion(attribute: attribute, pattern: start + 1 < words.count ? words[start + 1] : ""))
            }
        }
        self.criteria = criteria
        self.isValid = isValid
    }

    /// Whether it holds of every connection.
    package var isAlways: Bool { isValid && criteria.isEmpty }

    package var description: String {
        criteria.isEmpty ? "all" : criteria.map { "\($0.attribute) \($0.pattern)" }.joined(separator: " ")
    }

    /// What is known of a connection. A condition on what is not known does not hold.
    package struct Connection: Hashable, Sendable {
        package var user: String?
        package var groups: [String] = []
        package var host: String?
        package var address: String?
        package var localAddress: String?
        package var localPort: Int?
        package var routingDomain: String?

        package init(user: String? = nil, groups: [String] = [], host: String? = nil, address: String? = nil) {
            self.user = user
            self.groups = groups
            self.host = host
            self.address = address
        }
    }

    package func holds(of connection: Connection) -> Bool {
        isValid
            && criteria.allSatisfy { criterion in
                let pattern = criterion.pattern
                switch criterion.attribute {
                case "user": return connection.user.map { PatternList.matches($0, pattern) } ?? false
                case "group": return connection.user != nil && PatternList.matches(anyOf: connection.groups, pattern)
                case "host": return connection.host.map { PatternList.matches($0.lowercased(), pattern.lowercased()) } ?? false
                case "address": return connection.address.map { PatternList.matches(address: $0, pattern) } ?? false
                case "localaddress": return connection.localAddress.map { PatternList.matches(address: $0, pattern) } ?? false
                case "localport": return connection.localPort.map { String($0) == pattern } ?? false
                default: return connection.routingDomain.map { PatternList.matches($0, pattern) } ?? false
                }
            }
    }
}
