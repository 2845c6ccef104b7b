import Disks
import Ext4

/// A file system of a disk, and what speaks for it being the root of a system.
struct RootCandidate: Hashable, Sendable {
    /// Nil for a disk without a partition table.
    var partition: Partition?
    var label: String
    /// Whether it has an `os-release` or an init.
    var hasSystem: Bool

    /// What people and tools call roots, as the label of the file system or the name of the partition.
    private static let rootLabels: Set<String> = ["/", "root", "rootfs", "cloudimg-rootfs"]

    /// What is in the root of every system that starts.
    private static let marks = ["etc/os-release", "usr/lib/os-release", "sbin/init", "usr/lib/systemd/systemd"]

    init(partition: Partition?, label: String, hasSystem: Bool) {
        self.partition = partition
        self.label = label
        self.hasSystem = hasSystem
    }

    /// Opens the file system and looks into it.
    init(_ path: String, partition: Partition?) throws(Ext4Error) {
        var reader = try Ext4Reader(path, range: partition?.range)
        self.partition = partition
        label = reader.label
        hasSystem = false
        for mark in Self.marks where try reader.has(mark) { hasSystem = true }
    }

    private var isTyped: Bool { if case .gpt(let type) = partition?.kind { type.isRoot } else { false } }

    private var isNamed: Bool { Self.rootLabels.contains(label) || Self.rootLabels.contains(partition?.name ?? "") }

    /// Something says that it is a root.
    var isCertain: Bool { isTyped || isNamed || hasSystem }

    /// The root: what the table calls one by its type, then what is called one by its label, then what holds a system; where several are
    /// alike in one of these, the next one decides, and in the end the order of the table. Where nothing speaks for any of them, the only
    /// one there is. Nil where there are several then.
    static func root(among candidates: [RootCandidate]) -> RootCandidate? {
        if candidates.count == 1 { return candidates.first }
        var left = candidates.filter(\.isCertain)
        let marks: [(RootCandidate) -> Bool] = [{ $0.isTyped }, { $0.isNamed }, { $0.hasSystem }]
        for isMarked in marks {
            let marked = left.filter(isMarked)
            if !marked.isEmpty { left = marked }
        }
        return left.first
    }
}
