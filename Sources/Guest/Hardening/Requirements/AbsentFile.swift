import ImageStore
import Model

/// A file does not exist, in the root or in the homes of all accounts.
package struct AbsentFile: HardeningRequirement {
    /// `/etc/hosts.equiv`, or `~/.rhosts` for every home of /etc/passwd.
    package let path: String

    package init(path: String) { self.path = path }

    package func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding {
        let found = try existing(guest)
        return found.isEmpty
            ? .met("\(path) does not exist") : .notMet("\(listed(found.map(\.description))) exists")
    }

    package func remedy(_ guest: TreeEditor) throws(Failure) {
        for path in try existing(guest) { try guest.remove(path) }
    }

    private func existing(_ guest: any TreeView) throws(Failure) -> [TreePath] {
        var paths: [TreePath] = []
        if path.hasPrefix("~/") {
            for home in try Homes.all(guest) { paths.append(try TreePath(parsing: "\(home)/\(path.dropFirst(2))")) }
        } else {
            paths = [try TreePath(parsing: path)]
        }
        var found: Set<TreePath> = []
        for path in paths {
            let path = try guest.resolve(path, followLast: false)
            if try guest.node(at: path) != nil { found.insert(path) }
        }
        return found.sorted()
    }
}

/// The homes of the accounts.
enum Homes {
    /// Each once, `/` and what is no path left out.
    static func all(_ guest: any TreeView) throws(Failure) -> [TreePath] {
        let table = try AccountTable(AccountTable.passwd, in: guest)
        var seen: Set<TreePath> = []
        return table.rows.compactMap { row in
            guard let home = try? TreePath(parsing: row.field(5)), !home.isRoot, seen.insert(home).inserted else { return nil }
            return home
        }
    }
}
