import Model
import Testing

/// Who may do what with a key: every combination of who asks, the policy, the grants, the operation, the encryption context and the
/// service that asks, against tables that are written here by themselves.
@Suite("access to keys")
struct KeyAccessMatrixTests {
    @Test("every cell ends as the tables say, and there are more than five thousand")
    func matrix() throws {
        var count = 0
        for policy in KeyCell.Policy.allCases {
            let document = try KeyPolicyReader.read(policy.text)
            for cell in KeyCell.all(policy) {
                count += 1
                let key = KeyAuthorization(key: try keyARN(), policy: document, grants: try cell.grants)
                let refusal = key.refusal(of: try cell.request)
                if (refusal == nil) != cell.isAllowed {
                    Issue.record("\(cell) ended with \(refusal?.description ?? "an allowance")")
                    return
                }
                if let refusal { #expect(refusal.code == .accessDeniedException) }
            }
        }
        #expect(count > 5000)
    }

    @Test("the policies that keys are made with are what their documents say")
    func templates() throws {
        let owner = try AccountID(parsing: KeyCell.owner)
        for policy in [KeyPolicy.usual(for: owner), .managedForEBS(of: owner, in: try RegionName(parsing: "us-east-1"))] {
            #expect(try KeyPolicyReader.read(policy.text) == policy)
        }
    }

    @Test(
        "EC2 does for the owner alone what is under the key of AWS's, and for whom the policy or a grant lets in what is under others"
    )
    func snapshots() throws {
        let region = try RegionName(parsing: "us-east-1")
        let owner = Caller(.account(try AccountID(parsing: KeyCell.owner)))
        let partner = Caller(.account(try AccountID(parsing: KeyCell.partner)))
        let managed = KeyAuthorization(
            key: try keyARN(), manager: .aws, policy: .managedForEBS(of: try AccountID(parsing: KeyCell.owner), in: region))
        #expect(managed.access(ofEC2For: owner, in: region).opensSnapshots)
        #expect(managed.access(ofEC2For: owner, in: region).isManagedByAWS)
        #expect(!managed.access(ofEC2For: partner, in: region).opensSnapshots)
        #expect(!managed.access(ofEC2For: owner, in: try RegionName(parsing: "us-west-2")).opensSnapshots)

        var own = KeyAuthorization(key: try keyARN(), policy: .usual(for: try AccountID(parsing: KeyCell.owner)))
        #expect(own.access(ofEC2For: owner, in: region).opensSnapshots)
        #expect(!own.access(ofEC2For: partner, in: region).opensSnapshots)
        own.grants = [
            KeyGrant(
                id: "g", token: "t", key: own.key.id, grantee: try #require(GrantPrincipal(KeyCell.partner)),
                operations: Array(KeyOperation.ofSnapshots), issuer: own.key.account, created: Instant(seconds: 0))
        ]
        #expect(own.access(ofEC2For: partner, in: region).opensSnapshots)
        own.grants[0].operations.removeAll { $0 == .createGrant }
        #expect(!own.access(ofEC2For: partner, in: region).opensSnapshots)
        own.state = .disabled
        #expect(!own.access(ofEC2For: owner, in: region).isUsable)
    }

    @Test("what a key refuses in each state is as KMS's table says")
    func states() throws {
        let key = try keyARN()
        let code = { (state: KeyState, operation: KeyOperation) in state.refusal(of: operation, on: key)?.code.rawValue ?? "" }
        let table: [(KeyOperation, enabled: String, disabled: String, deleted: String)] = [
            (.encrypt, "", "DisabledException", "KMSInvalidStateException"),
            (.decrypt, "", "DisabledException", "KMSInvalidStateException"),
            (.sign, "", "DisabledException", "KMSInvalidStateException"),
            (.generateMAC, "", "DisabledException", "KMSInvalidStateException"),
            (.createGrant, "", "DisabledException", "KMSInvalidStateException"),
            (.enableKeyRotation, "", "DisabledException", "KMSInvalidStateException"),
            (.describeKey, "", "", ""), (.listGrants, "", "", ""), (.revokeGrant, "", "", ""), (.getKeyPolicy, "", "", ""),
            (.enableKey, "", "", "KMSInvalidStateException"), (.disableKey, "", "", "KMSInvalidStateException"),
            (.createAlias, "", "", "KMSInvalidStateException"), (.tagResource, "", "", "KMSInvalidStateException"),
            (.scheduleKeyDeletion, "", "", "KMSInvalidStateException"),
            (.cancelKeyDeletion, "KMSInvalidStateException", "KMSInvalidStateException", ""),
        ]
        for row in table {
            #expect(code(.enabled, row.0) == row.enabled, "\(row)")
            #expect(code(.disabled, row.0) == row.disabled, "\(row)")
            #expect(code(.pendingDeletion, row.0) == row.deleted, "\(row)")
            #expect(code(.pendingReplicaDeletion, row.0) == row.deleted, "\(row)")
        }
    }

    @Test("who has a grant gives out no more than it")
    func delegation() throws {
        func grant(_ operations: [KeyOperation], _ constraints: KeyGrant.Constraints = .init()) throws -> KeyGrant {
            KeyGrant(
                id: "g", token: "t", key: try keyARN().id, grantee: try #require(GrantPrincipal(KeyCell.partner)),
                operations: operations, constraints: constraints, issuer: try keyARN().account, created: Instant(seconds: 0))
        }
        let subset = KeyGrant.Constraints(subset: ["app": "web"])
        let more = KeyGrant.Constraints(subset: ["app": "web", "tier": "1"])
        let equals = KeyGrant.Constraints(equals: ["app": "web", "tier": "1"])
        #expect(try grant([.createGrant, .decrypt]).permits(grant([.decrypt], subset)))
        #expect(try !grant([.decrypt]).permits(grant([.decrypt])))
        #expect(try !grant([.createGrant, .decrypt]).permits(grant([.encrypt])))
        #expect(try !grant([.createGrant, .decrypt], subset).permits(grant([.decrypt])))
        #expect(try grant([.createGrant, .decrypt], subset).permits(grant([.decrypt], more)))
        #expect(try !grant([.createGrant, .decrypt], more).permits(grant([.decrypt], subset)))
        #expect(try grant([.createGrant, .decrypt], subset).permits(grant([.decrypt], equals)))
        #expect(try !grant([.createGrant, .decrypt], equals).permits(grant([.decrypt], more)))
    }
}

func keyARN() throws -> KeyARN {
    try KeyARN(parsing: "arn:aws:kms:us-east-1:\(KeyCell.owner):key/1234abcd-12ab-34cd-56ef-1234567890ab")
}

/// One combination of facts.
private struct KeyCell {
    enum Who: CaseIterable { case owner, partner, stranger, service }
    enum Policy: CaseIterable {
        case usual, shared, deniedPartner, throughEC2, callerAccount, context, contextLike, unknownAllow, unknownDeny, managed
    }
    enum Grant: CaseIterable { case none, open, equals, subset, toSomebodyElse }
    enum Context: CaseIterable { case none, exact, more, other }
    enum Service: CaseIterable { case none, here, elsewhere }

    static let owner = "111111111111"
    static let partner = "222222222222"
    static let stranger = "333333333333"
    static let operations: [KeyOperation] = [.decrypt, .createGrant, .describeKey, .putKeyPolicy]

    var who: Who
    var policy: Policy
    var grant: Grant
    var operation: KeyOperation
    var context: Context
    var service: Service

    static func all(_ policy: Policy) -> [KeyCell] {
        var cells: [KeyCell] = []
        for who in Who.allCases {
            for grant in Grant.allCases {
                for operation in operations {
                    for context in Context.allCases {
                        for service in Service.allCases {
                            cells.append(
                                KeyCell(
                                    who: who, policy: policy, grant: grant, operation: operation, context: context,
                                    service: service))
                        }
                    }
                }
            }
        }
        return cells
    }

    // MARK: What the tables go by, written out

    var isAllowed: Bool { !isForbidden && (isAllowedByPolicy || isAllowedByGrant) }

    var isForbidden: Bool {
        switch policy {
        case .deniedPartner: who == .partner && operation == .decrypt
        case .unknownDeny: true
        default: false
        }
    }

    var isAllowedByPolicy: Bool {
        switch policy {
        case .usual, .unknownDeny: who == .owner
        case .shared, .deniedPartner: who == .owner || who == .partner
        case .throughEC2: service == .here
        case .callerAccount: who == .partner
        case .context, .contextLike: context == .exact || context == .more
        case .unknownAllow: false
        case .managed:
            who == .owner && (operation == .describeKey || (service == .here && operation != .putKeyPolicy))
        }
    }

    var isAllowedByGrant: Bool {
        guard who == .partner, operation != .putKeyPolicy else { return false }
        switch grant {
        case .none, .toSomebodyElse: return false
        case .open: return true
        case .equals: return operation != .decrypt || context == .exact
        case .subset: return operation != .decrypt || context == .exact || context == .more
        }
    }
}

// The same facts as values of the model.
extension KeyCell {
    var request: KeyRequest {
        get throws {
            let principal: Principal =
                switch who {
                case .owner: .account(try AccountID(parsing: Self.owner))
                case .partner: .account(try AccountID(parsing: Self.partner))
                case .stranger: .account(try AccountID(parsing: Self.stranger))
                case .service: .service(try ServicePrincipal(parsing: "imagebuilder.amazonaws.com"))
                }
            let pairs: [String: String] =
                switch context {
                case .none: [:]
                case .exact: ["app": "web"]
                case .more: ["app": "web", "tier": "1"]
                case .other: ["app": "db"]
                }
            let name: String? =
                switch service {
                case .none: nil
                case .here: "ec2.us-east-1.amazonaws.com"
                case .elsewhere: "ec2.us-west-2.amazonaws.com"
                }
            return KeyRequest(operation, by: Caller(principal), context: pairs, through: name)
        }
    }

    var grants: [KeyGrant] {
        get throws {
            if grant == .none { return [] }
            let constraints: KeyGrant.Constraints =
                switch grant {
                case .equals: .init(equals: ["app": "web"])
                case .subset: .init(subset: ["app": "web"])
                default: .init()
                }
            let grantee = grant == .toSomebodyElse ? "arn:aws:iam::444444444444:root" : "arn:aws:iam::\(Self.partner):root"
            return [
                KeyGrant(
                    id: "g", token: "t", key: try keyARN().id, grantee: try #require(GrantPrincipal(grantee)),
                    operations: [.decrypt, .createGrant, .describeKey], constraints: constraints,
                    issuer: try AccountID(parsing: Self.owner), created: Instant(seconds: 0))
            ]
        }
    }
}

extension KeyCell.Policy {
    private static func statement(_ effect: String, _ principal: String, _ action: String, _ condition: String = "") -> String {
        let rest = condition.isEmpty ? "" : #","Condition":\#(condition)"#
        return #"{"Effect":"\#(effect)","Principal":\#(principal),"Action":\#(action),"Resource":"*"\#(rest)}"#
    }

    private static let ownerMayAll = statement("Allow", #"{"AWS":"arn:aws:iam::\#(KeyCell.owner):root"}"#, #""kms:*""#)
    private static let partner = #"{"AWS":["\#(KeyCell.partner)"]}"#

    private static func all(_ condition: String) -> String { statement("Allow", #""*""#, #"["kms:*"]"#, condition) }

    private var statements: [String] {
        switch self {
        case .usual: [Self.ownerMayAll]
        case .shared: [Self.ownerMayAll, Self.statement("Allow", Self.partner, #""*""#)]
        case .deniedPartner:
            [
                Self.ownerMayAll, Self.statement("Allow", Self.partner, #""KMS:*""#),
                Self.statement("Deny", Self.partner, #"["kms:Decr?pt"]"#),
            ]
        case .throughEC2: [Self.all(#"{"StringEquals":{"kms:ViaService":"ec2.us-east-1.amazonaws.com"}}"#)]
        case .callerAccount: [Self.all(#"{"StringEquals":{"kms:CallerAccount":["\#(KeyCell.partner)"]}}"#)]
        case .context: [Self.all(#"{"StringEquals":{"kms:EncryptionContext:app":"web"}}"#)]
        case .contextLike:
            [Self.all(#"{"StringLike":{"kms:EncryptionContext:app":"w*"},"Null":{"kms:EncryptionContext:app":false}}"#)]
        case .unknownAllow:
            [
                Self.all(#"{"StringEquals":{"aws:SourceVpce":"vpce-1"}}"#),
                Self.all(#"{"IpAddress":{"aws:SourceIp":"0.0.0.0/0"}}"#),
            ]
        case .unknownDeny:
            [Self.ownerMayAll, Self.statement("Deny", #""*""#, #""kms:*""#, #"{"StringNotEquals":{"aws:SourceVpce":"vpce-1"}}"#)]
        case .managed:
            [
                Self.statement(
                    "Allow", #"{"AWS":"*"}"#, #"["kms:Decrypt","kms:CreateGrant","kms:DescribeKey"]"#,
                    #"{"StringEquals":{"kms:CallerAccount":"\#(KeyCell.owner)","kms:ViaService":"ec2.us-east-1.amazonaws.com"}}"#),
                Self.statement("Allow", #"{"AWS":"arn:aws:iam::\#(KeyCell.owner):root"}"#, #""kms:Describe*""#),
            ]
        }
    }

    var text: String { #"{"Version":"2012-10-17","Statement":[\#(statements.joined(separator: ","))]}"# }
}
