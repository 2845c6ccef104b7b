import ImageStore
import Model

/// What a file gives to whoever runs it, or lets everybody do to it.
package struct FilePrivilege: Hashable, Sendable {
    package let isSetUserID: Bool
    package let isSetGroupID: Bool
    package let capabilities: FileCapabilities?
    /// Everybody may write: a file, or a folder without the sticky bit.
    package let isWorldWritable: Bool

    package init(_ node: Node) {
        let mode = node.metadata.mode
        let isFile = node.content != nil
        isSetUserID = isFile && mode & 0o4000 != 0
        // Without the right to execute, the bit marks mandatory locks of old.
        isSetGroupID = isFile && mode & 0o2010 == 0o2010
        capabilities = isFile ? FileCapabilities(node.metadata) : nil
        isWorldWritable = (isFile && mode & 0o002 != 0) || (node.isDirectory && mode & 0o1002 == 0o002)
    }

    package var isNone: Bool { !isSetUserID && !isSetGroupID && capabilities == nil && !isWorldWritable }

    /// `setuid, cap_net_raw=ep`
    package var text: String {
        var words: [String] = []
        if isSetUserID { words.append("setuid") }
        if isSetGroupID { words.append("setgid") }
        if let capabilities { words.append(capabilities.description) }
        if isWorldWritable { words.append("world-writable") }
        return words.joined(separator: ", ")
    }

    /// All files and folders of an image with a privilege, what the running system mounts over left out.
    package static func all(in guest: any TreeView) throws(Failure) -> [(path: TreePath, privilege: FilePrivilege)] {
        let mounted: Set<TreePath> = ["/dev", "/proc", "/sys", "/run"]
        var found: [(path: TreePath, privilege: FilePrivilege)] = []
        try guest.walk { (path, node) throws(Failure) in
            if mounted.contains(path) { return false }
            let privilege = FilePrivilege(node)
            if !privilege.isNone { found.append((path, privilege)) }
            return true
        }
        return found
    }
}
