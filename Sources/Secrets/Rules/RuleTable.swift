/// All token rules, by family.
enum RuleTable {
    static let all: [TokenRule] = cloud
}
