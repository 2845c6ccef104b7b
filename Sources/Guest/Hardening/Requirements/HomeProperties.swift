import ImageStore
import Model

/// What is looked at in the homes of root and of people.
enum HomeProperties {
    /// Accounts that people log in to, with their homes.
    static func people(_ guest: any TreeView) throws(Failure) -> [(row: AccountTable.Row, home: TreePath)] {
        try AccountTable(AccountTable.passwd, in: guest).rows.compactMap { row in
            guard let uid = row.number, uid == 0 || (1000..<65534).contains(uid),
                !AccountRequirement.isNoShell(row.field(6)), let home = try? TreePath(parsing: row.field(5)), !home.isRoot
            else { return nil }
            return (row, home)
        }
    }

    /// A home that is missing or somebody else's.
    struct ForeignHome {
        let path: TreePath
        let uid: UInt32
        let gid: UInt32
        let evidence: String

        /// Makes the home, or makes it its user's.
        func give(_ guest: TreeEditor) throws(Failure) {
            let (uid, gid) = (uid, gid)
            if try guest.node(at: path) == nil {
                try guest.makeDirectory(path.parent)
                return try guest.makeDirectory(path, metadata: Metadata(mode: 0o750, uid: uid, gid: gid, modified: guest.date))
            }
            try guest.updateMetadata(path) { $0.uid = uid }
        }
    }

    static func foreignHomes(_ guest: any TreeView) throws(Failure) -> [ForeignHome] {
        var found: [ForeignHome] = []
        for (row, home) in try people(guest) {
            guard let uid = row.number else { continue }
            let path = try guest.resolve(home)
            let node = try guest.node(at: path)
            if node?.metadata.uid == uid { continue }
            let evidence =
                node.map { "\(home) of \(row.name) belongs to \($0.metadata.uid)" } ?? "\(home) of \(row.name) does not exist"
            found.append(ForeignHome(path: path, uid: uid, gid: UInt32(row.field(3)) ?? uid, evidence: evidence))
        }
        return found
    }

    static func openDotFiles(_ guest: any TreeView) throws(Failure) -> [(path: TreePath, mode: UInt16)] {
        var found: [(path: TreePath, mode: UInt16)] = []
        for (_, home) in try people(guest) {
            let folder = try guest.resolve(home)
            for (name, node) in try guest.children(of: folder) ?? [] where name.bytes.first == 0x2E && node.content != nil {
                if node.metadata.mode & 0o022 != 0 { found.append((folder.appending(name), node.metadata.mode)) }
            }
        }
        return found
    }

    // MARK: root's PATH

    private static let shellFiles: [TreePath] = [
        "/root/.bash_profile", "/root/.bash_login", "/root/.profile", "/root/.bashrc", "/etc/environment",
    ]

    /// What is wrong with assignments of PATH that root's shells read, and with login.defs' ENV_SUPATH.
    static func unsafePaths(_ guest: any TreeView) throws(Failure) -> [String] {
        var wrong: [String] = []
        for file in shellFiles + ["/etc/login.defs"] {
            let lines = try LineFile(file, in: guest)
            for index in lines.indices {
                guard let value = assignedPath(lines.words(index)) else { continue }
                for folder in value.split(separator: ":", omittingEmptySubsequences: false)
                where folder != "$PATH" && folder != "${PATH}" {
                    if let why = try fault(of: String(folder), guest) { wrong.append("\(file):\(index + 1): \(why)") }
                }
            }
        }
        return wrong
    }

    /// The value of `PATH=…`, `export PATH=…` or `ENV_SUPATH PATH=…`.
    private static func assignedPath(_ words: [String]) -> String? {
        guard let last = words.last, words.count <= 2, words.count == 1 || ["export", "ENV_SUPATH"].contains(words[0]) else {
            return nil
        }
        return last.hasPrefix("PATH=") ? last.dropFirst(5).filter { $0 != "\"" && $0 != "'" } : nil
    }

    private static func fault(of folder: String, _ guest: any TreeView) throws(Failure) -> String? {
        if folder.isEmpty { return "PATH has an empty part" }
        if folder.hasPrefix("$") || folder.hasPrefix("~/") { return nil }
        guard folder.hasPrefix("/"), let path = try? TreePath(parsing: folder) else { return "PATH has '\(folder)'" }
        guard let node = try guest.resolvedNode(path), node.isDirectory else { return nil }
        let metadata = node.metadata
        return metadata.uid != 0 || metadata.mode & 0o022 != 0
            ? "\(folder) in PATH is \(octal(metadata.mode)) of \(metadata.uid)" : nil
    }
}
