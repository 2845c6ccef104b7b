import Archive
import Crypto
import Model
import Platform

/// Reads an archive of a root filesystem into a tree: tar in any form, cpio, and every compression that libarchive knows.
///
/// Nothing of the archive is trusted. An entry with an absolute name, with `..`, or below something that is not a directory of the
/// same archive is refused, and with it the whole import: an archive that tries that is not what its user thinks it is.
package struct ArchiveImport: Sendable {
    private let path: String
    /// What errors call the archive.
    private let name: String
    private let writer: StoreWriter
    private let memory: ArchiveMemory?
    private let environment: Environment
    private let progress: @Sendable (_ done: UInt64, _ total: UInt64) -> Void

    /// `cacheFolder` remembers which archive gave which tree; nil reads it in any case. Errors call the archive by its path, or by `name`.
    package init(
        _ path: String, named name: String? = nil, into writer: StoreWriter, cacheFolder: String?, environment: Environment,
        progress: @escaping @Sendable (_ done: UInt64, _ total: UInt64) -> Void = { _, _ in }
    ) {
        self.path = path
        self.name = name ?? path
        self.writer = writer
        self.environment = environment
        self.progress = progress
        memory = cacheFolder.map { ArchiveMemory(folder: $0) }
    }

    package func run() throws(Failure) -> ImportResult {
        let digest = try memory.map { (memory) throws(Failure) in try memory.digest(of: path, environment.cancellation) }
        if let memory, let digest, let known = memory.recall(digest), writer.holds(known.root), !writer.knowsDamage {
            return known
        }
        let result = try read()
        if let memory, let digest { memory.remember(digest, result) }
        return result
    }

    private func read() throws(Failure) -> ImportResult {
        let editor = try TreeEditor(root: nil, in: writer)
        var tally = Tally()
        do {
            var reader = try ArchiveReader(path: path, formats: [.tar, .cpio])
            while let entry = try reader.next() {
                if environment.cancellation.isCancelled { throw Failure(.cancelled, "the import was cancelled") }
                try add(entry, &reader, editor, &tally)
                progress(tally.bytes, 0)
            }
        } catch let error as ArchiveError {
            throw Failure(
                error.failureCode, "the archive \(name) cannot be imported: \(error)",
                hint: error.kind == .truncated ? "fetch the file again: its end is missing" : nil)
        } catch let failure as Failure {
            throw Failure(failure.code, "the archive \(name) cannot be imported", hint: failure.hint, cause: failure)
        } catch {
            throw Failure(.bug, "the archive \(name) cannot be imported", cause: error)
        }
        guard tally.entries > 0 else { throw Failure(.invalid, "the archive \(name) is empty") }
        return ImportResult(root: try editor.finish(), files: tally.files, bytes: tally.bytes, reused: 0, skipped: tally.skipped)
    }

    private struct Tally {
        var entries = 0
        var files = 0
        var bytes: UInt64 = 0
        var skipped: [TreePath] = []
    }

    private func add(
        _ entry: ArchiveEntry, _ reader: inout ArchiveReader, _ editor: TreeEditor, _ tally: inout Tally
    ) throws {
        let path = try Self.safePath(entry.path, of: "the entry")
        tally.entries += 1
        let metadata = Metadata(entry)
        if path.isRoot {
            guard entry.kind == .directory else { throw Failure(.invalid, "the archive's root is not a directory") }
            return try editor.put(Node(metadata, .emptyDirectory), at: .root)
        }
        try makeParents(of: path, editor)
        switch entry.kind {
        case .file:
            let content = try store(&reader, size: entry.size)
            tally.files += 1
            tally.bytes += content.size
            try put(Node(metadata, .file(content, links: 1)), at: path, editor)
        case .directory: try put(Node(metadata, .emptyDirectory), at: path, editor)
        case .symbolicLink(let target): try put(Node(metadata, .symlink(target: target)), at: path, editor)
        case .hardLink(let target): try link(path, to: target, entry, &reader, editor, &tally)
        case .characterDevice(let major, let minor):
            try put(Node(metadata, .characterDevice(major: major, minor: minor)), at: path, editor)
        case .blockDevice(let major, let minor):
            try put(Node(metadata, .blockDevice(major: major, minor: minor)), at: path, editor)
        case .fifo: try put(Node(metadata, .fifo), at: path, editor)
        case .socket: tally.skipped.append(path)
        }
    }

    /// A name of an archive as a path of an image.
    private static func safePath(_ bytes: [UInt8], of what: String) throws(Failure) -> TreePath {
        let shown = String(decoding: bytes.prefix(200), as: UTF8.self)
        guard bytes.first != 0x2F else {
            throw Failure(
                .invalid, "\(what) '\(shown)' has an absolute name", hint: "make the archive with names relative to its root")
        }
        guard !bytes.split(separator: 0x2F).contains([0x2E, 0x2E]) else {
            throw Failure(
                .invalid, "\(what) '\(shown)' has '..' in its name, which leads out of the image",
                hint: "do not trust this archive")
        }
        return try TreePath(parsing: bytes)
    }

    /// Directories that the archive leaves out are made, owned by root and mode 0755.
    private func makeParents(of path: TreePath, _ editor: TreeEditor) throws(Failure) {
        let parent = path.parent
        if parent.isRoot { return }
        if let node = try editor.node(at: parent) {
            if node.isDirectory { return }
            throw Failure(
                .invalid,
                "the entry '\(path)' is below \(parent), which is \(node.isSymlink ? "a symbolic link" : "not a directory")",
                hint: "do not trust this archive")
        }
        try makeParents(of: parent, editor)
        try editor.put(Node(Metadata(mode: 0o755), .emptyDirectory), at: parent)
    }

    /// A later entry of the same name takes the place of an earlier one, as it does for tar.
    private func put(_ node: Node, at path: TreePath, _ editor: TreeEditor) throws(Failure) {
        if node.isDirectory, let old = try editor.node(at: path), !old.isDirectory { try editor.remove(path) }
        try editor.put(node, at: path)
    }

    private func link(
        _ path: TreePath, to target: [UInt8], _ entry: ArchiveEntry, _ reader: inout ArchiveReader, _ editor: TreeEditor,
        _ tally: inout Tally
    ) throws {
        let file = try Self.safePath(target, of: "the target of the hard link")
        guard file != path else { throw Failure(.invalid, "'\(path)' is a hard link to itself") }
        guard var node = try editor.node(at: file) else {
            throw Failure(.invalid, "'\(path)' is a hard link to \(file), which does not come before it")
        }
        if entry.size > 0, case .file = node.kind {
            // cpio carries the content with the last name.
            let content = try store(&reader, size: entry.size)
            tally.bytes += content.size
            node = Node(node.metadata, .file(content, links: 1))
            try editor.put(node, at: file)
        }
        switch node.kind {
        case .file: try put(Node(node.metadata, .hardLink(file)), at: path, editor)
        case .hardLink(let first): try put(Node(node.metadata, .hardLink(first)), at: path, editor)
        case .directory: throw Failure(.invalid, "'\(path)' is a hard link to the directory \(file)")
        default: try put(node, at: path, editor)
        }
    }

    private func store(_ reader: inout ArchiveReader, size: UInt64) throws -> FileContent {
        var chunker = Chunker(into: writer)
        var position: UInt64 = 0
        while let block = try reader.nextBlock() {
            if block.offset > position { try chunker.appendHole(block.offset - position) }
            try reader.withBytes { (bytes) throws(Failure) in try chunker.append(bytes) }
            position = block.offset + UInt64(block.count)
        }
        if size > position { try chunker.appendHole(size - position) }
        return try chunker.finish()
    }
}

extension Metadata {
    init(_ entry: ArchiveEntry) {
        self.init(
            mode: entry.mode, uid: entry.owner, gid: entry.group, modified: Self.nanoseconds(entry.modified),
            attributes: entry.attributes.map { .init(name: $0.name, value: $0.value) })
    }

    /// Nanoseconds since 1970; a time before 1678 or after 2262 becomes the nearest there is.
    private static func nanoseconds(_ time: ArchiveTime) -> Int64 {
        let (whole, overflow) = time.seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carry) = whole.addingReportingOverflow(Int64(time.nanoseconds))
        if overflow || carry { return time.seconds < 0 ? .min : .max }
        return sum
    }
}

extension ArchiveError {
    var failureCode: Failure.Code {
        switch kind {
        case .truncated, .corrupt, .unsupported, .limit: .invalid
        case .io(let code):
            SystemError("", errno: code).isNotFound ? .notFound : SystemError("", errno: code).isNoSpace ? .exhausted : .io
        case .misuse: .bug
        }
    }
}
