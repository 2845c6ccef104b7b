import Cloud
import Model

struct ModifyVolume: EC2Action {
    private let id: VolumeID
    private let change: VolumeChange

    init(_ input: QueryInput) throws(APIError) {
        id = try VolumeID(asked: try input.required("VolumeId"))
        change = VolumeChange(
            size: try input.int("Size"), type: try input.choice("VolumeType"), iops: try input.int("Iops"),
            throughput: try input.int("Throughput"))
        if try input.bool("MultiAttachEnabled") ?? false {
            throw APIError("UnsupportedOperation", "Volumes are attached to one instance at a time here.")
        }
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let modification = try asking { () throws(Failure) in try call.actions.modifyVolume(id, change) }
        answer.element("volumeModification") { $0.modification(modification, isDone: false) }
    }
}

/// The last change of each volume that had one. All are complete.
struct DescribeVolumesModifications: EC2Action {
    private let ids: [VolumeID]
    private let filters: [ResourceFilter]

    init(_ input: QueryInput) throws(APIError) {
        ids = try input.strings("VolumeId").map { text throws(APIError) in try VolumeID(asked: text) }
        filters = try input.filters()
        _ = try input.limit("MaxResults", 1...500)
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let all = try asking { () throws(Failure) in try call.actions.volumeModifications() }
        let shown = try all.kept { modification throws(APIError) in
            guard ids.isEmpty || ids.contains(modification.volume) else { return false }
            return try filters.accept(Self.values(of: modification))
        }
        answer.list("volumeModificationSet", shown) { modification, xml in xml.modification(modification, isDone: true) }
    }

    private static func values(of modification: VolumeModification) -> [String: [String]] {
        let (old, new) = (modification.original, modification.target)
        return [
            "volume-id": [modification.volume.description], "modification-state": ["completed"],
            "start-time": [modification.started.withMilliseconds], "original-size": [String(old.size)],
            "target-size": [String(new.size)], "original-volume-type": [old.type.rawValue],
            "target-volume-type": [new.type.rawValue], "original-iops": old.iops.map { [String($0)] } ?? [],
            "target-iops": new.iops.map { [String($0)] } ?? [], "original-multi-attach-enabled": ["false"],
            "target-multi-attach-enabled": ["false"],
        ]
    }
}

extension XMLWriter {
    fileprivate mutating func modification(_ modification: VolumeModification, isDone: Bool) {
        element("volumeId", modification.volume.description)
        element("modificationState", isDone ? "completed" : "modifying")
        element("targetSize", modification.target.size)
        element("targetIops", ifPresent: modification.target.iops)
        element("targetVolumeType", modification.target.type.rawValue)
        element("targetThroughput", ifPresent: modification.target.throughput)
        element("targetMultiAttachEnabled", false)
        element("originalSize", modification.original.size)
        element("originalIops", ifPresent: modification.original.iops)
        element("originalVolumeType", modification.original.type.rawValue)
        element("originalThroughput", ifPresent: modification.original.throughput)
        element("originalMultiAttachEnabled", false)
        element("progress", isDone ? 100 : 0)
        element("startTime", modification.started.withMilliseconds)
        if isDone { element("endTime", modification.started.withMilliseconds) }
    }
}
