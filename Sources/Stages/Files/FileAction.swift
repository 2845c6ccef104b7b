import Guest
import ImageStore

/// One entry of a `files` stage.
struct FileAction: Sendable {
    /// From 1, as a user counts.
    let position: Int
    let path: TreePath
    let kind: Kind

    enum Kind: Sendable {
        /// Creates or replaces a file's contents.
        case write([UInt8], FileAttributes)
        /// Copies a file or a folder of the host.
        case copy(HostSource, FileAttributes, directoryMode: FileMode?)
        case append([UInt8])
        case makeDirectory(FileAttributes)
        case symlink(target: [UInt8])
        case remove(missingIsFine: Bool)
        case permissions(FileMode, directoryMode: FileMode?, isRecursive: Bool)
        case owner(FileAttributes, isRecursive: Bool)
    }

    /// As recipes write it.
    var name: String {
        switch kind {
        case .write: "write"
        case .copy: "copy"
        case .append: "append"
        case .makeDirectory: "mkdir"
        case .symlink: "symlink"
        case .remove: "remove"
        case .permissions: "permissions"
        case .owner: "owner"
        }
    }
}
