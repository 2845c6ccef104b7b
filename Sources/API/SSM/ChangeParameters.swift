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
    let allowedPattern: String?
    let policies: String?

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
        case allowedPattern = "AllowedPattern"
        case policies = "Policies"
    }

    private static let tiers = ["Standard", "Advanced", "Intelligent-Tiering"]

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let parsed = try ParameterNameRules.name(name)
        var new = NewParameter(parsed, value, user: Principal.account(call.account).description)
        if let type { new.type = try SSMInput.word(type, "type", of: [.secureString, .stringList, .string]) }
        if let tier, !Self.tiers.contains(tier) {
            throw SSMInput.refusal(
                tier, "tier", "Member must satisfy enum value set: [\(Self.tiers.joined(separator: ", "))]")
        }
        // Of Intelligent-Tiering it is found out below.
        new.tier = tier.flatMap(ParameterTier.init(rawValue:))
        new.text = description
        new.overwrites = overwrites ?? false
        new.keyName = key
        new.allowedPattern = allowedPattern
        if let policies { new.policy = try askingSSM { () throws(Failure) in try ParameterPolicy.change(policies) } }
        if let dataType {
            guard let known = ParameterDataType(rawValue: dataType) else {
                throw APIError(
                    .validationException,
                    "The following data type is not supported: \(dataType.prefix(128)) (Data type names are all lowercase.)")
            }
            new.dataType = known
        }
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
        let needsAdvanced = value.utf8.count > ParameterTier.standard.maximumSize || policies != nil
        if tier == "Intelligent-Tiering", needsAdvanced { new.tier = .advanced }
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
        try askingSSM(name) { () throws(Failure) in try store.delete(selection.reference.name) }
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
