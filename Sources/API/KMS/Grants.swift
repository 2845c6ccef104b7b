import Cloud
import Model

/// Gives somebody a permission on a key.
struct CreateGrant: JSONAction {
    let key: String
    let grantee: String?
    let granteeService: String?
    let retiring: String?
    let retiringService: String?
    let operations: [String]
    let constraints: Constraints?
    let grantTokens: [String]?
    let grantName: String?
    let isDryRun: Bool?

    private enum CodingKeys: String, CodingKey {
        case key = "KeyId"
        case grantee = "GranteePrincipal"
        case granteeService = "GranteeServicePrincipal"
        case retiring = "RetiringPrincipal"
        case retiringService = "RetiringServicePrincipal"
        case operations = "Operations"
        case constraints = "Constraints"
        case grantTokens = "GrantTokens"
        case grantName = "Name"
        case isDryRun = "DryRun"
    }

    struct Constraints: Decodable {
        let subset: [String: String]?
        let equals: [String: String]?
        let sourceARN: String?

        private enum CodingKeys: String, CodingKey {
            case subset = "EncryptionContextSubset"
            case equals = "EncryptionContextEquals"
            case sourceARN = "SourceArn"
        }
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        guard constraints?.sourceARN == nil else {
            // It would be a grant that counts for more than was asked.
            throw APIError(.validationException, "Grants with the constraint SourceArn are not supported.")
        }
        guard let grantee = try principal(grantee ?? granteeService) else {
            throw APIError(.validationException, "A grant needs a grantee principal.")
        }
        var named: [KeyOperation] = []
        for text in operations {
            let operation: KeyOperation = try KMSInput.word(text, "operations")
            guard KeyOperation.grantable.contains(operation) else {
                throw APIError(.validationException, "A grant can't allow \(text).")
            }
            named.append(operation)
        }
        let new = GrantCreation(
            key: key, grantee: grantee, retiring: try principal(retiring ?? retiringService), operations: named,
            constraints: .init(subset: constraints?.subset, equals: constraints?.equals), name: grantName)
        let grant = try call.keys(dryRun: isDryRun) { (keys) throws(Failure) in
            try keys.createGrant(new, grantTokens: grantTokens ?? [])
        }
        answer.field("GrantToken", grant.token)
        answer.field("GrantId", grant.id)
    }

    private func principal(_ text: String?) throws(APIError) -> GrantPrincipal? {
        guard let text else { return nil }
        guard let principal = GrantPrincipal(text) else {
            throw APIError(.invalidARNException, "ARN does not refer to a valid principal: \(text.prefix(256))")
        }
        return principal
    }
}

/// The grants of a key.
struct ListGrants: JSONAction {
    let key: String
    let grant: String?
    let grantee: String?
    let granteeService: String?
    let limit: Int?
    let marker: String?

    private enum CodingKeys: String, CodingKey {
        case key = "KeyId"
        case grant = "GrantId"
        case grantee = "GranteePrincipal"
        case granteeService = "GranteeServicePrincipal"
        case limit = "Limit"
        case marker = "Marker"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let all = try call.keys { (keys) throws(Failure) in try keys.grants(ofKey: key) }
        let wanted = grantee ?? granteeService
        let shown = all.filter {
            (grant == nil || $0.id == grant) && (wanted == nil || $0.grantee.description == wanted)
        }
        let page = try KMSPage(shown, limit: limit, marker: marker)
        answer.grants(page)
    }
}

/// The grants that a principal may retire.
struct ListRetirableGrants: JSONAction {
    let principal: String?
    let service: String?
    let limit: Int?
    let marker: String?

    private enum CodingKeys: String, CodingKey {
        case principal = "RetiringPrincipal"
        case service = "RetiringServicePrincipal"
        case limit = "Limit"
        case marker = "Marker"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        guard let name = principal ?? service else {
            throw APIError(.validationException, "A retiring principal is required.")
        }
        let all = try call.keys { (keys) throws(Failure) in try keys.grants(retirableBy: name) }
        answer.grants(try KMSPage(all, limit: limit, marker: marker))
    }
}

extension JSONWriter {
    fileprivate mutating func grants(_ page: KMSPage<KeyGrant>) {
        field("Grants", page.elements) { grant, json in
            json.field("KeyId", grant.key.description)
            json.field("GrantId", grant.id)
            json.field("Name", ifPresent: grant.name)
            json.field("CreationDate", grant.created.seconds)
            json.field("GranteePrincipal", grant.grantee.description)
            json.field("RetiringPrincipal", ifPresent: grant.retiring?.description)
            json.field("IssuingAccount", Principal.account(grant.issuer).description)
            json.field("Operations", grant.operations.map(\.rawValue))
            if !grant.constraints.isEmpty { json.constraints(grant.constraints) }
        }
        page.writeMarker(&self)
    }

    private mutating func constraints(_ constraints: KeyGrant.Constraints) {
        field("Constraints") { json in
            for (name, pairs) in [
                ("EncryptionContextSubset", constraints.subset), ("EncryptionContextEquals", constraints.equals),
            ] {
                guard let pairs else { continue }
                json.field(name) { json in
                    for (key, value) in pairs.sorted(by: { $0.key < $1.key }) { json.field(key, value) }
                }
            }
        }
    }
}

/// Gives a permission back, by who has it or may retire it.
struct RetireGrant: JSONAction {
    let token: String?
    let key: String?
    let grant: String?
    let isDryRun: Bool?

    private enum CodingKeys: String, CodingKey {
        case token = "GrantToken"
        case key = "KeyId"
        case grant = "GrantId"
        case isDryRun = "DryRun"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        if let token {
            try call.keys(dryRun: isDryRun) { (keys) throws(Failure) in try keys.retireGrant(token: token) }
        } else if let key, let grant {
            try call.keys(dryRun: isDryRun) { (keys) throws(Failure) in try keys.retireGrant(grant, ofKey: key) }
        } else {
            throw APIError(.validationException, "Must specify either a grant token or both a key ID and a grant ID.")
        }
    }
}

/// Takes a permission away.
struct RevokeGrant: JSONAction {
    let key: String
    let grant: String
    let isDryRun: Bool?

    private enum CodingKeys: String, CodingKey {
        case key = "KeyId"
        case grant = "GrantId"
        case isDryRun = "DryRun"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        try call.keys(dryRun: isDryRun) { (keys) throws(Failure) in try keys.revokeGrant(grant, ofKey: key) }
    }
}
