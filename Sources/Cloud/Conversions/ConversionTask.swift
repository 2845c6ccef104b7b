import Model

/// A task of VM Import/Export, as the catalogue of a region holds it.
package struct ConversionTask: Hashable, Sendable {
    /// By EC2's word for the resource, and with the prefix of its ids.
    package enum Kind: String, Sendable, CaseIterable {
        case importImage = "import-image-task"
        case importSnapshot = "import-snapshot-task"
        case exportImage = "export-image-task"
        /// Of an instance of an instance store.
        case bundle = "bundle-task"
    }

    /// EC2's words. What failed is `deleted`, and its message says why.
    package enum Status: String, Sendable, CaseIterable {
        case active, completed, deleting, deleted

        package var isOver: Bool { self == .completed || self == .deleted }
    }

    /// `import-ami-0abcdef1234567890`, `import-snap-…`, `export-ami-…` or `bun-…`
    package var id: String
    package var kind: Kind
    package var owner: AccountID
    package var status: Status
    /// What is being done, or why it failed.
    package var message: String?
    /// Percent.
    package var progress: Int
    package var request: ConversionRequest
    /// What an import made.
    package var image: ImageID?
    /// What became of the disks, in the order of the request; empty for exports.
    package var disks: [ConvertedDisk]
    /// The key of what an import makes; nil where it is not encrypted.
    package var key: KeyARN?
    package var tags: TagSet
    package var created: Instant
    /// When something was noted of it last.
    package var updated: Instant
}

/// What a task was asked for.
package enum ConversionRequest: Hashable, Sendable, Codable {
    case image(ImageImport)
    case snapshot(SnapshotImport)
    case export(ImageExport)
    case bundle(InstanceBundle)
}

/// What is known of a disk that is imported.
package struct ConvertedDisk: Hashable, Sendable, Codable {
    /// Of its file, in bytes.
    package var size: UInt64?
    package var snapshot: SnapshotID?
    /// The device that it became.
    package var device: String?

    package init(size: UInt64? = nil, snapshot: SnapshotID? = nil, device: String? = nil) {
        self.size = size
        self.snapshot = snapshot
        self.device = device
    }
}
