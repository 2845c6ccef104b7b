import Cloud
import Model

/// What of the caller's refers to images.
struct DescribeImageReferences: EC2Action {
    private let ids: [ImageID]
    /// Nil for all.
    private let kinds: [ImageReferenceEntry.Kind]?
    private let limit: Int?
    private let token: PageToken?

    init(_ input: QueryInput) throws(APIError) {
        guard let ids = try input.imageIDs() else { throw .missing("ImageId") }
        self.ids = ids
        limit = try input.limit("MaxResults", 1...1000)
        token = try input.pageToken()
        let named = try input.structures("ResourceType").map { entry throws(APIError) in
            let text = try entry.required("ResourceType")
            guard let kind = ImageReferenceEntry.Kind(rawValue: text) else { throw .invalid(text, of: "ResourceType") }
            return kind
        }
        let isAll = try input.bool("IncludeAllResourceTypes") ?? false
        guard isAll != !named.isEmpty else {
            throw APIError(
                "InvalidParameterCombination", "Specify either ResourceTypes or IncludeAllResourceTypes, and not both")
        }
        kinds = isAll ? nil : named
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let all = try asking { () throws(Failure) in try call.actions.imageReferences(ids) }
        let page = all.filter { kinds?.contains($0.kind) ?? true }.page(after: token, limit: limit)
        answer.list("imageReferenceSet", page.items) { entry, xml in
            xml.element("imageId", entry.image.description)
            xml.element("resourceType", entry.kind.rawValue)
            xml.element("arn", entry.arn)
        }
        answer.element("nextToken", ifPresent: page.next?.description)
    }
}

struct AttachImageWatermark: EC2Action {
    private let id: ImageID
    private let name: String

    init(_ input: QueryInput) throws(APIError) {
        id = try input.imageID()
        name = try input.required("WatermarkName")
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let key = try asking { () throws(Failure) in try call.actions.attachWatermark(name, to: id) }
        answer.element("watermarkKey", key)
    }
}

struct DetachImageWatermark: EC2Action {
    private let id: ImageID
    private let key: String

    init(_ input: QueryInput) throws(APIError) {
        id = try input.imageID()
        key = try input.required("WatermarkKey")
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.detachWatermark(key, from: id) }
        answer.done()
    }
}
