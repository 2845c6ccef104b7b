import Crypto
import ImageStore
import Model
import Platform
import TestSupport
import Testing

/// Runs `body` with a new store in a folder of its own.
func withStore<Result>(
    _ environment: Environment = .system(), packSize: Int = 256 << 20, _ body: (ObjectStore) throws -> Result
) throws -> Result {
    try withTemporaryFolder { try body(ObjectStore("\($0)/store", environment: environment, packSize: packSize)) }
}

/// What `body` fails with; nil where it does not.
func failure(_ body: () throws -> Void) -> Failure? {
    do { try body() } catch { return error as? Failure }
    return nil
}

extension ObjectStore {
    /// The same folder, opened anew.
    func reopened(_ environment: Environment = .system()) throws(Failure) -> ObjectStore {
        try ObjectStore(folder, environment: environment)
    }

    /// Stores one object in a pack of its own.
    @discardableResult
    func add(_ bytes: [UInt8]) throws -> Digest {
        let writer = try StoreWriter(self)
        let digest = try writer.put(bytes)
        try writer.publish()
        return digest
    }

    /// Stores a tree of files.
    @discardableResult
    func add(_ files: [String: [UInt8]], to root: Digest? = nil) throws -> Digest {
        let writer = try StoreWriter(self)
        let digest = try tree(files, on: root, in: writer)
        try writer.publish()
        return digest
    }

    var packPaths: [String] { Files.names(in: folder + "/packs").map { "\(folder)/packs/\($0)" } }
}

func tree(_ files: [String: [UInt8]], on root: Digest? = nil, in writer: any ObjectWriter) throws(Failure) -> Digest {
    let editor = try TreeEditor(root: root, in: writer)
    for (path, bytes) in files.sorted(by: { $0.key < $1.key }) {
        let path = try TreePath(parsing: path)
        try editor.makeDirectory(path.parent)
        try editor.write(bytes, to: path)
    }
    return try editor.finish()
}

/// Changes one byte of a file. A negative offset counts from the end.
func damage(_ path: String, at offset: Int) throws {
    var bytes = try Files.read(path)
    let position = offset < 0 ? bytes.count + offset : offset
    bytes[position] ^= 0x40
    try Files.writeDurably(path, bytes)
}

/// Reads all of an image, file by file.
func readAll(_ root: Digest, in objects: any ObjectReader) throws(Failure) {
    let tree = try Tree(root, in: objects)
    try tree.walk { (_, node) throws(Failure) in
        if let content = node.content {
            for extent in try content.extents(from: objects) { _ = try extent.data(from: objects) }
        }
        return true
    }
}

func check(_ store: ObjectStore, _ images: [(name: String, root: Digest)] = []) throws -> StoreCheck.Report {
    try StoreCheck(store).run(images: images)
}

func collect(_ store: ObjectStore, keeping roots: [Digest] = [], dryRun: Bool = false) throws -> Collector.Report {
    try Collector(store, roots: { () throws(Failure) in roots }).run(dryRun: dryRun)
}
