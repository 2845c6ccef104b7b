import ImageStore
import Model

/// Groups and who is in them.
struct GroupChanges: SemanticCategory {
    static let name = "groups"
    static let title = "Groups"

    /// Groups whose members can become root or read what only root should.
    private static let privileged: Set<String> = [
        "root", "sudo", "wheel", "admin", "adm", "shadow", "disk", "kmem", "docker", "lxd", "libvirt", "kvm", "systemd-journal",
        "staff", "utmp", "ssh", "_ssh",
    ]

    func inputs(_ trees: ComparedTrees) throws(Failure) -> [TreePath] { [AccountTable.group, UserGroup.secrets] }

    func compare(_ trees: ComparedTrees, _ sources: [TreeDiff.Change]) throws(Failure) -> [SemanticChange] {
        let (old, new) = try trees.both { (view) throws(Failure) in
            lastOfEach(try UserGroup.all(in: view).map { ($0.name, Self.text($0)) })
        }
        return compare(old, new) { name, before, after in
            Self.privileged.contains(name) && (before != nil || after?.contains("members") == true)
                || [before, after].contains { $0?.contains("password") == true }
        }
    }

    private static func text(_ group: UserGroup) -> String {
        var text = "gid \(group.gid)"
        if !group.members.isEmpty { text += ", members \(group.members.sorted().joined(separator: " "))" }
        if !group.administrators.isEmpty { text += ", administrators \(group.administrators.sorted().joined(separator: " "))" }
        if group.password == .hash { text += ", a password" }
        return text
    }
}
