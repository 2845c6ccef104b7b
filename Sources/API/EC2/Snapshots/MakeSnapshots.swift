import Cloud
import Model

/// A snapshot of what a volume holds.
struct CreateSnapshot: EC2Action {
    private let volume: VolumeID
    private let description: String
    private let tags: TagSet

    init(_ input: QueryInput) throws(APIError) {
        volume = try VolumeID(asked: try input.required("VolumeId"))
        description = input.string("Description") ?? ""
        tags = try input.tagSpecifications("snapshot")["snapshot"] ?? TagSet()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let snapshot = try asking { () throws(Failure) in
            try call.actions.createSnapshot(of: volume, description: description, tags: tags)
        }
        answer.snapshot(snapshot)
    }
}

/// Snapshots of the volumes of an instance.
struct CreateSnapshots: EC2Action {
    private let new: InstanceSnapshots

    init(_ input: QueryInput) throws(APIError) {
        guard let instance = input.structure("InstanceSpecification") else { throw .missing("InstanceSpecification") }
        var new = InstanceSnapshots(instance: try InstanceID(asked: try instance.required("InstanceId")))
        new.leavesOutRoot = try instance.bool("ExcludeBootVolume") ?? false
        new.leftOut = try instance.strings("ExcludeDataVolumeId").map { text throws(APIError) in try VolumeID(asked: text) }
        new.description = input.string("Description") ?? ""
        new.tags = try input.tagSpecifications("snapshot")["snapshot"] ?? TagSet()
        if let source = input.string("CopyTagsFromSource") {
            guard source == "volume" else { throw .invalid(source, of: "CopyTagsFromSource") }
            new.copiesVolumeTags = true
        }
        self.new = new
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let snapshots = try asking { () throws(Failure) in try call.actions.createSnapshots(new) }
        answer.list("snapshotSet", snapshots) { snapshot, xml in
            xml.element("snapshotId", snapshot.id.description)
            xml.element("volumeId", snapshot.shownVolume)
            xml.element("state", snapshot.state.rawValue)
            xml.element("startTime", snapshot.started.withMilliseconds)
            xml.element("progress", "\(snapshot.progress)%")
            xml.element("ownerId", snapshot.owner.description)
            xml.element("volumeSize", snapshot.volumeSize)
            xml.element("description", snapshot.description)
            xml.element("encrypted", snapshot.isEncrypted)
            // Here AWS tells also that there are none.
            xml.tagList(snapshot.tags)
        }
    }
}

/// Copies a snapshot to the region that is asked.
struct CopySnapshot: EC2Action {
    private let copy: SnapshotCopying
    private let destination: String?

    init(_ input: QueryInput) throws(APIError) {
        let text = try input.required("SourceRegion")
        guard let region = try? RegionName(parsing: text) else { throw APIError(.invalid(region: String(text.prefix(40)))) }
        var copy = SnapshotCopying(sourceRegion: region, source: try input.snapshotID("SourceSnapshotId"))
        copy.description = input.string("Description") ?? ""
        copy.isEncrypted = try input.bool("Encrypted") ?? false
        copy.key = input.string("KmsKeyId")
        copy.tags = try input.tagSpecifications("snapshot")["snapshot"] ?? TagSet()
        destination = input.string("DestinationRegion")
        // A request to the source region in the caller's name; here the caller may read there anyhow what it may read.
        _ = input.string("PresignedUrl")
        // A copy is done when the action returns, so any time that it may take is enough.
        _ = try input.int("CompletionDurationMinutes")
        self.copy = copy
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        guard destination == nil || destination == call.region.description else {
            throw APIError(
                "InvalidParameterValue",
                "Value (\(destination?.prefix(40) ?? "")) for parameter DestinationRegion is not the region that is asked.")
        }
        let id = try asking { () throws(Failure) in try call.actions.copySnapshot(copy) }
        answer.element("snapshotId", id.description)
        answer.tags(copy.tags)
    }
}

struct DeleteSnapshot: EC2Action {
    private let id: SnapshotID

    init(_ input: QueryInput) throws(APIError) { id = try input.snapshotID() }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.deleteSnapshot(id) }
        answer.done()
    }
}
