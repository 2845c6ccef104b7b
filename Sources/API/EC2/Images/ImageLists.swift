import Cloud
import Model

/// The image, what it was made of, and so on.
struct GetImageAncestry: EC2Action {
    private let id: ImageID

    init(_ input: QueryInput) throws(APIError) { id = try input.imageID() }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let ancestors = try asking { () throws(Failure) in try call.actions.imageAncestry(id) }
        answer.list("imageAncestryEntrySet", ancestors) { ancestor, xml in
            xml.element("creationDate", ifPresent: ancestor.created?.withMilliseconds)
            xml.element("imageId", ancestor.image.description)
            xml.element("imageOwnerAlias", ifPresent: ancestor.ownerAlias?.rawValue)
            xml.element("sourceImageId", ifPresent: ancestor.source?.image.description)
            xml.element("sourceImageRegion", ifPresent: ancestor.source?.region.description)
        }
    }
}

/// Images that were deregistered and can still be restored.
struct ListImagesInRecycleBin: EC2Action {
    private let ids: [ImageID]?

    init(_ input: QueryInput) throws(APIError) {
        ids = try input.imageIDs()
        // All fit into one page.
        _ = try input.limit()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let images = try asking { () throws(Failure) in try call.actions.imagesInRecycleBin(ids) }
        answer.list("imageSet", images) { image, xml in
            xml.element("imageId", image.id.description)
            xml.element("name", image.name.description)
            if !image.description.isEmpty { xml.element("description", image.description) }
            xml.element("recycleBinEnterTime", image.span.entered.withMilliseconds)
            xml.element("recycleBinExitTime", image.span.leaves.withMilliseconds)
        }
    }
}
