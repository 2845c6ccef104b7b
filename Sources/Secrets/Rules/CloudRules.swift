/// Keys of cloud platforms and their tools.
extension RuleTable {
    static let cloud: [TokenRule] = [
        TokenRule(
            "aws-access-key-id", "AWS access key id", .cloud, .high, ["AKIA", "ASIA", "ABIA", "ACCA"],
            "(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}", check: .awsAccount, entropy: 2.8)
    ]
}
