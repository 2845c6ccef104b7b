import ImageStore
import Model

/// A property that every file and folder of the image has.
package struct TreeSweep: HardeningRequirement {
    package enum Property: String, Sendable, CaseIterable {
        case noWorldWritableFiles, worldWritableFoldersAreSticky, everythingHasAnOwner, everythingHasAGroup
        /// Files that run with their owner's or group's rights belong to packages.
        case privilegedFilesArePackaged
    }

    package let property: Property

    package init(_ property: Property) { self.property = property }

    package func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding {
        if property == .privilegedFilesArePackaged, try PackageNames.of(guest) == nil {
            return .notApplicable("the image has no package database")
        }
        let wrong = try deviations(guest)
        return wrong.isEmpty
            ? .met("the whole tree was looked at") : .notMet("\(wrong.count): \(listed(wrong.map(\.description)))")
    }

    package func remedy(_ guest: TreeEditor) throws(Failure) {
        for path in try deviations(guest) {
            switch property {
            case .noWorldWritableFiles: try guest.updateMetadata(path) { $0.mode &= ~0o002 }
            case .worldWritableFoldersAreSticky: try guest.updateMetadata(path) { $0.mode |= 0o1000 }
            case .privilegedFilesArePackaged: try guest.updateMetadata(path) { $0.mode &= ~0o6000 }
            case .everythingHasAnOwner, .everythingHasAGroup:
                throw Failure(.failed, "whose these are cannot be known from the image")
            }
        }
    }

    private func deviations(_ guest: any TreeView) throws(Failure) -> [TreePath] {
        let facts = try TreeFacts.of(guest)
        switch property {
        case .noWorldWritableFiles: return facts.worldWritableFiles
        case .worldWritableFoldersAreSticky: return facts.openFolders
        case .everythingHasAnOwner: return facts.withoutOwner
        case .everythingHasAGroup: return facts.withoutGroup
        case .privilegedFilesArePackaged:
            let owners = try FileOwners(in: guest)
            return facts.privileged.filter { owners[$0].isEmpty }
        }
    }
}

/// What one walk over the whole tree finds.
struct TreeFacts {
    private(set) var worldWritableFiles: [TreePath] = []
    /// Folders that everybody can write to and delete from.
    private(set) var openFolders: [TreePath] = []
    private(set) var withoutOwner: [TreePath] = []
    private(set) var withoutGroup: [TreePath] = []
    /// Files with setuid or setgid.
    private(set) var privileged: [TreePath] = []

    /// Not looked at: what the running system mounts over.
    private static let skipped: Set<TreePath> = ["/dev", "/proc", "/sys", "/run"]

    static func of(_ guest: any TreeView) throws(Failure) -> TreeFacts {
        try guest.fact { (guest) throws(Failure) in try TreeFacts(guest) }
    }

    private init(_ guest: any TreeView) throws(Failure) {
        let owners = try OwnerNames(.user, in: guest).ids.union([0])
        let groups = try OwnerNames(.group, in: guest).ids.union([0])
        try guest.walk { (path, node) throws(Failure) in
            if Self.skipped.contains(path) { return false }
            let metadata = node.metadata
            if node.content != nil {
                if metadata.mode & 0o002 != 0 { worldWritableFiles.append(path) }
                if metadata.mode & 0o6000 != 0 { privileged.append(path) }
            } else if node.isDirectory && metadata.mode & 0o1002 == 0o002 {
                openFolders.append(path)
            }
            if !owners.contains(metadata.uid) { withoutOwner.append(path) }
            if !groups.contains(metadata.gid) { withoutGroup.append(path) }
            return true
        }
    }
}
