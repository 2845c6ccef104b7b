import Cloud
import Model

/// Gives a key tags.
struct TagResource: JSONAction {
    let key: String
    let tags: [KMSTag]

    private enum CodingKeys: String, CodingKey {
        case key = "KeyId"
        case tags = "Tags"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let tags = try KMSTag.set(tags)
        try call.keys { (keys) throws(Failure) in try keys.addTags(tags, toKey: key) }
    }
}

/// Takes tags away.
struct UntagResource: JSONAction {
    let key: String
    let names: [String]

    private enum CodingKeys: String, CodingKey {
        case key = "KeyId"
        case names = "TagKeys"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        try call.keys { (keys) throws(Failure) in try keys.removeTags(names, fromKey: key) }
    }
}

/// The tags of a key.
struct ListResourceTags: JSONAction {
    let key: String
    let limit: Int?
    let marker: String?

    private enum CodingKeys: String, CodingKey {
        case key = "KeyId"
        case limit = "Limit"
        case marker = "Marker"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let tags = try call.keys { (keys) throws(Failure) in try keys.tags(ofKey: key) }
        let page = try KMSPage(Array(tags), limit: limit, marker: marker)
        answer.field("Tags", page.elements) { tag, json in
            json.field("TagKey", tag.key)
            json.field("TagValue", tag.value)
        }
        page.writeMarker(&answer)
    }
}
