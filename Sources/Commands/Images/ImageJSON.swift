import Cloud
import Crypto
import Model

/// An image as Ingot's own JSON has it; `ingot images` has the shape of EC2 instead.
struct ImageJSON: Encodable {
    let imageId: String
    let region: String
    let name: String
    let description: String
    let state: String
    let stateReason: String?
    let recipe: String?
    let version: String?
    let rootDigest: String?
    let sizeBytes: Int64
    let architecture: String
    let created: String
    let sourceRegion: String?
    let sourceImageId: String?
    let parentImageId: String?
    /// Of the key under which the content of the root volume is encrypted.
    let kmsKeyId: String?
    let volumes: [Volume]
    let tags: [String: String]

    struct Volume: Encodable {
        let deviceName: String
        let sizeGiB: Int
        let type: String
        let snapshotId: String?
        let encrypted: Bool
        let kmsKeyId: String?
    }

    init(_ image: ImageRecord) {
        imageId = image.id.description
        region = image.region.description
        name = image.name.description
        description = image.description
        state = image.state.rawValue
        stateReason = image.failureReason
        recipe = image.release?.recipe.description
        version = image.release?.version.description
        rootDigest = image.root?.hex
        sizeBytes = image.logicalSize
        architecture = image.architecture.rawValue
        created = image.created.description
        sourceRegion = image.source?.region.description
        sourceImageId = image.source?.image.description
        parentImageId = image.parent?.description
        kmsKeyId = image.key?.description
        volumes = image.volumes.map {
            Volume(
                deviceName: $0.deviceName, sizeGiB: $0.volume.size, type: $0.volume.type.rawValue,
                snapshotId: $0.snapshot?.description, encrypted: $0.volume.isEncrypted, kmsKeyId: $0.volume.key?.description)
        }
        tags = Dictionary(image.tags.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    }
}
