import ImageStore
import Model

/// A folder is a mount of its own: in fstab(5), or by a mount unit that is started at boot.
package struct SeparateMount: HardeningRequirement {
    package let mountPoint: String
    /// The fstab line of the remedy, for what needs no disk: `tmpfs /tmp tmpfs defaults,nodev 0 0`. Nil where a disk is needed.
    package let entry: String?

    private static let table: TreePath = "/etc/fstab"

    package init(mountPoint: String, entry: String?) {
        self.mountPoint = mountPoint
        self.entry = entry
    }

    package func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding {
        let lines = try LineFile(Self.table, in: guest)
        let entries = lines.indices.map { lines.words($0) }.filter { $0.count >= 4 && $0[1] == mountPoint }
        // A folder that is bound to itself gets options, and no room of its own.
        if let entry = entries.last(where: { $0[0] != mountPoint }) { return .met("\(mountPoint) is mounted from \(entry[0])") }
        let unit = mountPoint.dropFirst().replacing("/", with: "-") + ".mount"
        for folder in ["multi-user.target.wants", "local-fs.target.wants", "local-fs.target.requires"] {
            let link = try TreePath(parsing: "/etc/systemd/system/\(folder)/\(unit)")
            if try guest.node(at: try guest.resolve(link, followLast: false)) != nil { return .met("\(unit) is started at boot") }
        }
        return .notMet("\(mountPoint) is no mount of its own in \(Self.table)")
    }

    package func remedy(_ guest: TreeEditor) throws(Failure) {
        guard let entry else {
            throw Failure(.failed, "a disk for \(mountPoint) is for the block device mapping to give, and fstab to name")
        }
        var lines = try LineFile(Self.table, in: guest)
        lines.append(entry)
        try lines.write(to: Self.table, in: guest)
    }
}
