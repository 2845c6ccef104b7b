import ImageStore
import Model

/// Asks dpkg's file lists whether a package owns a path. It reads them by itself and searches their text.
struct PackageLists {
    private let view: any TreeView

    init(_ view: any TreeView) { self.view = view }

    /// The paths that no package owns; none where packages are kept in a database that has no such lists.
    func withoutOwned(_ paths: [(path: TreePath, node: Node)]) throws(Failure) -> [(path: TreePath, node: Node)] {
        if paths.isEmpty { return [] }
        var lists: [[UInt8]] = []
        let folder: TreePath = "/var/lib/dpkg/info"
        for (name, _) in try view.children(of: folder) ?? [] where name.description.hasSuffix(".list") {
            lists.append([0x0A] + (try view.read(folder.appending(name)) ?? []) + [0x0A])
        }
        if lists.isEmpty, try view.exists(anyOf: ["/var/lib/rpm", "/usr/lib/sysimage/rpm", "/lib/apk/db", "/var/lib/pacman"]) {
            return []
        }
        return paths.filter { entry in
            let search = ContentSearch([[0x0A] + entry.path.bytes + [0x0A]])
            return !lists.contains { search.match(in: $0) != nil }
        }
    }
}
