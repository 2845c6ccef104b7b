import Cloud
import Model

/// Makes a key of the same id and material in another region.
struct ReplicateKey: JSONAction {
    let key: String
    let place: String
    let policy: String?
    let description: String?
    let skipsLockoutCheck: Bool?
    let tags: [KMSTag]?

    private enum CodingKeys: String, CodingKey {
        case key = "KeyId"
        case place = "ReplicaRegion"
        case policy = "Policy"
        case description = "Description"
        case skipsLockoutCheck = "BypassPolicyLockoutSafetyCheck"
        case tags = "Tags"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let set = try KMSTag.set(tags)
        let new = KeyCreation(
            policy: policy, description: try KMSInput.text(description ?? "", most: 8192, "description"),
            skipsLockoutCheck: skipsLockoutCheck ?? false, tags: set)
        let replica = try call.keys { (keys) throws(Failure) in
            try keys.replicateKey(key, to: try RegionName(parsing: place), new)
        }
        answer.field("ReplicaKeyMetadata") { $0.keyMetadata(replica) }
        answer.field("ReplicaPolicy", replica.key.policy.text)
        answer.field("ReplicaTags", set) { tag, json in
            json.field("TagKey", tag.key)
            json.field("TagValue", tag.value)
        }
    }
}

/// Makes a replica the primary key.
struct UpdatePrimaryRegion: JSONAction {
    let key: String
    let place: String

    private enum CodingKeys: String, CodingKey {
        case key = "KeyId"
        case place = "PrimaryRegion"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        try call.keys { (keys) throws(Failure) in try keys.setPrimaryRegion(try RegionName(parsing: place), ofKey: key) }
    }
}
