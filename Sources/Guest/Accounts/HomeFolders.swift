import ImageStore
import Model

/// The homes of an image: field 6 of `/etc/passwd`, `/root`, all folders of `/home`, and `/etc/skel`, which new homes are copied from.
package struct HomeFolders: Sendable {
    package struct Home: Hashable, Sendable {
        /// Where the home is, links followed; a folder that exists.
        package let path: TreePath
        /// Whether the folder belongs to the system: `/`, `/bin`, `/dev`, `/usr/sbin`. Service accounts have such homes.
        package let isSystemFolder: Bool
    }

    /// Each folder once, in the order of the tree.
    package let homes: [Home]
    /// Homes that were named but cannot be searched, and why.
    package let problems: [String]

    package init(in view: any TreeView) throws(Failure) {
        var candidates: [TreePath] = ["/root", "/etc/skel"]
        var problems: [String] = []
        for account in try Account.all(in: view) where !account.home.isEmpty {
            guard account.home.first == 0x2F, let path = Self.path(account.home) else {
                problems.append("the home of \(account.displayName) is no absolute path without '..'")
                continue
            }
            candidates.append(path)
        }
        if let shared = Self.resolved("/home", view) {
            candidates += try view.children(of: shared)?.map { shared.appending($0.name) } ?? []
        }
        var found: Set<TreePath> = []
        for candidate in candidates {
            do throws(Failure) {
                let path = try view.resolve(candidate)
                if try view.node(at: path)?.isDirectory == true { found.insert(path) }
            } catch {
                problems.append(error.message)
            }
        }
        homes = found.sorted().map { Home(path: $0, isSystemFolder: Self.isSystemFolder($0)) }
        self.problems = problems
    }

    private static func path(_ bytes: [UInt8]) -> TreePath? {
        do throws(Failure) { return try TreePath(parsing: bytes) } catch { return nil }
    }

    private static func resolved(_ path: TreePath, _ view: any TreeView) -> TreePath? {
        do throws(Failure) { return try view.resolve(path) } catch { return nil }
    }

    private static let systemFolders: [TreePath] = [
        "/bin", "/boot", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/libx32", "/proc", "/run", "/sbin", "/sys", "/usr",
    ]

    private static func isSystemFolder(_ path: TreePath) -> Bool {
        path.isRoot || path == "/home" || (path != "/etc/skel" && systemFolders.contains { path.isWithin($0) })
    }
}
