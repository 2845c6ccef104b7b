import Guest
import ImageStore
import Model
import YAML

/// A user who may log in with the key of who launched the instance.
struct DefaultUser {
    let name: String
    private let account: Guest.Account

    /// Root, and the image's default user where it has one. Programs of ordinary users cannot become root in the sandbox, so that root
    /// must be let in too.
    static func users(in tree: any TreeView) throws(Failure) -> [DefaultUser] {
        let accounts = try Guest.Account.all(in: tree)
        let wanted = try [configured(in: tree)].compactMap(\.self) + usual
        let root = accounts.first { $0.uid == 0 }
        let other = wanted.lazy.compactMap { name in accounts.first { $0.displayName == name && $0.uid != 0 } }.first
        return [root, other].compactMap(\.self).map { DefaultUser(name: $0.displayName, account: $0) }
    }

    /// Names that images of the distributions use.
    private static let usual = ["admin", "debian", "ubuntu", "ec2-user", "fedora", "rocky", "almalinux", "centos", "alpine"]

    /// `system_info.default_user.name` of cloud-init.
    private static func configured(in tree: any TreeView) throws(Failure) -> String? {
        guard let bytes = try tree.read("/etc/cloud/cloud.cfg", limit: 1 << 20) else { return nil }
        return (try? YAMLParser.parse(bytes))?["system_info"]?["default_user"]?["name"]?.text
    }

    /// Adds the key to the user's own, once.
    func authorize(_ key: String, in editor: TreeEditor) throws(Failure) {
        guard let home = try? editor.resolve(TreePath(parsing: account.home)) else { return }
        let owner = Metadata(mode: 0o700, uid: account.uid, gid: account.gid, modified: editor.date)
        let folder = TreePath(home.names + ("/.ssh" as TreePath).names)
        if try editor.node(at: home) == nil { try editor.makeDirectory(home, metadata: owner) }
        if try editor.node(at: folder) == nil { try editor.makeDirectory(folder, metadata: owner) }
        let file = TreePath(folder.names + ("/authorized_keys" as TreePath).names)
        var text = try editor.text(file) ?? ""
        if text.split(separator: "\n").contains(Substring(key)) { return }
        if !text.isEmpty && !text.hasSuffix("\n") { text += "\n" }
        try editor.write(
            text + key + "\n", to: file,
            metadata: Metadata(mode: 0o600, uid: account.uid, gid: account.gid, modified: editor.date))
    }
}
