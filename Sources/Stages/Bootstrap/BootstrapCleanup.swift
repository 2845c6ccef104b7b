import ImageStore
import Model

/// Takes out of a fresh Debian tree what its packages made at random or what comes from the host, so that the tree is a function of
/// the packages. Found by building one tree twice, under another host name, umask, time zone, locale and user, and comparing.
///
/// mmdebstrap itself already takes care of times (they are cut to the date), logs, /etc/machine-id, apt's caches and lists,
/// ldconfig's auxiliary cache, /var/lib/systemd/random-seed and the last-change days of /etc/shadow. What is left:
///
/// - Host keys that openssh-server makes when it is installed. cloud-init makes new ones at the first start, or `ssh-keygen -A` does.
/// - The certificate and key of ssl-cert, and the link by its hash. `make-ssl-cert generate-default-snakeoil` makes new ones.
/// - The database cluster of postgresql, with its random system identifier. `pg_createcluster` makes one.
/// - /etc/hostname and /etc/resolv.conf, copied from the host: `localhost`, and empty.
struct BootstrapCleanup {
    let tree: TreeEditor

    func run() throws(Failure) -> (removed: [String], fixed: [String]) {
        var removed: [TreePath] = []
        removed += try matches(in: "/etc/ssh") { $0.hasPrefix("ssh_host_") && ($0.hasSuffix("_key") || $0.hasSuffix("_key.pub")) }
        removed += try matches(in: "/etc/ssl/certs", leadingTo: Self.snakeoil)
        removed += try existing(["/etc/ssl/certs/ssl-cert-snakeoil.pem", "/etc/ssl/private/ssl-cert-snakeoil.key"])
        for folder: TreePath in ["/etc/postgresql", "/var/lib/postgresql"] {
            for version in try matches(in: folder, { $0.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } }) {
                removed += try matches(in: version) { $0 == "main" }
            }
        }
        for path in removed { try tree.remove(path) }
        var fixed: [TreePath] = []
        for (path, text) in [("/etc/hostname", "localhost\n"), ("/etc/resolv.conf", "")] as [(TreePath, String)] {
            // A link there is a package's own choice. A missing file means that the host has none.
            if try tree.node(at: path)?.isSymlink == true { continue }
            try tree.write(text, to: path, metadata: Metadata(mode: 0o644, modified: tree.date))
            fixed.append(path)
        }
        return (removed.map(\.description), fixed.map(\.description))
    }

    private static let snakeoil = "ssl-cert-snakeoil.pem"

    private func existing(_ paths: [TreePath]) throws(Failure) -> [TreePath] {
        var existing: [TreePath] = []
        for path in paths where try tree.node(at: path) != nil { existing.append(path) }
        return existing
    }

    private func matches(in folder: TreePath, _ isMatch: (String) -> Bool) throws(Failure) -> [TreePath] {
        try tree.children(of: folder)?.filter { isMatch($0.name.description) }.map { folder.appending($0.name) } ?? []
    }

    /// Symbolic links in a folder that lead to a name in it.
    private func matches(in folder: TreePath, leadingTo target: String) throws(Failure) -> [TreePath] {
        try tree.children(of: folder)?.filter { $0.node.kind == .symlink(target: Array(target.utf8)) }
            .map { folder.appending($0.name) } ?? []
    }
}
