import Crypto
import Ext4
import ImageStore
import Model
import Platform

/// Reads an ext4 file system that somebody else made into a tree: the way back from `TreeImage`. No mount and no privilege is needed.
///
/// Sockets are left out, since an image has none. What is damaged, or bounded by `Ext4Reader`, is `Failure(.invalid)`.
package struct Ext4Import: Sendable {
    private let path: String
    private let range: Range<UInt64>?
    private let writer: any ObjectWriter
    private let environment: Environment

    /// `range` is where the file system lies in the file, in bytes; nil for all of it.
    package init(
        _ path: String, range: Range<UInt64>? = nil, into writer: any ObjectWriter, environment: Environment
    ) {
        self.path = path
        self.range = range
        self.writer = writer
        self.environment = environment
    }

    /// The digest of the tree, the sum of the sizes of its files in bytes, and their number.
    package func run() throws(Failure) -> (root: Digest, bytes: UInt64, files: Int) {
        do {
            var walk = Walk(
                reader: try Ext4Reader(path, range: range), editor: try TreeEditor(root: nil, in: writer, date: 0),
                writer: writer,
                environment: environment)
            try walk.readRoot()
            return (try walk.editor.finish(), walk.bytes, walk.files)
        } catch let error as Ext4Error {
            throw Failure(error.kind == .io ? .io : .invalid, "the file system cannot be read: \(error)", cause: error)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(.bug, "the file system cannot be read", cause: error)
        }
    }

    /// The way through one file system.
    private struct Walk: ~Copyable {
        var reader: Ext4Reader
        let editor: TreeEditor
        let writer: any ObjectWriter
        let environment: Environment
        var bytes: UInt64 = 0
        var files = 0
        private var directories: Set<Ext4InodeNumber> = []
        /// The first names of files that have several.
        private var linked: [Ext4InodeNumber: TreePath] = [:]
        private var buffer = [UInt8](repeating: 0, count: Chunker.maximum)

        private static let root: Ext4InodeNumber = 2

        init(
            reader: consuming Ext4Reader, editor: TreeEditor, writer: any ObjectWriter, environment: Environment
        ) {
            self.reader = reader
            self.editor = editor
            self.writer = writer
            self.environment = environment
        }

        mutating func readRoot() throws {
            let inode = try reader.inode(Self.root)
            guard inode.type == .directory else { throw Ext4Error(.corrupt, "the root is no directory") }
            try editor.put(Node(try metadata(Self.root, inode), .emptyDirectory), at: .root)
            try readDirectory(Self.root, at: .root)
        }

        private mutating func readDirectory(_ number: Ext4InodeNumber, at path: TreePath) throws {
            if environment.cancellation.isCancelled { throw Failure(.cancelled, "the import was cancelled") }
            guard directories.insert(number).inserted else {
                throw Ext4Error(.corrupt, "the directory \(path) stands at two places")
            }
            let entries = try reader.entries(of: number).sorted { $0.name.lexicographicallyPrecedes($1.name) }
            for entry in entries {
                guard let name = Name(entry.name) else {
                    throw Ext4Error(.corrupt, "there is an entry in \(path) that has no name")
                }
                try read(entry.inode, at: path.appending(name))
            }
        }

        private mutating func read(_ number: Ext4InodeNumber, at path: TreePath) throws {
            let inode = try reader.inode(number)
            if let first = linked[number], let node = try editor.node(at: first) {
                return try editor.put(Node(node.metadata, .hardLink(first)), at: path)
            }
            let kind: Node.Kind
            switch inode.type {
            case .directory: kind = .emptyDirectory
            case .file:
                if inode.links > 1 { linked[number] = path }
                kind = .file(try content(of: number, inode), links: 1)
            case .symlink: kind = .symlink(target: try reader.target(of: number, inode))
            case .characterDevice: kind = .characterDevice(major: inode.device.major, minor: inode.device.minor)
            case .blockDevice: kind = .blockDevice(major: inode.device.major, minor: inode.device.minor)
            case .fifo: kind = .fifo
            case .socket: return
            }
            try editor.put(Node(try metadata(number, inode), kind), at: path)
            if inode.type == .directory { try readDirectory(number, at: path) }
        }

        private mutating func metadata(_ number: Ext4InodeNumber, _ inode: Ext4Inode) throws -> Metadata {
            let attributes = try reader.attributes(of: number).filter { Ext4Metadata.Attribute.isSupported($0.name) }
            return Metadata(
                mode: inode.metadata.mode, uid: inode.metadata.uid, gid: inode.metadata.gid, modified: inode.metadata.modified,
                attributes: attributes.map { Metadata.Attribute(name: $0.name, value: $0.value) })
        }

        private mutating func content(of number: Ext4InodeNumber, _ inode: Ext4Inode) throws -> FileContent {
            let ranges = try reader.dataRanges(of: number, size: inode.size)
            var chunker = Chunker(into: writer)
            var position: UInt64 = 0
            for range in ranges {
                try chunker.appendHole(range.lowerBound - position)
                position = range.lowerBound
                while position < range.upperBound {
                    if environment.cancellation.isCancelled { throw Failure(.cancelled, "the import was cancelled") }
                    let wanted = Int(min(range.upperBound - position, UInt64(buffer.count)))
                    let got = try reader.read(number, at: position, into: &buffer, count: wanted)
                    guard got == wanted else { throw Ext4Error(.corrupt, "the file \(number) ends before its size") }
                    try chunker.append(buffer.span.extracting(0..<got))
                    position += UInt64(got)
                }
            }
            if inode.size > position { try chunker.appendHole(inode.size - position) }
            bytes += inode.size
            files += 1
            return try chunker.finish()
        }
    }
}
