import Cloud
import Model

struct CreateVolume: EC2Action {
    private let creation: VolumeCreation

    init(_ input: QueryInput) throws(APIError) {
        var creation = VolumeCreation(zone: try input.required("AvailabilityZone"))
        creation.size = try input.int("Size")
        creation.snapshot = try input.string("SnapshotId").map { text throws(APIError) in try SnapshotID(asked: text) }
        creation.type = try input.choice("VolumeType") ?? .gp2
        creation.iops = try input.int("Iops")
        creation.throughput = try input.int("Throughput")
        creation.isEncrypted = try input.bool("Encrypted") ?? false
        creation.key = input.string("KmsKeyId")
        creation.tags = try input.tagSpecifications("volume")["volume"] ?? TagSet()
        creation.clientToken = input.string("ClientToken")
        if try input.bool("MultiAttachEnabled") ?? false {
            throw APIError("UnsupportedOperation", "Volumes are attached to one instance at a time here.")
        }
        self.creation = creation
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let volume = try asking { () throws(Failure) in try call.actions.createVolume(creation) }
        answer.volume(volume)
    }
}

struct DeleteVolume: EC2Action {
    private let id: VolumeID

    init(_ input: QueryInput) throws(APIError) { id = try VolumeID(asked: try input.required("VolumeId")) }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.deleteVolume(id) }
        answer.done()
    }
}

struct DescribeVolumes: EC2Action {
    private let query: VolumeQuery

    init(_ input: QueryInput) throws(APIError) {
        var query = VolumeQuery(
            filters: try input.filters(), limit: try input.limit("MaxResults", 1...1000), after: try input.pageToken())
        let ids = try input.strings("VolumeId")
        query.ids = ids.isEmpty ? nil : try ids.map { text throws(APIError) in try VolumeID(asked: text) }
        self.query = query
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        answer.open("volumeSet")
        let next = try asking { () throws(Failure) in
            try call.actions.describeVolumes(query) { volume throws(Failure) in answer.element("item") { $0.volume(volume) } }
        }
        answer.close("volumeSet")
        answer.element("nextToken", ifPresent: next?.description)
    }
}

extension VolumeID {
    init(asked text: String) throws(APIError) {
        do throws(Failure) { try self.init(parsing: text) } catch {
            guard text.hasPrefix("vol-") else {
                throw APIError(.invalidVolumeIDMalformed, "Invalid id: \"\(text.prefix(100))\" (expecting \"vol-...\")")
            }
            throw APIError("InvalidVolume.NotFound", "The volume '\(text.prefix(100))' does not exist.")
        }
    }
}

extension XMLWriter {
    /// The members of one volume.
    fileprivate mutating func volume(_ record: VolumeRecord) {
        element("volumeId", record.id.description)
        element("size", record.volume.size)
        element("snapshotId", record.snapshot?.description ?? "")
        element("availabilityZone", record.zone)
        element("status", record.state.rawValue)
        element("createTime", record.created.withMilliseconds)
        list("attachmentSet", record.attachment.map { [$0] } ?? []) { attachment, xml in
            xml.element("volumeId", record.id.description)
            xml.element("instanceId", attachment.instance.description)
            xml.element("device", attachment.device)
            xml.element("status", "attached")
            xml.element("attachTime", attachment.attached.withMilliseconds)
            xml.element("deleteOnTermination", attachment.isDeletedOnTermination)
        }
        tags(record.tags)
        element("volumeType", record.volume.type.rawValue)
        element("iops", ifPresent: record.volume.iops)
        element("throughput", ifPresent: record.volume.throughput)
        element("encrypted", record.volume.isEncrypted)
        element("kmsKeyId", ifPresent: record.volume.key?.description)
        element("multiAttachEnabled", false)
    }
}
