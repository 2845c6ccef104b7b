import Cloud
import Model
import XML

extension EndpointActions {
    package func describeSnapshots(
        _ query: SnapshotQuery, receive: (SnapshotRecord) throws(Failure) -> Void
    ) throws(Failure) -> PageToken? {
        let answer = try ask("DescribeSnapshots") { form in
            form.list("SnapshotId", query.ids ?? [])
            form.owners(query.owners)
            form.executors("RestorableBy", query.restorableBy)
            form.filters(query.filters)
            form.page(query.limit, after: query.after)
        }
        for item in answer.items("snapshotSet") { try receive(try SnapshotRecord(item)) }
        return try answer.nextToken()
    }

    package func snapshotAttributes(_ id: SnapshotID) throws(Failure) -> SnapshotRecord {
        let answer = try ask("DescribeSnapshotAttribute") { form in
            form.set("SnapshotId", id.description)
            form.set("Attribute", "createVolumePermission")
        }
        var snapshot = try snapshot(id)
        snapshot.permissions = Set(
            try answer.items("createVolumePermission") { item throws(Failure) in try LaunchPermission(item) })
        return snapshot
    }

    private func snapshot(_ id: SnapshotID) throws(Failure) -> SnapshotRecord {
        guard let snapshot = try describeSnapshots(SnapshotQuery(ids: [id])).first else {
            throw Failure(.corrupt, "the snapshot \(id) is in no list")
        }
        return snapshot
    }

    package func createSnapshot(of volume: VolumeID, description: String, tags: TagSet) throws(Failure) -> SnapshotRecord {
        let answer = try ask("CreateSnapshot") { form in
            form.set("VolumeId", volume.description)
            form.set("Description", description)
            form.tagSpecifications([("snapshot", tags)])
        }
        return try SnapshotRecord(answer)
    }

    package func createSnapshots(_ new: InstanceSnapshots) throws(Failure) -> [SnapshotRecord] {
        let answer = try ask("CreateSnapshots") { form in
            form.structure("InstanceSpecification") { form in
                form.set("InstanceId", new.instance.description)
                form.set("ExcludeBootVolume", ifTrue: new.leavesOutRoot)
                form.list("ExcludeDataVolumeId", new.leftOut)
            }
            form.set("Description", new.description)
            form.set("CopyTagsFromSource", new.copiesVolumeTags ? "volume" : nil)
            form.tagSpecifications([("snapshot", new.tags)])
        }
        let ids = try answer.items("snapshotSet") { item throws(Failure) -> SnapshotID in try item.value("snapshotId") }
        return try describeSnapshots(SnapshotQuery(ids: ids))
    }

    package func copySnapshot(_ copy: SnapshotCopying) throws(Failure) -> SnapshotID {
        try ask("CopySnapshot") { form in
            form.set("SourceRegion", copy.sourceRegion.description)
            form.set("SourceSnapshotId", copy.source.description)
            form.set("Description", copy.description)
            form.set("Encrypted", ifTrue: copy.isEncrypted)
            form.set("KmsKeyId", copy.key)
            form.tagSpecifications([("snapshot", copy.tags)])
        }.value("snapshotId")
    }

    package func deleteSnapshot(_ id: SnapshotID) throws(Failure) {
        try run("DeleteSnapshot") { $0.set("SnapshotId", id.description) }
    }

    package func changeVolumePermissions(
        of id: SnapshotID, adding added: Set<LaunchPermission>, removing removed: Set<LaunchPermission>
    ) throws(Failure) {
        try run("ModifySnapshotAttribute") { form in
            form.set("SnapshotId", id.description)
            form.permissions("CreateVolumePermission", adding: added, removing: removed)
        }
    }

    package func resetVolumePermissions(of id: SnapshotID) throws(Failure) {
        try run("ResetSnapshotAttribute") { form in
            form.set("SnapshotId", id.description)
            form.set("Attribute", "createVolumePermission")
        }
    }

    package func publicAccessToSnapshots() throws(Failure) -> SnapshotPublicAccess {
        try ask("GetSnapshotBlockPublicAccessState").word("state")
    }

    package func setPublicAccessToSnapshots(_ access: SnapshotPublicAccess) throws(Failure) {
        _ =
            try access == .unblocked
            ? ask("DisableSnapshotBlockPublicAccess")
            : ask("EnableSnapshotBlockPublicAccess") { $0.set("State", access.rawValue) }
    }

    // MARK: Tiers, locks, Recycle Bin

    package func archiveSnapshot(_ id: SnapshotID) throws(Failure) -> SnapshotRecord {
        _ = try ask("ModifySnapshotTier") { form in
            form.set("SnapshotId", id.description)
            form.set("StorageTier", StorageTier.archive.rawValue)
        }
        return try snapshot(id)
    }

    package func restoreSnapshotTier(_ id: SnapshotID, days: Int?) throws(Failure) -> SnapshotRecord {
        _ = try ask("RestoreSnapshotTier") { form in
            form.set("SnapshotId", id.description)
            form.set("TemporaryRestoreDays", days)
            form.set("PermanentRestore", ifTrue: days == nil)
        }
        return try snapshot(id)
    }

    package func lockSnapshot(
        _ id: SnapshotID, mode: SnapshotLock.Mode, coolOff: TimeSpan?, until end: Instant
    ) throws(Failure) -> SnapshotLock {
        let answer = try ask("LockSnapshot") { form in
            form.set("SnapshotId", id.description)
            form.set("LockMode", mode.rawValue)
            form.set("CoolOffPeriod", coolOff.map { $0.seconds / 3600 })
            form.set("ExpirationDate", end.withMilliseconds)
        }
        return SnapshotLock(
            mode: mode, locked: try answer.value("lockCreatedOn"), cools: try answer.value(optional: "coolOffPeriodExpiresOn"),
            ends: try answer.value("lockExpiresOn"))
    }

    package func unlockSnapshot(_ id: SnapshotID) throws(Failure) {
        _ = try ask("UnlockSnapshot") { $0.set("SnapshotId", id.description) }
    }

    package func snapshotsInRecycleBin(_ ids: [SnapshotID]?) throws(Failure) -> [RecycledSnapshot] {
        let answer = try ask("ListSnapshotsInRecycleBin") { $0.list("SnapshotId", ids ?? []) }
        return try answer.items("snapshotSet") { item throws(Failure) in
            RecycledSnapshot(
                id: try item.value("snapshotId"), description: try item.text("description"), volume: try item.volume(),
                span: try RecycledSpan(item))
        }
    }

    package func restoreSnapshot(_ id: SnapshotID) throws(Failure) -> SnapshotRecord {
        try SnapshotRecord(try ask("RestoreSnapshotFromRecycleBin") { $0.set("SnapshotId", id.description) })
    }
}

extension XMLElement {
    /// The volume of a snapshot; EC2 names one that nobody has where there is none.
    fileprivate func volume() throws(Failure) -> VolumeID? {
        try text("volumeId") == "vol-ffffffff" ? nil : try value("volumeId")
    }
}

extension SnapshotRecord {
    fileprivate init(_ item: XMLElement) throws(Failure) {
        let progress = try item.text("progress")
        guard progress.hasSuffix("%"), let percent = Int(progress.dropLast()) else {
            throw Failure(.corrupt, "<progress> of the answer is \(progress)")
        }
        self.init(
            id: try item.value("snapshotId"), state: try item.word("status"), description: try item.text("description"),
            root: nil,
            logicalSize: Int64(try item.int("fullSnapshotSizeInBytes")), progress: percent,
            started: try item.value("startTime"), completed: try item.value(optional: "completionTime"),
            owner: try item.value("ownerId"), volumeSize: try item.int("volumeSize"), isEncrypted: try item.flag("encrypted"),
            tags: try item.tags())
        key = try item.value(optional: "kmsKeyId")
        volume = try item.volume()
        stateMessage = item.optional("statusMessage")
        tier = try item.word("storageTier")
        restoredUntil = try item.value(optional: "restoreExpiryTime")
        // What is restored for a time can be read.
        if restoredUntil != nil { tier = .standard }
    }
}
