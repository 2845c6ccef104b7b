import ImageStore
import Model

/// Other modes and owners of files that are in both images.
struct PermissionChanges: SemanticCategory {
    static let name = "permissions"
    static let title = "Modes and owners"

    /// Where they decide who reads secrets or changes what the machine does.
    private static let sensitive: [TreePath] = [
        "/etc/passwd", "/etc/shadow", "/etc/group", "/etc/gshadow", "/etc/sudoers", "/etc/sudoers.d", "/etc/ssh", "/etc/pam.d",
        "/etc/security", "/etc/ssl/private", "/etc/pki/tls/private", "/etc/cron.d", "/etc/cron.daily", "/etc/cron.hourly",
        "/etc/cron.weekly", "/etc/cron.monthly", "/etc/crontab", "/var/spool/cron", "/etc/systemd", "/boot", "/root", "/home",
        "/var/log", "/tmp", "/var/tmp", "/etc/apt", "/etc/ld.so.preload", "/etc/profile", "/etc/profile.d",
    ]

    func sources(_ trees: ComparedTrees) throws(Failure) -> [TreeDiff.Change] {
        trees.changes.filter { change in
            guard let old = change.before, let new = change.after, !new.isSymlink else { return false }
            // What a program gives to its users is told as a privilege.
            let isPrivilege =
                FilePrivilege(old) != FilePrivilege(new) && Self.text(old, without: 0o6002) == Self.text(new, without: 0o6002)
            return Self.text(old) != Self.text(new) && !isPrivilege
        }
    }

    func compare(_ trees: ComparedTrees, _ sources: [TreeDiff.Change]) throws(Failure) -> [SemanticChange] {
        sources.compactMap { source in
            guard let old = source.before, let new = source.after else { return nil }
            let opens = new.metadata.mode & ~old.metadata.mode & 0o022 != 0
            let matters = opens || Self.sensitive.contains { source.path.isWithin($0) }
            return change(source.path.escaped, Self.text(old), Self.text(new), matters: matters)
        }
    }

    private static func text(_ node: Node, without bits: UInt16 = 0) -> String {
        var metadata = node.metadata
        metadata.mode &= ~bits
        let lists = metadata.attributes.filter { $0.name.starts(with: "system.posix_acl".utf8) }
        let access =
            lists.isEmpty ? "" : ", access list " + lists.map { String(decoding: $0.name.suffix(7), as: UTF8.self) }.joined()
        return "\(octal(metadata.mode)) \(metadata.uid):\(metadata.gid)\(access)"
    }
}
