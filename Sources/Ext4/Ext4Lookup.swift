// Looking for a name in a file system, without reading all of it.
extension Ext4Reader {
    /// As many symbolic links are followed.
    private static let mostLinks = 16
    private static let root: Ext4InodeNumber = 2

    /// Whether there is something at a path, which is given without a leading slash. Symbolic links count from the root of the file system.
    package mutating func has(_ path: String) throws(Ext4Error) -> Bool {
        var rest = Self.names(Array(path.utf8))
        var folders = [Self.root]
        var links = 0
        while !rest.isEmpty {
            let name = rest.removeFirst()
            if name == Array("..".utf8) {
                if folders.count > 1 { folders.removeLast() }
                continue
            }
            let folder = folders[folders.count - 1]
            guard try inode(folder).type == .directory,
                let found = try entries(of: folder).first(where: { $0.name == name })?.inode
            else { return false }
            let node = try inode(found)
            if node.type == .symlink {
                links += 1
                guard links <= Self.mostLinks else { return false }
                let target = try target(of: found, node)
                if target.first == UInt8(ascii: "/") { folders = [Self.root] }
                rest = Self.names(target) + rest
            } else {
                folders.append(found)
            }
        }
        return true
    }

    private static func names(_ path: [UInt8]) -> [[UInt8]] {
        path.split(separator: UInt8(ascii: "/")).map(Array.init).filter { $0 != Array(".".utf8) }
    }
}
