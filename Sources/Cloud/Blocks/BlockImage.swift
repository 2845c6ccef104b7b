import Crypto
import ImageStore
import Model
import Platform
import Sandbox
import Synchronization

/// The disk of a snapshot in a file without a name, with the digests of its blocks.
final class BlockImage: Sendable {
    private let file: FileDescriptor
    /// Of the blocks that are not all zero, by their indexes: a disk of many GiB may hold little.
    let digests: [Int: Digest]
    /// The indexes in their order.
    let indexes: [Int]

    private static let zero = SHA256.digest(of: [UInt8](repeating: 0, count: SnapshotBlocks.size))

    /// `fill` writes the disk; a hole is zero.
    init(in folder: String, fill: (borrowing FileDescriptor) throws(Failure) -> Void) throws(Failure) {
        let file = try Self.file(in: folder)
        try fill(file)
        digests = try Self.digests(of: file)
        indexes = digests.keys.sorted()
        self.file = file
    }

    /// A file without a name; the folder is made where it is missing.
    static func file(in folder: String) throws(Failure) -> FileDescriptor {
        do throws(SystemError) {
            try Files.makeFolders(folder, permissions: 0o700)
            return try FileDescriptor.anonymous(in: folder)
        } catch { throw Failure(.io, "no file can be made in \(folder)", cause: error) }
    }

    func block(_ index: Int) throws(Failure) -> [UInt8] { try Self.block(index, of: file) }

    private static func block(_ index: Int, of file: borrowing FileDescriptor) throws(Failure) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: SnapshotBlocks.size)
        do throws(SystemError) {
            _ = try file.read(into: &block, count: block.count, at: index * SnapshotBlocks.size)
        } catch { throw Failure(.io, "block \(index) of a snapshot cannot be read", cause: error) }
        return block
    }

    /// Blocks without data are skipped: a disk of many GiB is mostly a hole.
    private static func digests(of file: borrowing FileDescriptor) throws(Failure) -> [Int: Digest] {
        var indexes: [Int] = []
        do throws(SystemError) {
            let size = try file.size()
            var offset = 0
            while let data = try file.nextData(from: offset, size: size), !data.isEmpty {
                let first = max(data.lowerBound / SnapshotBlocks.size, (indexes.last ?? -1) + 1)
                let last = (data.upperBound - 1) / SnapshotBlocks.size
                if first <= last { indexes += first...last }
                offset = data.upperBound
            }
        } catch { throw Failure(.io, "the disk of a snapshot cannot be read", cause: error) }
        var digests: [Int: Digest] = [:]
        for index in indexes {
            let digest = SHA256.digest(of: try block(index, of: file))
            if digest != zero { digests[index] = digest }
        }
        return digests
    }
}

/// The disks that were read lately.
final class BlockImages: Sendable {
    private let recent = Mutex<[(key: Digest, image: BlockImage)]>([])
    private static let most = 4

    /// `key` names the content.
    func image(_ key: Digest, make: () throws(Failure) -> BlockImage) throws(Failure) -> BlockImage {
        let known = recent.withLock { recent -> BlockImage? in
            guard let place = recent.firstIndex(where: { $0.key == key }) else { return nil }
            let found = recent.remove(at: place)
            recent.append(found)
            return found.image
        }
        if let known { return known }
        let image = try make()
        recent.withLock { recent in
            recent.removeAll { $0.key == key }
            recent.append((key, image))
            if recent.count > Self.most { recent.removeFirst() }
        }
        return image
    }
}

extension EmbeddedRegion {
    /// The disk of a snapshot: its own bytes where it was written by blocks, else the file system of its files.
    func blockImage(of snapshot: SnapshotRecord, disk: Digest?) throws(Failure) -> BlockImage {
        guard let root = disk ?? snapshot.root else { throw Failure(.bug, "the snapshot \(snapshot.id) has no content") }
        let store = try store(under: snapshot.key)
        return try blockImages.image(root) { () throws(Failure) in
            try BlockImage(in: blockFolder) { file throws(Failure) in
                let tree = try Tree(root, in: store)
                if disk == nil {
                    try TreeImage(tree, shift: .none, environment: environment).write(to: file)
                } else {
                    try Self.write(try Self.disk(in: tree), of: tree, to: file)
                }
            }
        }
    }

    /// The name of the one file in a tree that holds the bytes of a disk.
    static let diskName = "disk.raw"

    static func disk(in tree: Tree) throws(Failure) -> FileContent {
        guard let content = try tree.node(at: try TreePath(parsing: "/\(diskName)"))?.content else {
            throw Failure(.corrupt, "a tree that should hold a disk has no file \(diskName)")
        }
        return content
    }

    static func write(
        _ content: FileContent, of tree: Tree, to file: borrowing FileDescriptor
    ) throws(Failure) {
        var offset = 0
        for extent in try content.extents(from: tree.objects) {
            let data = try extent.data(from: tree.objects)
            do throws(SystemError) { if let data { try file.write(data.span, at: offset) } } catch {
                throw Failure(.io, "the disk of a snapshot cannot be written", cause: error)
            }
            offset += Int(extent.length)
        }
    }
}
