import ImageStore
import Model

/// The paths that packages own. Their databases are read when they are first asked for, since most work needs none.
package final class PackagedPaths {
    private let view: any TreeView
    private var owners: FileOwners?

    package init(in view: any TreeView) { self.view = view }

    package func own(_ path: TreePath) throws(Failure) -> Bool { try !loaded()[path].isEmpty }

    /// Whether the image has packages that say what they own.
    package func isKnown() throws(Failure) -> Bool { try loaded().count > 0 }

    private func loaded() throws(Failure) -> FileOwners {
        if let owners { return owners }
        let loaded = try FileOwners(in: view)
        owners = loaded
        return loaded
    }
}
