import Cloud
import Model
import XML

extension EndpointActions {
    package func describeVolumes(
        _ query: VolumeQuery, receive: (VolumeRecord) throws(Failure) -> Void
    ) throws(Failure) -> PageToken? {
        let answer = try ask("DescribeVolumes") { form in
            form.list("VolumeId", query.ids ?? [])
            form.filters(query.filters)
            form.page(query.limit, after: query.after)
        }
        for item in answer.items("volumeSet") { try receive(try VolumeRecord(item, owner: client.account)) }
        return try answer.nextToken()
    }

    package func createVolume(_ new: VolumeCreation) throws(Failure) -> VolumeRecord {
        let answer = try ask("CreateVolume") { form in
            form.set("AvailabilityZone", new.zone)
            form.set("Size", new.size)
            form.set("SnapshotId", new.snapshot?.description)
            form.set("VolumeType", new.type.rawValue)
            form.set("Iops", new.iops)
            form.set("Throughput", new.throughput)
            form.set("Encrypted", ifTrue: new.isEncrypted)
            form.set("KmsKeyId", new.key)
            form.tagSpecifications([("volume", new.tags)])
            form.set("ClientToken", new.clientToken)
        }
        return try VolumeRecord(answer, owner: client.account)
    }

    package func deleteVolume(_ id: VolumeID) throws(Failure) { try run("DeleteVolume") { $0.set("VolumeId", id.description) } }

    package func attachVolume(_ id: VolumeID, to instance: InstanceID, device: String) throws(Failure) -> VolumeRecord {
        _ = try ask("AttachVolume") { form in
            form.set("VolumeId", id.description)
            form.set("InstanceId", instance.description)
            form.set("Device", device)
        }
        return try volume(id)
    }

    package func detachVolume(_ id: VolumeID, from instance: InstanceID?, device: String?) throws(Failure) -> VolumeRecord {
        let before = try volume(id)
        _ = try ask("DetachVolume") { form in
            form.set("VolumeId", id.description)
            form.set("InstanceId", instance?.description)
            form.set("Device", device)
        }
        return before
    }

    private func volume(_ id: VolumeID) throws(Failure) -> VolumeRecord {
        guard let volume = try describeVolumes(VolumeQuery(ids: [id])).first else {
            throw Failure(.corrupt, "the volume \(id) is in no list")
        }
        return volume
    }

    package func modifyVolume(_ id: VolumeID, _ change: VolumeChange) throws(Failure) -> VolumeModification {
        let answer = try ask("ModifyVolume") { form in
            form.set("VolumeId", id.description)
            form.set("Size", change.size)
            form.set("VolumeType", change.type?.rawValue)
            form.set("Iops", change.iops)
            form.set("Throughput", change.throughput)
        }
        guard let item = answer["volumeModification"] else { throw Failure(.corrupt, "ModifyVolume answers no modification") }
        return try VolumeModification(item)
    }

    package func volumeModifications() throws(Failure) -> [VolumeModification] {
        try ask("DescribeVolumesModifications").items("volumeModificationSet") { item throws(Failure) in
            try VolumeModification(item)
        }
    }

    package func setEnablesIO(_ isOn: Bool, of id: VolumeID) throws(Failure) {
        try run("ModifyVolumeAttribute") { form in
            form.set("VolumeId", id.description)
            form.set("AutoEnableIO.Value", isOn)
        }
    }

    package func enablesIO(_ id: VolumeID) throws(Failure) -> Bool {
        let answer = try ask("DescribeVolumeAttribute") { form in
            form.set("VolumeId", id.description)
            form.set("Attribute", "autoEnableIO")
        }
        guard let attribute = answer["autoEnableIO"] else { throw Failure(.corrupt, "the answer has no attribute") }
        return try attribute.flag("value")
    }
}

extension VolumeRecord {
    /// EC2's answers do not say whose volumes they are: the account's that asks.
    fileprivate init(_ item: XMLElement, owner: AccountID) throws(Failure) {
        var volume = Volume(
            size: try item.int("size"), type: try item.word("volumeType"), isEncrypted: try item.flag("encrypted"),
            iops: try item.int(optional: "iops"), throughput: try item.int(optional: "throughput"),
            key: try item.value(optional: "kmsKeyId"))
        let attachment = try item.items("attachmentSet") { entry throws(Failure) in
            Attachment(
                instance: try entry.value("instanceId"), device: try entry.text("device"),
                attached: try entry.value("attachTime"), isDeletedOnTermination: try entry.flag("deleteOnTermination"))
        }.first
        volume.isDeletedOnTermination = attachment?.isDeletedOnTermination ?? false
        self.init(
            id: try item.value("volumeId"), owner: owner, state: try item.word("status"),
            zone: try item.text("availabilityZone"), volume: volume, snapshot: try item.value(optional: "snapshotId"),
            created: try item.value("createTime"), attachment: attachment, tags: try item.tags())
    }
}

extension VolumeModification {
    fileprivate init(_ item: XMLElement) throws(Failure) {
        self.init(
            volume: try item.value("volumeId"), original: try Volume(item, "original"), target: try Volume(item, "target"),
            started: try item.value("startTime"))
    }
}

extension Volume {
    /// One side of a modification.
    fileprivate init(_ item: XMLElement, _ side: String) throws(Failure) {
        self.init(
            size: try item.int("\(side)Size"), type: try item.word("\(side)VolumeType"), isEncrypted: false,
            iops: try item.int(optional: "\(side)Iops"), throughput: try item.int(optional: "\(side)Throughput"))
    }
}
