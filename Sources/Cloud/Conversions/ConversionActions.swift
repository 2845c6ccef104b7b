import Disks
import Model

/// VM Import/Export, by its names. What is asked for is carried out by a `ConversionWorker`, after the action has returned.
package protocol ConversionActions: Sendable {
    func importImage(_ new: ImageImport, tags: TagSet) throws(Failure) -> ConversionTask
    func importSnapshot(_ new: SnapshotImport, tags: TagSet) throws(Failure) -> ConversionTask
    func exportImage(_ new: ImageExport, tags: TagSet) throws(Failure) -> ConversionTask
    /// BundleInstance, which is older than VM Import/Export and works in the same way.
    func bundleInstance(_ new: InstanceBundle) throws(Failure) -> ConversionTask
    /// The account's tasks, oldest first.
    func conversions(_ kind: ConversionTask.Kind) throws(Failure) -> [ConversionTask]
    /// Refused for a task that is over. Returns the status before, and the task as it is now.
    @discardableResult
    func cancelConversion(_ id: String) throws(Failure) -> (before: ConversionTask.Status, task: ConversionTask)
}

/// A form in which disks lie in files. `tar` is no form of a disk, and not AWS's: an archive of the files of a root file system.
package enum DiskFormat: String, Hashable, Sendable, Codable, CaseIterable {
    case raw = "RAW"
    case vhd = "VHD"
    case vmdk = "VMDK"
    case tar = "TAR"

    /// How the bytes of a disk lie in the file. An archive is taken as it is.
    var form: DiskForm {
        switch self {
        case .raw, .tar: .raw
        case .vhd: .vhd
        case .vmdk: .vmdk
        }
    }
}

/// A disk to be imported.
package struct DiskContainer: Hashable, Sendable, Codable {
    package enum Source: Hashable, Sendable, Codable {
        case object(ObjectPlace)
        case snapshot(SnapshotID)
    }

    package var source: Source
    /// Nil for a snapshot.
    package var format: DiskFormat?
    package var description: String?
    /// The device of the image that it becomes.
    package var device: String?
    /// The address by which the object was given, where one was.
    package var url: String?

    package init(_ source: Source, format: DiskFormat?) {
        self.source = source
        self.format = format
    }
}

/// ImportImage.
package struct ImageImport: Hashable, Sendable, Codable {
    /// One of them holds the root file system.
    package var disks: [DiskContainer]
    package var description: String?
    package var architecture: Architecture?
    package var bootMode: MachineAttributes.BootMode?
    package var isEncrypted = false
    package var key: String?
    /// Kept and shown: nothing here depends on it.
    package var licenseType: String?
    /// Kept and shown: nothing here depends on it.
    package var usageOperation: String?
    package var clientToken: String?

    package init(disks: [DiskContainer]) { self.disks = disks }

    package static let mostDisks = 20

    /// The devices of the disks: those that are asked for, which must differ, and for the others such as VM Import gives, and nobody asked for.
    static func devices(_ asked: [String?], root: Int) -> [String] {
        var taken = Set(asked.compactMap(\.self))
        return asked.enumerated().map { index, name in
            if let name { return name }
            let usual = (index == root ? ["/dev/sda1", "/dev/xvda"] : []) + "fghijklmnopqrstuvwxyz".map { "/dev/xvd\($0)" }
            // There are more than disks.
            let free = usual.first { !taken.contains($0) } ?? usual[0]
            taken.insert(free)
            return free
        }
    }
}

/// ImportSnapshot.
package struct SnapshotImport: Hashable, Sendable, Codable {
    package var disk: DiskContainer
    package var description: String?
    package var isEncrypted = false
    package var key: String?
    package var clientToken: String?

    package init(disk: DiskContainer) { self.disk = disk }
}

/// ExportImage.
package struct ImageExport: Hashable, Sendable, Codable {
    package var image: ImageID
    package var format: DiskFormat
    package var bucket: String
    /// Stands before the name of the object, as it is.
    package var prefix: String?
    package var description: String?
    /// Kept and shown: nobody asks for it.
    package var role: String?
    package var clientToken: String?

    package init(image: ImageID, format: DiskFormat, bucket: String) {
        self.image = image
        self.format = format
        self.bucket = bucket
    }
}
