import Cloud
import Model

/// Block device mappings as a request has them.
struct BlockDevices {
    private(set) var volumes: [VolumeMapping] = []
    private(set) var virtualDevices: [VirtualDevice] = []

    /// Devices without a size take that of their snapshot.
    init(_ input: QueryInput) throws(APIError) {
        for mapping in try input.structures("BlockDeviceMapping") {
            let device = try mapping.required("DeviceName")
            if let ebs = mapping.structure("Ebs") {
                volumes.append(try Self.volume(ebs, device))
            } else if mapping.text("NoDevice") != nil {
                virtualDevices.append(VirtualDevice(deviceName: device, virtualName: nil))
            } else {
                virtualDevices.append(VirtualDevice(deviceName: device, virtualName: try mapping.required("VirtualName")))
            }
        }
    }

    private static func volume(_ ebs: QueryInput, _ device: String) throws(APIError) -> VolumeMapping {
        let type = ebs.string("VolumeType") ?? VolumeType.gp3.rawValue
        guard let volumeType = VolumeType(rawValue: type) else { throw .invalid(type, of: "VolumeType") }
        let volume = Volume(
            size: try ebs.int("VolumeSize") ?? 0, type: volumeType, isEncrypted: try ebs.bool("Encrypted") ?? false,
            iops: try ebs.int("Iops"), throughput: try ebs.int("Throughput"),
            isDeletedOnTermination: try ebs.bool("DeleteOnTermination") ?? true)
        var snapshot: SnapshotID?
        if let text = ebs.string("SnapshotId") { snapshot = try SnapshotID(asked: text) }
        return VolumeMapping(deviceName: device, volume: volume, snapshot: snapshot)
    }
}

extension SnapshotID {
    init(asked text: String) throws(APIError) {
        self = try asking { () throws(Failure) in try SnapshotID(requested: text) }
    }
}
