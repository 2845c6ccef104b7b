import Model

/// The actions of the Recycle Bin's own API: the rules on what it keeps.
package protocol RecycleBinActions: Sendable {
    func retentionRules() throws(Failure) -> [StoredRetentionRule]
    func addRetentionRule(_ rule: RetentionRule) throws(Failure) -> StoredRetentionRule
    func removeRetentionRule(_ id: String) throws(Failure)
}

/// A rule of the Recycle Bin with its id.
package struct StoredRetentionRule: Hashable, Sendable {
    package var id: String
    package var rule: RetentionRule

    package init(id: String, rule: RetentionRule) {
        self.id = id
        self.rule = rule
    }
}

/// What EC2 tells of an image in the Recycle Bin.
package struct RecycledImage: Hashable, Sendable {
    package var id: ImageID
    package var region: RegionName
    package var name: AMIName
    package var description: String
    package var span: RecycledSpan

    package init(id: ImageID, region: RegionName, name: AMIName, description: String, span: RecycledSpan) {
        self.id = id
        self.region = region
        self.name = name
        self.description = description
        self.span = span
    }

    /// Nil for an image that is not there.
    init?(_ image: ImageRecord) {
        guard let span = image.recycled else { return nil }
        self.init(id: image.id, region: image.region, name: image.name, description: image.description, span: span)
    }
}

/// What EC2 tells of a snapshot in the Recycle Bin.
package struct RecycledSnapshot: Hashable, Sendable {
    package var id: SnapshotID
    package var description: String
    /// The volume that it was made of.
    package var volume: VolumeID?
    package var span: RecycledSpan

    package init(id: SnapshotID, description: String, volume: VolumeID?, span: RecycledSpan) {
        self.id = id
        self.description = description
        self.volume = volume
        self.span = span
    }

    /// Nil for a snapshot that is not there.
    init?(_ snapshot: SnapshotRecord) {
        guard let span = snapshot.recycled else { return nil }
        self.init(id: snapshot.id, description: snapshot.description, volume: snapshot.volume, span: span)
    }
}
