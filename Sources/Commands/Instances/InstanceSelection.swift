import Cloud
import CommandLineKit
import Crypto
import Model
import Orchestration

/// An instance that a command works on, and what the account that acts may do in its region.
struct OwnedInstance {
    let record: InstanceRecord
    let region: RegionName
    let actions: any RegionActions
    let workspace: Workspace

    var id: InstanceID { record.id }

    /// The region as who runs programs on its instances sees it.
    func embeddedRegion() throws(Failure) -> EmbeddedRegion {
        guard let plane = workspace.plane as? EmbeddedPlane else {
            throw Failure(.unavailable, "programs run on instances of the embedded plane alone")
        }
        return try plane.open(region)
    }
}

extension CommandContext {
    static let instance = Argument<String>("instance", "The instance, by id", values: .dynamic("instance"))

    /// The instance of the acting account that a word means, in the region of --region or in any.
    func ownedInstance(_ word: String) throws(Failure) -> OwnedInstance {
        let id: InstanceID
        do throws(Failure) { id = try InstanceID(parsing: word) } catch {
            throw Failure(.invalid, error.message, hint: "`ingot instances` lists what there is")
        }
        let workspace = try recoveredWriter()
        let regions = if let region { [region] } else { try workspace.plane.regions() }
        for name in regions {
            let actions = try workspace.plane.actions(in: name, as: settings.account)
            guard let record = try actions.instances().first(where: { $0.id == id }) else { continue }
            return OwnedInstance(record: record, region: name, actions: actions, workspace: workspace)
        }
        throw Failure(PlaneError.notFound(instances: [id]), hint: "`ingot instances` lists what there is")
    }
}

/// One instance in a list.
struct InstanceRow: ListRow {
    let instance: InstanceRecord
    let region: RegionName

    static let tableHeader: [Table.Column] = [
        Table.Column("INSTANCE", canShrink: false), "STATE", "TYPE", "ZONE", "IMAGE", "ADDRESS",
        Table.Column("LAUNCHED", canShrink: false), "NAME",
    ]

    var tableRow: [String] {
        [
            instance.id.description, instance.state.rawValue, instance.type.name, instance.subnet.zone,
            instance.image.description, instance.address, instance.launched.description, instance.tags["Name"] ?? "",
        ]
    }

    var quietValue: String { instance.id.description }

    struct JSON: Encodable {
        let instanceId: String
        let region: String
        let zone: String
        let ownerId: String
        let state: String
        let stateReason: String?
        let instanceType: String
        let imageId: String
        let keyName: String?
        let privateAddress: String
        let launched: String
        let volumes: [Volume]
        let tags: [String: String]

        struct Volume: Encodable {
            let volumeId: String
            let device: String?
            let sizeGiB: Int
            let rootDigest: String?
        }
    }

    var json: JSON {
        JSON(
            instanceId: instance.id.description, region: region.description, zone: instance.subnet.zone,
            ownerId: instance.owner.description, state: instance.state.rawValue, stateReason: instance.stateReason?.message,
            instanceType: instance.type.name, imageId: instance.image.description, keyName: instance.keyName,
            privateAddress: instance.address, launched: instance.launched.description,
            volumes: instance.volumes.map {
                JSON.Volume(
                    volumeId: $0.id.description, device: $0.attachment?.device, sizeGiB: $0.volume.size,
                    rootDigest: $0.root?.hex)
            }, tags: Dictionary(instance.tags.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first }))
    }
}
