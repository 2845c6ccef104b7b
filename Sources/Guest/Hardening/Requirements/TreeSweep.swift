import ImageStore
import Model

/// A property that every file and folder of the image has.
package struct TreeSweep: HardeningRequirement {
    package enum Property: String, Sendable, CaseIterable {
        case noWorldWritableFiles, worldWritableFoldersAreSticky, everythingHasAnOwner, everythingHasAGroup
    }

    package let property: Property
    /// Not looked at: what the running system mounts over.
    private static let skipped: Set<TreePath> = ["/dev", "/proc", "/sys", "/run"]

    package init(_ property: Property) { self.property = property }

    package func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding {
        let wrong = try deviations(guest)
        return wrong.isEmpty
            ? .met("the whole tree was looked at") : .notMet("\(wrong.count): \(listed(wrong.map(\.description)))")
    }

    package func remedy(_ guest: TreeEditor) throws(Failure) {
        for path in try deviations(guest) {
            switch property {
            case .noWorldWritableFiles: try guest.updateMetadata(path) { $0.mode &= ~0o002 }
            case .worldWritableFoldersAreSticky: try guest.updateMetadata(path) { $0.mode |= 0o1000 }
            case .everythingHasAnOwner, .everythingHasAGroup:
                throw Failure(.failed, "whose these are cannot be known from the image")
            }
        }
    }

    private func deviations(_ guest: any TreeView) throws(Failure) -> [TreePath] {
        let owners = try OwnerNames(.user, in: guest).ids.union([0])
        let groups = try OwnerNames(.group, in: guest).ids.union([0])
        var wrong: [TreePath] = []
        try guest.walk { (path, node) throws(Failure) in
            if Self.skipped.contains(path) { return false }
            let metadata = node.metadata
            switch property {
            case .noWorldWritableFiles: if node.content != nil && metadata.mode & 0o002 != 0 { wrong.append(path) }
            case .worldWritableFoldersAreSticky: if node.isDirectory && metadata.mode & 0o1002 == 0o002 { wrong.append(path) }
            case .everythingHasAnOwner: if !owners.contains(metadata.uid) { wrong.append(path) }
            case .everythingHasAGroup: if !groups.contains(metadata.gid) { wrong.append(path) }
            }
            return true
        }
        return wrong
    }
}
