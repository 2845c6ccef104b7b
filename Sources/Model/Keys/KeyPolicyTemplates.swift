// The policies that keys are made with.
extension KeyPolicy {
    /// Of a key that its owner makes without a policy: the account may do everything.
    package static func usual(for account: AccountID) -> KeyPolicy {
        KeyPolicy(
            text: """
                {"Version":"2012-10-17","Id":"key-default-1","Statement":[{"Sid":"Enable IAM User Permissions","Effect":"Allow",\
                "Principal":{"AWS":"\(Principal.account(account))"},"Action":"kms:*","Resource":"*"}]}
                """,
            statements: [
                Statement(
                    allows: true, principals: [.account(account)], actions: .init(patterns: ["kms:*"], isNegated: false),
                    resources: ["*"], conditions: [])
            ])
    }

    /// Of the key for EBS that AWS makes for an account of a region: whoever uses EC2 in the account uses it, and nobody else.
    package static func managedForEBS(of account: AccountID, in region: RegionName) -> KeyPolicy {
        let service = "ec2.\(region).amazonaws.com"
        let used = [
            "kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:CreateGrant", "kms:DescribeKey",
        ]
        let seen = ["kms:Describe*", "kms:Get*", "kms:List*", "kms:RevokeGrant"]
        let list = { (texts: [String]) in "[" + texts.map { "\"\($0)\"" }.joined(separator: ",") + "]" }
        return KeyPolicy(
            text: """
                {"Version":"2012-10-17","Id":"auto-ebs-2","Statement":[{"Sid":"Allow access through EBS for all principals in the \
                account that are authorized to use EBS","Effect":"Allow","Principal":{"AWS":"*"},"Action":\(list(used)),\
                "Resource":"*","Condition":{"StringEquals":{"kms:CallerAccount":"\(account)","kms:ViaService":"\(service)"}}},\
                {"Sid":"Allow direct access to key metadata to the account","Effect":"Allow","Principal":\
                {"AWS":"\(Principal.account(account))"},"Action":\(list(seen)),"Resource":"*"}]}
                """,
            statements: [
                Statement(
                    allows: true, principals: [.everyone], actions: .init(patterns: used, isNegated: false), resources: ["*"],
                    conditions: [
                        PolicyCondition(
                            operation: .stringEquals, quantifier: nil, isOptional: false, key: "kms:calleraccount",
                            values: [account.description]),
                        PolicyCondition(
                            operation: .stringEquals, quantifier: nil, isOptional: false, key: "kms:viaservice",
                            values: [service]),
                    ]),
                Statement(
                    allows: true, principals: [.account(account)], actions: .init(patterns: seen, isNegated: false),
                    resources: ["*"], conditions: []),
            ])
    }
}
