import Crypto

/// The rules that the scanner has, and the digest that names them.
package enum RuleSet {
    /// Raised with each change of what is found that does not show in rules and parsers.
    static let revision = 5

    /// Every rule once, by id.
    package static let rules: [SecretRule] = {
        let all = DetectorList.standard.flatMap(\.rules) + FileParsers.all.flatMap(\.rules)
        var seen: Set<String> = []
        return all.filter { seen.insert($0.id).inserted }.sorted { $0.id < $1.id }
    }()

    static let byID: [String: SecretRule] = Dictionary(rules.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })

    package static let parserCount = FileParsers.all.count

    /// Changes with every rule, pattern, parser and decoder.
    package static let digest: Digest = {
        var hasher = SHA256()
        hasher.update("ingot secret rules \(revision)\n")
        for token in RuleTable.all {
            hasher.update("\(token.rule.id) \(token.pattern.text) \(token.check) \(token.minimumEntropy)\n")
        }
        for rule in rules { hasher.update("\(rule.id) \(rule.title) \(rule.class.rawValue) \(rule.severity.rawValue)\n") }
        for parser in FileParsers.all { hasher.update("\(parser.kind)\n") }
        return hasher.finish()
    }()
}
