import ImageStore
import Model

/// Files and folders are no more open than a mode, and belong to certain owners.
package struct FilePermission: HardeningRequirement {
    /// An absolute path; `*` and `?` in its last name match many.
    package let path: String
    /// The permission bits that may be set at most.
    package let mode: UInt16
    /// A name of the image's passwd or group file, or a number; nil where any will do. The first one is set by the remedy.
    package let owners: [String]
    package let groups: [String]
    /// Whether the file must exist; the remedy makes an empty one.
    package let mustExist: Bool

    package init(path: String, mode: UInt16, owners: [String], groups: [String], mustExist: Bool = false) {
        self.path = path
        self.mode = mode
        self.owners = owners
        self.groups = groups
        self.mustExist = mustExist
    }

    package func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding {
        let paths = try NamePattern.expand(path, in: guest)
        if paths.isEmpty { return mustExist ? .notMet("\(path) does not exist") : .notApplicable("\(path) does not exist") }
        let ids = try OwnerIDs(self, guest)
        var wrong: [String] = []
        for path in paths {
            guard let node = try target(path, guest)?.node else { continue }
            if !fits(node.metadata, ids) { wrong.append("\(path) is \(Self.shown(node.metadata))") }
        }
        if !wrong.isEmpty { return .notMet(listed(wrong)) }
        return .met("\(path) is \(octal(mode)) or stricter" + (paths.count > 1 ? " (\(paths.count) files)" : ""))
    }

    package func remedy(_ guest: TreeEditor) throws(Failure) {
        let ids = try OwnerIDs(self, guest)
        var paths = try NamePattern.expand(path, in: guest)
        if paths.isEmpty && mustExist {
            let path = try TreePath(parsing: path)
            try guest.makeDirectory(path.parent)
            try guest.write([], to: path, metadata: Metadata(mode: mode, modified: guest.date))
            paths = [path]
        }
        for path in paths {
            guard let (target, node) = try target(path, guest), !fits(node.metadata, ids) else { continue }
            try guest.updateMetadata(target) {
                $0.mode &= mode
                if let first = ids.owners.first, !ids.owners.contains($0.uid) { $0.uid = first }
                if let first = ids.groups.first, !ids.groups.contains($0.gid) { $0.gid = first }
            }
        }
    }

    /// What a path means, links followed; nil where a link leads nowhere.
    private func target(_ path: TreePath, _ guest: any TreeView) throws(Failure) -> (path: TreePath, node: Node)? {
        let path = try guest.resolve(path)
        return try guest.node(at: path).map { (path, $0) }
    }

    private func fits(_ metadata: Metadata, _ ids: OwnerIDs) -> Bool {
        metadata.mode & ~mode == 0 && (ids.owners.isEmpty || ids.owners.contains(metadata.uid))
            && (ids.groups.isEmpty || ids.groups.contains(metadata.gid))
    }

    private static func shown(_ metadata: Metadata) -> String { "\(octal(metadata.mode)) \(metadata.uid):\(metadata.gid)" }

    /// The allowed owners as ids. Names that the image does not have are left out, if one remains.
    private struct OwnerIDs {
        var owners: [UInt32]
        var groups: [UInt32]

        init(_ permission: FilePermission, _ guest: any TreeView) throws(Failure) {
            owners = try Self.ids(permission.owners, .user, guest)
            groups = try Self.ids(permission.groups, .group, guest)
        }

        private static func ids(_ names: [String], _ kind: OwnerNames.Kind, _ guest: any TreeView) throws(Failure) -> [UInt32] {
            let known = try OwnerNames(kind, in: guest)
            let ids = names.compactMap { UInt32($0) ?? known.id(of: $0) }
            if ids.isEmpty, let name = names.first {
                throw Failure(.failed, "the image has no owner named '\(name)' in \(kind.file)")
            }
            return ids
        }
    }
}

/// Permission bits as `0644`.
func octal(_ mode: UInt16) -> String {
    let digits = String(mode, radix: 8)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}

/// The first entries of a list for a sentence, and how many more there are.
func listed(_ entries: [String], limit: Int = 5) -> String {
    let shown = entries.prefix(limit).joined(separator: ", ")
    return entries.count > limit ? "\(shown) and \(entries.count - limit) more" : shown
}
