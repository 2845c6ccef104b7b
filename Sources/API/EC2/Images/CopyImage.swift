import Cloud
import Model

/// Copies an image to the region that is asked.
struct CopyImage: EC2Action {
    private let copy: ImageCopying

    init(_ input: QueryInput) throws(APIError) {
        let name = try input.required("Name")
        let region = try input.required("SourceRegion")
        let source = try input.imageID("SourceImageId")
        let tags = try input.tagSpecifications("image", "snapshot")
        guard let region = try? RegionName(parsing: region) else { throw APIError(.invalid(region: String(region.prefix(40)))) }
        var copy = ImageCopying(name: name, sourceRegion: region, source: source)
        copy.description = input.string("Description")
        copy.isEncrypted = try input.bool("Encrypted") ?? false
        copy.key = input.string("KmsKeyId")
        copy.copiesTags = try input.bool("CopyImageTags") ?? false
        copy.tags = tags["image"] ?? TagSet()
        copy.snapshotTags = tags["snapshot"] ?? TagSet()
        copy.clientToken = input.string("ClientToken")
        // A copy is done when the action returns, so any time that it may take is enough.
        _ = try input.int("SnapshotCopyCompletionDurationMinutes")
        self.copy = copy
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let id = try asking { () throws(Failure) in try call.actions.copyImage(copy) }
        answer.element("imageId", id.description)
    }
}
