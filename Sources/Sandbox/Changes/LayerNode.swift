import Glibc
import ImageStore
import Model

/// A name in the writable layer of an overlay, and what is below it.
final class LayerNode {
    let mode: UInt32
    let uid: UInt32
    let gid: UInt32
    let major: UInt32
    let minor: UInt32
    let target: [UInt8]
    let modified: Int64
    /// Those of the overlay's own too.
    let attributes: [Metadata.Attribute]
    let inode: UInt64
    let links: UInt64
    /// Bytes on the disk.
    let allocated: UInt64
    var content: FileContent?
    private(set) var children: [Name: LayerNode] = [:]

    init(
        mode: UInt32, uid: UInt32, gid: UInt32, major: UInt32, minor: UInt32, target: [UInt8], modified: Int64,
        attributes: [Metadata.Attribute], inode: UInt64, links: UInt64, allocated: UInt64
    ) {
        self.mode = mode
        self.uid = uid
        self.gid = gid
        self.major = major
        self.minor = minor
        self.target = target
        self.modified = modified
        self.attributes = attributes
        self.inode = inode
        self.links = links
        self.allocated = allocated
    }

    private var type: UInt32 { mode & S_IFMT }
    var isDirectory: Bool { type == S_IFDIR }
    var isRegular: Bool { type == S_IFREG }
    var isSocket: Bool { type == S_IFSOCK }
    var isDevice: Bool { type == S_IFCHR || type == S_IFBLK }

    /// Stands for a name of the base that is gone.
    var isWhiteout: Bool { type == S_IFCHR && major == 0 && minor == 0 }

    /// Hides the directory of the base instead of adding to it.
    var isOpaque: Bool {
        attributes.contains { $0.name == Self.opaque && $0.value == [UInt8(ascii: "y")] }
    }

    private static let opaque = Array("user.overlay.opaque".utf8)

    /// What it takes on the disk, itself and what is below it; an inode counts as a page at least.
    var size: UInt64 { children.values.reduce(max(allocated, 4096)) { $0 + $1.size } }

    /// Sorted by name.
    var sortedChildren: [(name: Name, node: LayerNode)] {
        children.sorted { $0.key < $1.key }.map { (name: $0.key, node: $0.value) }
    }

    /// Adds a node below this one; those above it are there.
    func insert(_ node: LayerNode, at path: [UInt8]) throws(Failure) {
        var folder = self
        let parts = path.split(separator: 0x2F)
        for (index, part) in parts.enumerated() {
            guard let name = Name(Array(part)) else { throw Self.misplaced(path) }
            if index == parts.count - 1 {
                folder.children[name] = node
                return
            }
            guard let next = folder.children[name] else { throw Self.misplaced(path) }
            folder = next
        }
        throw Self.misplaced(path)
    }

    private static func misplaced(_ path: [UInt8]) -> Failure {
        Failure(.io, "what the program changed cannot be read back: /\(String(decoding: path, as: UTF8.self)) is out of place")
    }

    /// What the name is in an image; nil for what no image holds. Hard links are not seen here.
    var kind: Node.Kind? {
        switch type {
        case S_IFREG: content.map { .file($0, links: 1) }
        case S_IFDIR: .emptyDirectory
        case S_IFLNK: .symlink(target: target)
        case S_IFCHR: .characterDevice(major: major, minor: minor)
        case S_IFBLK: .blockDevice(major: major, minor: minor)
        case S_IFIFO: .fifo
        default: nil
        }
    }
}
