import Crypto
import Model
import Platform
import Synchronization

/// Reads a folder of the host into a tree.
///
/// One thread lists the folder, all processors read, hash and compress its files. A file whose inode, size and times are those of
/// the last import of the same folder is not read again.
package struct DirectoryImport: Sendable {
    private let source: String
    private let writer: StoreWriter
    private let cache: StatusCache?
    private let environment: Environment
    private let progress: @Sendable (_ done: UInt64, _ total: UInt64) -> Void

    /// `cacheFolder` keeps what is known of the folder's files between imports; nil reads everything.
    package init(
        _ source: String, into writer: StoreWriter, cacheFolder: String?, environment: Environment,
        progress: @escaping @Sendable (_ done: UInt64, _ total: UInt64) -> Void = { _, _ in }
    ) {
        self.source = source
        self.writer = writer
        self.progress = progress
        self.environment = environment
        cache = cacheFolder.map { StatusCache(of: source, in: $0, startedAt: environment.now()) }
    }

    package func run() throws(Failure) -> ImportResult {
        var listing = Listing()
        do throws(SystemError) {
            let status = try Files.status(source)
            guard status.isDirectory else { throw SystemError("import", source, errno: 20) }
            listing.rootMetadata = try metadata(Array(source.utf8), status)
            try list(Array(source.utf8), .root, &listing)
        } catch {
            throw Failure(error.isNotFound ? .notFound : .io, "the folder \(source) cannot be imported", cause: error)
        }
        let contents = try readFiles(listing.files)
        let editor = try TreeEditor(root: nil, in: writer)
        try editor.put(Node(listing.rootMetadata, .emptyDirectory), at: .root)
        try build(listing, contents, editor)
        let root = try editor.finish()
        cache?.save()
        return ImportResult(
            root: root, files: listing.files.count, bytes: listing.files.reduce(0) { $0 + UInt64($1.status.size) },
            reused: contents.count { $0.isReused }, skipped: listing.skipped)
    }

    // MARK: Listing

    private struct File: Sendable {
        let path: [UInt8]
        let status: Files.Status
    }

    private struct Listing {
        var rootMetadata = Metadata(mode: 0o755)
        var nodes: [(path: TreePath, metadata: Metadata, kind: Kind)] = []
        var files: [File] = []
        var skipped: [TreePath] = []
        /// The first path of each file that has several.
        var firsts: [Inode: TreePath] = [:]

        enum Kind {
            case file(Int)
            case other(Node.Kind)
        }
    }

    private struct Inode: Hashable {
        let device: UInt64
        let number: UInt64
    }

    private func list(_ folder: [UInt8], _ path: TreePath, _ listing: inout Listing) throws(SystemError) {
        let names = try Files.names(inFolder: folder).compactMap { Name($0) }.sorted()
        guard path.names.count < TreePath.maximumDepth else { throw SystemError("import", String(describing: path), errno: 36) }
        for name in names {
            let host = folder + [0x2F] + name.bytes
            let here = path.appending(name)
            let status = try Files.status(bytes: host)
            try add(host, here, status, &listing)
            if status.isDirectory { try list(host, here, &listing) }
        }
    }

    private func add(_ host: [UInt8], _ path: TreePath, _ status: Files.Status, _ listing: inout Listing) throws(SystemError) {
        let kind: Listing.Kind
        if !status.isDirectory && status.links > 1 {
            let inode = Inode(device: status.device, number: status.inode)
            if let first = listing.firsts[inode] {
                listing.nodes.append((path, try metadata(host, status), .other(.hardLink(first))))
                return
            }
            if status.isRegular { listing.firsts[inode] = path }
        }
        switch FileKind(status) {
        case .regular:
            kind = .file(listing.files.count)
            listing.files.append(File(path: host, status: status))
        case .directory: kind = .other(.emptyDirectory)
        case .symlink: kind = .other(.symlink(target: try Files.linkTarget(bytes: host)))
        case .characterDevice: kind = .other(.characterDevice(major: status.deviceMajor, minor: status.deviceMinor))
        case .blockDevice: kind = .other(.blockDevice(major: status.deviceMajor, minor: status.deviceMinor))
        case .fifo: kind = .other(.fifo)
        case .socket:
            listing.skipped.append(path)
            return
        }
        listing.nodes.append((path, try metadata(host, status), kind))
    }

    private func metadata(_ host: [UInt8], _ status: Files.Status) throws(SystemError) -> Metadata {
        let attributes = try ExtendedAttributes.read(host).map { Metadata.Attribute(name: $0.name, value: $0.value) }
        return Metadata(
            mode: UInt16(status.mode & 0o7777), uid: status.uid, gid: status.gid, modified: status.modified,
            attributes: attributes)
    }

    // MARK: Contents

    private struct Content: Sendable {
        let content: FileContent
        let isReused: Bool
    }

    private func readFiles(_ files: [File]) throws(Failure) -> [Content] {
        let contents = Mutex([Content?](repeating: nil, count: files.count))
        let total = files.reduce(0) { $0 + UInt64($1.status.size) }
        let done = Atomic<UInt64>(0)
        let shared = Shared(contents: contents, done: done)
        let buffers = BufferPool()
        try Threads.forEach(below: files.count) { (index) throws(Failure) in
            if environment.cancellation.isCancelled { throw Failure(.cancelled, "the import was cancelled") }
            let file = files[index]
            let content: Content
            if !writer.knowsDamage, let known = cache?.content(file.path, file.status), writer.holds(known.digest) {
                content = Content(content: known, isReused: true)
            } else {
                content = Content(content: try read(file, buffers), isReused: false)
                cache?.note(file.path, file.status, content.content)
            }
            shared.contents.withLock { $0[index] = content }
            let now = shared.done.wrappingAdd(UInt64(file.status.size), ordering: .relaxed).newValue
            progress(now, total)
        }
        return shared.contents.withLock { $0.compactMap(\.self) }
    }

    private final class Shared: Sendable {
        let contents: Mutex<[Content?]>
        let done: Atomic<UInt64>
        init(contents: consuming sending Mutex<[Content?]>, done: consuming sending Atomic<UInt64>) {
            self.contents = contents
            self.done = done
        }
    }

    private func read(_ file: File, _ buffers: BufferPool) throws(Failure) -> FileContent {
        let shown = String(decoding: file.path, as: UTF8.self)
        var buffer = buffers.take()
        defer { buffers.give(buffer) }
        do {
            let handle = try FileDescriptor.openForReading(bytes: file.path)
            let content = try read(handle, size: file.status.size, &buffer)
            let after = try handle.status()
            guard after.size == file.status.size, after.modified == file.status.modified else {
                throw Failure(.conflict, "\(shown) changed while it was imported", hint: "import a folder that nobody writes to")
            }
            return content
        } catch let error as Failure { throw error } catch {
            throw Failure(.io, "\(shown) cannot be read", cause: error)
        }
    }

    private func read(_ handle: borrowing FileDescriptor, size: Int, _ buffer: inout [UInt8]) throws -> FileContent {
        if size <= Chunker.maximum {
            let got = try handle.read(into: &buffer, count: size, at: 0)
            return try Chunker.store(buffer.span.extracting(0..<got), in: writer)
        }
        var chunker = Chunker(into: writer)
        var position = 0
        while position < size {
            guard let data = try handle.nextData(from: position, size: size) else {
                try chunker.appendHole(UInt64(size - position))
                break
            }
            if data.lowerBound > position { try chunker.appendHole(UInt64(data.lowerBound - position)) }
            position = data.lowerBound
            let end = data.upperBound
            while position < end {
                let got = try handle.read(into: &buffer, count: min(buffer.count, end - position), at: position)
                if got == 0 { throw SystemError("pread", handle.path, errno: 5) }
                try chunker.append(buffer.span.extracting(0..<got))
                position += got
            }
        }
        return try chunker.finish()
    }

    // MARK: Building

    private func build(_ listing: Listing, _ contents: [Content], _ editor: TreeEditor) throws(Failure) {
        for (path, metadata, kind) in listing.nodes {
            switch kind {
            case .file(let index): try editor.put(Node(metadata, .file(contents[index].content, links: 1)), at: path)
            case .other(let kind): try editor.put(Node(metadata, kind), at: path)
            }
        }
    }
}

/// Read buffers of one object's size, one a thread.
final class BufferPool: Sendable {
    private let free = Mutex<[[UInt8]]>([])

    func take() -> [UInt8] { free.withLock { $0.popLast() } ?? [UInt8](repeating: 0, count: Chunker.maximum) }
    func give(_ buffer: [UInt8]) { free.withLock { $0.append(buffer) } }
}
