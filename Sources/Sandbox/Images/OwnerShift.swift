import Ext4
import ImageStore
import Model

/// Moves the users and groups of an image to others of the host: `offset` is added to each, wherever it is written down. That is how
/// root of an image is nobody of the host, and still root in a user namespace which maps 0 to `offset`.
package struct OwnerShift: Sendable, Hashable {
    package let offset: UInt32
    /// Ids of the image that may be: those below it.
    package let count: UInt32

    /// The highest id is no id: it means "unchanged" to the kernel.
    package static let none = OwnerShift(offset: 0, count: .max)

    /// All ids of the image must be below `count`, which is at most what is left above the offset.
    package init(offset: UInt32, count: UInt32 = .max) {
        self.offset = offset
        self.count = min(count, .max - offset)
    }

    /// The metadata as they are written to the disk of `path`.
    func apply(_ metadata: Metadata, at path: TreePath) throws(Failure) -> Ext4Metadata {
        var attributes: [Ext4Metadata.Attribute] = []
        for attribute in metadata.attributes where Ext4Metadata.Attribute.isSupported(attribute.name) {
            let value = try apply(attribute, at: path)
            attributes.append(Ext4Metadata.Attribute(name: attribute.name, value: value))
        }
        return Ext4Metadata(
            mode: metadata.mode, uid: try shift(metadata.uid, "user", path), gid: try shift(metadata.gid, "group", path),
            modified: metadata.modified, attributes: attributes)
    }

    private func shift(_ id: UInt32, _ what: String, _ path: TreePath) throws(Failure) -> UInt32 {
        guard id < count else {
            throw Failure(
                .invalid, "\(path) belongs to \(what) \(id), and only ids below \(count) can be had in the sandbox",
                hint: "give the file another owner, or Ingot's user a larger range in /etc/subuid and /etc/subgid")
        }
        return id + offset
    }

    // MARK: Attributes that hold ids

    private static let capability = Array("security.capability".utf8)
    private static let accessLists = ["system.posix_acl_access", "system.posix_acl_default"].map { Array($0.utf8) }

    private func apply(_ attribute: Metadata.Attribute, at path: TreePath) throws(Failure) -> [UInt8] {
        if offset == 0 { return attribute.value }
        if attribute.name == Self.capability { return try capability(attribute.value, path) }
        if Self.accessLists.contains(attribute.name) { return try accessList(attribute.value, path) }
        return attribute.value
    }

    /// File capabilities (struct vfs_ns_cap_data) of revision 2, which are the host's root's, become those of revision 3, which are
    /// the root's of one user namespace; those of revision 3 are moved. What has another form the kernel would not honour.
    private func capability(_ value: [UInt8], _ path: TreePath) throws(Failure) -> [UInt8] {
        let revision = value.count < 4 ? 0 : value[3]
        var moved = value
        switch (revision, value.count) {
        case (2, 20):
            moved[3] = 3
            moved += [0, 0, 0, 0]
            Self.put(try shift(0, "user", path), in: &moved, at: 20)
        case (3, 24): Self.put(try shift(Self.number(value, at: 20), "user", path), in: &moved, at: 20)
        default: break
        }
        return moved
    }

    /// An access control list: a version, then entries of tag, permissions and id, of which ACL_USER (2) and ACL_GROUP (8) hold one.
    private func accessList(_ value: [UInt8], _ path: TreePath) throws(Failure) -> [UInt8] {
        var moved = value
        for start in stride(from: 4, to: value.count - 7, by: 8) where value[start + 1] == 0 && [2, 8].contains(value[start]) {
            let id = Self.number(value, at: start + 4)
            Self.put(try shift(id, value[start] == 2 ? "user" : "group", path), in: &moved, at: start + 4)
        }
        return moved
    }

    private static func number(_ bytes: [UInt8], at start: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << (8 * UInt32($1)) }
    }

    private static func put(_ number: UInt32, in bytes: inout [UInt8], at start: Int) {
        for index in 0..<4 { bytes[start + index] = UInt8(truncatingIfNeeded: number >> (8 * UInt32(index))) }
    }
}
