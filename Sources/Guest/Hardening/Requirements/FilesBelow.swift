import ImageStore
import Model

/// All files below a folder are no more open than a mode, and belong to certain owners.
package struct FilesBelow: HardeningRequirement {
    /// What some files may be, by name.
    package struct Allowance: Sendable {
        /// Patterns as in glob(7), for the name alone.
        package let names: [String]
        package let mode: UInt16
        package let owners: [String]
        package let groups: [String]

        package init(names: [String], mode: UInt16, owners: [String], groups: [String]) {
            self.names = names
            self.mode = mode
            self.owners = owners
            self.groups = groups
        }
    }

    package let folder: TreePath
    /// The first one with a fitting name counts.
    package let allowances: [Allowance]

    package init(folder: TreePath, allowances: [Allowance]) {
        self.folder = folder
        self.allowances = allowances
    }

    package func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding {
        let start = try guest.resolve(folder)
        guard try guest.node(at: start)?.isDirectory ?? false else { return .notApplicable("\(folder) does not exist") }
        let wrong = try deviations(start, guest).map {
            "\($0.path) is \(octal($0.metadata.mode)) \($0.metadata.uid):\($0.metadata.gid)"
        }
        return wrong.isEmpty
            ? .met("all files below \(folder) are as they should be") : .notMet("\(wrong.count): \(listed(wrong))")
    }

    package func remedy(_ guest: TreeEditor) throws(Failure) {
        for (path, _, limit) in try deviations(try guest.resolve(folder), guest) {
            try guest.updateMetadata(path) { limit.apply(to: &$0) }
        }
    }

    /// An allowance with ids in place of names.
    private struct Limit {
        let patterns: [NamePattern]
        let mode: UInt16
        let owners: [UInt32]
        let groups: [UInt32]

        init(_ allowance: Allowance, _ users: OwnerNames, _ groups: OwnerNames) {
            patterns = allowance.names.map { NamePattern($0) }
            mode = allowance.mode
            owners = allowance.owners.compactMap { UInt32($0) ?? users.id(of: $0) }
            self.groups = allowance.groups.compactMap { UInt32($0) ?? groups.id(of: $0) }
        }

        func allows(_ metadata: Metadata) -> Bool {
            metadata.mode & ~mode == 0 && (owners.isEmpty || owners.contains(metadata.uid))
                && (groups.isEmpty || groups.contains(metadata.gid))
        }

        func apply(to metadata: inout Metadata) {
            metadata.mode &= mode
            if let first = owners.first, !owners.contains(metadata.uid) { metadata.uid = first }
            if let first = groups.first, !groups.contains(metadata.gid) { metadata.gid = first }
        }
    }

    private func deviations(
        _ start: TreePath, _ guest: any TreeView
    ) throws(Failure) -> [(path: TreePath, metadata: Metadata, limit: Limit)] {
        let users = try OwnerNames(.user, in: guest)
        let groups = try OwnerNames(.group, in: guest)
        let limits = allowances.map { Limit($0, users, groups) }
        var wrong: [(path: TreePath, metadata: Metadata, limit: Limit)] = []
        try guest.walk(from: start) { (path, node) throws(Failure) in
            guard node.content != nil, let name = path.last else { return true }
            let limit = limits.first { limit in limit.patterns.contains { $0.matches(name) } }
            if let limit, !limit.allows(node.metadata) { wrong.append((path, node.metadata, limit)) }
            return true
        }
        return wrong
    }
}
