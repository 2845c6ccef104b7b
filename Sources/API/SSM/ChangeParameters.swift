import Cloud
import Model

/// Writes a parameter, or a new version of it.
struct PutParameter: JSONAction {
    let name: String
    let value: String
    let description: String?
    let type: String?
    let tier: String?
    let overwrites: Bool?
    let dataType: String?
    let tags: [Tag]?
    let key: String?

    private enum CodingKeys: String, CodingKey {
        case name = "Name"
        case value = "Value"
        case description = "Description"
        case type = "Type"
        case tier = "Tier"
        case overwrites = "Overwrite"
        case dataType = "DataType"
        case tags = "Tags"
        case key = "KeyId"
    }

    /// What a region's secure parameters are encrypted under.
    private static let ownKey = "alias/aws/ssm"

    private static func choice<Choice: RawRepresentable<String>>(_ text: String?, _ name: String) throws(APIError) -> Choice? {
        guard let text else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        throw APIError(
            "ValidationException",
            "1 validation error detected: Value '\(text.prefix(60))' at '\(name)' failed to satisfy constraint")
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let parsed = try askingSSM { () throws(Failure) in try ParameterName(parsing: name) }
        if let key, key != Self.ownKey {
            throw APIError(
                "InvalidKeyId", "SecureStrings are encrypted under \(Self.ownKey) alone, not under \(key.prefix(200)).")
        }
        var new = NewParameter(parsed, value, user: Principal.account(call.account).description)
        new.type = try Self.choice(type, "type")
        // Which tier it needs is found out below.
        new.tier = tier == "Intelligent-Tiering" ? nil : try Self.choice(tier, "tier")
        new.text = description
        new.overwrites = overwrites ?? false
        new.dataType = try Self.choice(dataType, "dataType")
        new.tags = try askingSSM { () throws(Failure) in try TagSet(tags ?? []) }
        if new.overwrites, new.tags.count > 0 {
            throw APIError(
                "ValidationException",
                "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource."
            )
        }
        if new.dataType == .image { try checkImage(call) }
        let store = try call.parameters
        if new.type == nil, (try? store.parameter(ParameterReference(parsing: name.description))) == nil {
            throw APIError("ValidationException", "A parameter type is required when you create a parameter.")
        }
        if tier == "Intelligent-Tiering", value.utf8.count > ParameterTier.standard.maximumSize { new.tier = .advanced }
        let record = try askingSSM { () throws(Failure) in try store.put(new, at: call.now) }
        answer.field("Version", record.version)
        answer.field("Tier", record.tier.rawValue)
    }
}

extension PutParameter {
    /// The value of the data type `aws:ec2:image` is the id of an image that the account can see.
    private func checkImage(_ call: Call) throws(APIError) {
        let refusal = APIError(
            "ValidationException",
            "The value \(value.prefix(60)) is not valid for the data type aws:ec2:image: it must be the id of an image here.")
        guard type == nil || type == "String", let id = try? ImageID(parsing: value) else { throw refusal }
        let isThere: Bool
        do throws(Failure) { isThere = try !call.actions.describeImages(ImageQuery(ids: [id])).isEmpty } catch { throw refusal }
        if !isThere { throw refusal }
    }
}

/// Deletes a parameter with all its versions.
struct DeleteParameter: JSONAction {
    let name: String

    private enum CodingKeys: String, CodingKey {
        case name = "Name"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let selection = try ParameterSelection(name, call)
        let store = try call.parameters
        try askingSSM { () throws(Failure) in try store.delete(selection.reference.name) }
    }
}

/// Deletes several parameters.
struct DeleteParameters: JSONAction {
    let names: [String]

    private enum CodingKeys: String, CodingKey {
        case names = "Names"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let store = try call.parameters
        var deleted: [String] = []
        var missing: [String] = []
        for name in names {
            do throws(APIError) {
                let selection = try ParameterSelection(name, call)
                try askingSSM { () throws(Failure) in try store.delete(selection.reference.name) }
                deleted.append(name)
            } catch {
                guard error.code == "ParameterNotFound" || error.code == "ValidationException" else { throw error }
                missing.append(name)
            }
        }
        answer.field("DeletedParameters", deleted)
        answer.field("InvalidParameters", missing)
    }
}
