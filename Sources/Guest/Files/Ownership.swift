import ImageStore
import Model

extension TreeEditor {
    /// As chown(2), of a path without links: a file that gets another owner loses its setuid and setgid bits and its capabilities,
    /// since they would be another's then.
    package func chown(_ path: TreePath, owner: UInt32?, group: UInt32?) throws(Failure) {
        guard let node = try node(at: path) else { throw Failure(.notFound, "\(path) does not exist in the image") }
        let isChange = owner.map { $0 != node.metadata.uid } == true || group.map { $0 != node.metadata.gid } == true
        guard isChange else { return }
        try updateMetadata(path) { metadata in
            metadata.uid = owner ?? metadata.uid
            metadata.gid = group ?? metadata.gid
            if !node.isDirectory && !node.isSymlink { metadata.mode &= 0o1777 }
        }
        if !node.isDirectory { try dropCapabilities(path) }
    }

    /// As write(2), of a path without links: new contents have not earned the capabilities of the old ones.
    package func dropCapabilities(_ path: TreePath) throws(Failure) {
        try updateMetadata(path) { metadata in
            metadata.attributes.removeAll { $0.name == Self.capability }
        }
    }

    private static var capability: [UInt8] { Array("security.capability".utf8) }
}
