import Cloud
import Model

/// With whom a document is shared.
struct DescribeDocumentPermission: JSONAction {
    let documentName: String
    let type: String
    let limit: Int?
    let token: String?

    private enum CodingKeys: String, CodingKey {
        case documentName = "Name"
        case type = "PermissionType"
        case limit = "MaxResults"
        case token = "NextToken"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        try DocumentPermission.check(type)
        let shares = try call.documents { (actions) throws(Failure) in try actions.documentShares(documentName) }
        let page = try SSMPage(shares, limit: limit, token: token, usual: 50, most: 200)
        answer.field("AccountIds", page.elements.map(\.account))
        answer.field("AccountSharingInfoList", page.elements) { share, json in
            json.field("AccountId", share.account)
            json.field("SharedDocumentVersion", share.version.rawValue)
        }
        answer.field("NextToken", ifPresent: page.next)
    }
}

/// Shares a document with accounts, or with all, and takes that back.
struct ModifyDocumentPermission: JSONAction {
    let documentName: String
    let type: String
    let added: [String]?
    let removed: [String]?
    let version: String?

    private enum CodingKeys: String, CodingKey {
        case documentName = "Name"
        case type = "PermissionType"
        case added = "AccountIdsToAdd"
        case removed = "AccountIdsToRemove"
        case version = "SharedDocumentVersion"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        try DocumentPermission.check(type)
        let versions = try DocumentPermission.versions(version)
        let new = try DocumentPermission.accounts(added, "accountIdsToAdd").map { DocumentShare(account: $0, version: versions) }
        let gone = try DocumentPermission.accounts(removed, "accountIdsToRemove")
        try call.documents { (actions) throws(Failure) in
            try actions.shareDocument(documentName, with: new, notWith: gone)
        }
    }
}

/// Members of both.
private enum DocumentPermission {
    static func check(_ type: String) throws(APIError) {
        guard type != "Share" else { return }
        throw APIError(
            "InvalidPermissionType",
            SSMInput.refusal(type, "permissionType", "Member must satisfy enum value set: [Share]").message)
    }

    static func versions(_ text: String?) throws(APIError) -> DocumentShare.Versions {
        guard let text else { return .usual }
        if let versions = DocumentShare.Versions(rawValue: text) { return versions }
        throw SSMInput.refusal(
            text, "sharedDocumentVersion",
            "Member must satisfy regular expression pattern: ([$]LATEST|[$]DEFAULT|[$]ALL)")
    }

    /// Ids of accounts, or `all` in any case alone.
    static func accounts(_ texts: [String]?, _ member: String) throws(APIError) -> [String] {
        let texts = texts ?? []
        let isEveryone = { (text: String) in text.lowercased() == DocumentShare.everyone }
        for text in texts where !isEveryone(text) && (try? AccountID(parsing: text)) == nil {
            throw SSMInput.refusal(
                "[\(texts.joined(separator: ", "))]", member,
                "Member must satisfy constraint: [Member must satisfy regular expression pattern: (?i)all|[0-9]{12}]")
        }
        guard texts.count <= 1 || !texts.contains(where: isEveryone) else {
            throw APIError(.documentPermissionLimit, "Accounts can either be all or a group of AWS accounts")
        }
        return texts.map { isEveryone($0) ? DocumentShare.everyone : $0 }
    }
}
