import Cloud
import Model

/// Has a key's material changed from time to time.
struct EnableKeyRotation: JSONAction {
    let key: String
    let days: Int?

    private enum CodingKeys: String, CodingKey {
        case key = "KeyId"
        case days = "RotationPeriodInDays"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        try call.keys { (keys) throws(Failure) in
            try keys.enableKeyRotation(key, days: days ?? KeyRotationPeriod.usual)
        }
    }
}

/// Leaves a key's material as it is.
struct DisableKeyRotation: JSONAction {
    let key: String

    private enum CodingKeys: String, CodingKey { case key = "KeyId" }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        try call.keys { (keys) throws(Failure) in try keys.disableKeyRotation(key) }
    }
}

/// Whether and when a key's material is changed.
struct GetKeyRotationStatus: JSONAction {
    let key: String

    private enum CodingKeys: String, CodingKey { case key = "KeyId" }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let found = try call.keys { (keys) throws(Failure) in try keys.keyRotation(key) }
        answer.field("KeyRotationEnabled", found.rotation != nil)
        answer.field("KeyId", found.arn.description)
        if let rotation = found.rotation {
            answer.field("RotationPeriodInDays", rotation.period)
            answer.field("NextRotationDate", rotation.next.seconds)
        }
    }
}

/// Changes a key's material now.
struct RotateKeyOnDemand: JSONAction {
    let key: String

    private enum CodingKeys: String, CodingKey { case key = "KeyId" }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let changed = try call.keys { (keys) throws(Failure) in try keys.rotateKey(key) }
        answer.field("KeyId", changed.id.description)
    }
}

/// When a key's material was changed.
struct ListKeyRotations: JSONAction {
    let key: String
    let limit: Int?
    let marker: String?
    let included: String?

    private enum CodingKeys: String, CodingKey {
        case key = "KeyId"
        case limit = "Limit"
        case marker = "Marker"
        case included = "IncludeKeyMaterial"
    }

    private enum Included: String, CaseIterable {
        case rotations = "ROTATIONS_ONLY"
        case all = "ALL_KEY_MATERIAL"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let wanted: Included = try KMSInput.word(included ?? Included.rotations.rawValue, "includeKeyMaterial")
        let (found, all) = try call.keys { (keys) throws(Failure) in
            (try keys.keyRotation(key), try keys.keyRotations(key, includingFirst: wanted == .all))
        }
        let page = try KMSPage(all, limit: limit, marker: marker, usual: 100)
        answer.field("Rotations", page.elements) { rotation, json in
            json.field("KeyId", found.arn.description)
            json.field("KeyMaterialId", ifPresent: found.materialID(rotation.number))
            json.field("KeyMaterialState", rotation.number == found.material ? "CURRENT" : "NON_CURRENT")
            if found.origin == .external {
                json.field("ImportState", "IMPORTED")
                let end = found.imported?.validTo
                json.field("ExpirationModel", (end == nil ? ExpirationModel.doesNotExpire : .expires).rawValue)
                if let end { json.field("ValidTo", end.seconds) }
            }
            guard rotation.number > 1 else { return }
            json.field("RotationDate", rotation.date.seconds)
            json.field("RotationType", rotation.isOnDemand ? "ON_DEMAND" : "AUTOMATIC")
        }
        page.writeMarker(&answer)
    }
}
