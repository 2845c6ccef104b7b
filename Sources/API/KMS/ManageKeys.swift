import Cloud
import Model

/// Makes a key.
struct CreateKey: JSONAction {
    let policy: String?
    let description: String?
    let usage: String?
    let spec: String?
    /// The older name of `spec`.
    let masterKeySpec: String?
    let origin: String?
    let isMultiRegion: Bool?
    let skipsLockoutCheck: Bool?
    let tags: [KMSTag]?

    private enum CodingKeys: String, CodingKey {
        case policy = "Policy"
        case description = "Description"
        case usage = "KeyUsage"
        case spec = "KeySpec"
        case masterKeySpec = "CustomerMasterKeySpec"
        case origin = "Origin"
        case isMultiRegion = "MultiRegion"
        case skipsLockoutCheck = "BypassPolicyLockoutSafetyCheck"
        case tags = "Tags"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        guard spec == nil || masterKeySpec == nil else {
            throw APIError(.validationException, "You cannot specify KeySpec and CustomerMasterKeySpec in the same request.")
        }
        var new = KeyCreation(
            policy: policy, description: try KMSInput.text(description ?? "", most: 8192, "description"),
            isMultiRegion: isMultiRegion ?? false, skipsLockoutCheck: skipsLockoutCheck ?? false, tags: try KMSTag.set(tags))
        if let text = spec ?? masterKeySpec { new.spec = try KMSInput.word(text, "keySpec") }
        new.usage = new.spec.family == .hmac ? .generateVerifyMAC : .encryptDecrypt
        if let usage { new.usage = try KMSInput.word(usage, "keyUsage") }
        if let origin { new.origin = try KMSInput.word(origin, "origin") }
        guard usage != nil || new.spec.family == .symmetric else {
            throw APIError(
                .validationException, "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.")
        }
        let made = try call.keys { (keys) throws(Failure) in try keys.createKey(new) }
        answer.field("KeyMetadata") { $0.keyMetadata(made) }
    }
}

/// Looks at a key.
struct DescribeKey: JSONAction {
    let key: String
    let grantTokens: [String]?

    private enum CodingKeys: String, CodingKey {
        case key = "KeyId"
        case grantTokens = "GrantTokens"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let found = try call.keys { (keys) throws(Failure) in
            try keys.describeKey(KeySelection(key, grantTokens: grantTokens ?? []))
        }
        answer.field("KeyMetadata") { $0.keyMetadata(found) }
    }
}

/// The keys of the account.
struct ListKeys: JSONAction {
    let limit: Int?
    let marker: String?

    private enum CodingKeys: String, CodingKey {
        case limit = "Limit"
        case marker = "Marker"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let all = try call.keys { (keys) throws(Failure) in try keys.keys() }
        let page = try KMSPage(all, limit: limit, marker: marker, usual: 100)
        answer.field("Keys", page.elements) { key, json in
            json.field("KeyId", key.id.description)
            json.field("KeyArn", key.arn.description)
        }
        page.writeMarker(&answer)
    }
}

/// Changes what a key says of itself.
struct UpdateKeyDescription: JSONAction {
    let key: String
    let description: String

    private enum CodingKeys: String, CodingKey {
        case key = "KeyId"
        case description = "Description"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let text = try KMSInput.text(description, most: 8192, "description")
        try call.keys { (keys) throws(Failure) in try keys.setDescription(text, ofKey: key) }
    }
}

/// Lets a key be used again.
struct EnableKey: JSONAction {
    let key: String

    private enum CodingKeys: String, CodingKey { case key = "KeyId" }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        try call.keys { (keys) throws(Failure) in try keys.enableKey(key) }
    }
}

/// Keeps a key from being used, and all that is encrypted under it with it.
struct DisableKey: JSONAction {
    let key: String

    private enum CodingKeys: String, CodingKey { case key = "KeyId" }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        try call.keys { (keys) throws(Failure) in try keys.disableKey(key) }
    }
}

/// Has a key destroyed after some days.
struct ScheduleKeyDeletion: JSONAction {
    let key: String
    let days: Int?

    private enum CodingKeys: String, CodingKey {
        case key = "KeyId"
        case days = "PendingWindowInDays"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let window = days ?? KeyDeletionWindow.usual
        let changed = try call.keys { (keys) throws(Failure) in try keys.scheduleKeyDeletion(key, days: window) }
        answer.field("KeyId", changed.arn.description)
        if let date = changed.deletion { answer.field("DeletionDate", date.seconds) }
        answer.field("KeyState", changed.state.rawValue)
        answer.field("PendingWindowInDays", window)
    }
}

/// Brings a key back; it is disabled then.
struct CancelKeyDeletion: JSONAction {
    let key: String

    private enum CodingKeys: String, CodingKey { case key = "KeyId" }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let changed = try call.keys { (keys) throws(Failure) in try keys.cancelKeyDeletion(key) }
        answer.field("KeyId", changed.arn.description)
    }
}
