import Crypto
import Guest
import ImageStore
import Model
import Synchronization

/// The package databases of files that are in no store, as a small tree in memory: what a folder or an archive needs so that packages'
/// digests can be read of it.
final class PackageBaseline {
    private let tree: TreeEditor

    init() throws(Failure) { tree = try TreeEditor(root: nil, in: ObjectsInMemory()) }

    private static let folders: [TreePath] = [
        "/var/lib/dpkg", "/var/lib/rpm", "/usr/lib/sysimage/rpm", "/lib/apk/db", "/usr/lib/apk/db",
    ]

    /// Databases are at most this large, together.
    private static let maximumBytes = 192 << 20
    private var bytes = 0

    /// Whether the baseline needs the bytes of a file.
    static func needs(_ path: TreePath, size: UInt64) -> Bool {
        guard folders.contains(where: { path.isWithin($0) }) else { return false }
        if path.isWithin("/var/lib/dpkg/info") { return path.bytes.suffix(8).elementsEqual(".md5sums".utf8) }
        return size < 128 << 20
    }

    func note(directory path: TreePath) throws(Failure) { try tree.makeDirectory(path) }

    func note(link path: TreePath, target: [UInt8]) throws(Failure) {
        if target.isEmpty { return }
        try tree.makeDirectory(path.parent)
        try tree.put(Node(Metadata(mode: 0o777), .symlink(target: target)), at: path)
    }

    func note(file path: TreePath, _ content: [UInt8]) throws(Failure) {
        bytes += content.count
        if bytes > Self.maximumBytes { return }
        try tree.makeDirectory(path.parent)
        try tree.write(content, to: path)
    }

    /// What packages recorded; nil where that cannot be read, so that every file is searched.
    func digests() -> VendorDigests? { try? VendorDigests(in: tree) }
}

/// Objects that live as long as the scan.
private final class ObjectsInMemory: ObjectWriter {
    private let objects = Mutex<[Digest: [UInt8]]>([:])

    func put(_ bytes: Span<UInt8>) throws(Failure) -> Digest {
        let digest = SHA256.digest(of: bytes)
        var copy: [UInt8] = []
        copy.reserveCapacity(bytes.count)
        for index in bytes.indices { copy.append(bytes[index]) }
        objects.withLock { $0[digest] = copy }
        return digest
    }

    func object(_ digest: Digest) throws(Failure) -> [UInt8] {
        guard let bytes = objects.withLock({ $0[digest] }) else { throw Failure(.bug, "the object \(digest.short) is missing") }
        return bytes
    }

    func contains(_ digest: Digest) -> Bool { objects.withLock { $0[digest] != nil } }
}
