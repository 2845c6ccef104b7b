import Cloud
import Model

/// Gives a key a name.
struct CreateAlias: JSONAction {
    let name: String
    let key: String

    private enum CodingKeys: String, CodingKey {
        case name = "AliasName"
        case key = "TargetKeyId"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        try call.keys { (keys) throws(Failure) in try keys.createAlias(name, for: key) }
    }
}

/// Gives a name to another key.
struct UpdateAlias: JSONAction {
    let name: String
    let key: String

    private enum CodingKeys: String, CodingKey {
        case name = "AliasName"
        case key = "TargetKeyId"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        try call.keys { (keys) throws(Failure) in try keys.updateAlias(name, to: key) }
    }
}

/// Takes a name away.
struct DeleteAlias: JSONAction {
    let name: String

    private enum CodingKeys: String, CodingKey { case name = "AliasName" }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        try call.keys { (keys) throws(Failure) in try keys.deleteAlias(name) }
    }
}

/// The names of all keys of the account, or of one.
struct ListAliases: JSONAction {
    let key: String?
    let limit: Int?
    let marker: String?

    private enum CodingKeys: String, CodingKey {
        case key = "KeyId"
        case limit = "Limit"
        case marker = "Marker"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let all = try call.keys { (keys) throws(Failure) in try keys.keyAliases(of: key) }
        let page = try KMSPage(all, limit: limit, marker: marker)
        answer.field("Aliases", page.elements) { alias, json in
            json.field("AliasName", alias.name.description)
            json.field("AliasArn", alias.name.arn(in: call.region, of: call.account))
            json.field("TargetKeyId", alias.key.description)
            json.field("CreationDate", alias.created.seconds)
            json.field("LastUpdatedDate", alias.updated.seconds)
        }
        page.writeMarker(&answer)
    }
}
