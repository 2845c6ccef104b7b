/// All token rules, by family. The patterns are written for this project from what the issuers publish of their formats.
enum RuleTable {
    static let all: [TokenRule] = [
        cloud, infrastructure, forges, chat, payments, models, monitoring, registries, mail, databases, identity, services,
        hashes,
    ].flatMap(\.self)
}
