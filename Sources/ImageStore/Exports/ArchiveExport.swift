import Archive
import Model
import Platform

/// Writes a tree as a pax archive. Equal trees give equal bytes: entries stand in the order of the tree, and nothing of the machine
/// or the moment gets in.
package struct ArchiveExport {
    private let tree: Tree
    private let environment: Environment
    private let progress: @Sendable (_ done: UInt64) -> Void

    package init(_ tree: Tree, environment: Environment, progress: @escaping @Sendable (_ done: UInt64) -> Void = { _ in }) {
        self.tree = tree
        self.environment = environment
        self.progress = progress
    }

    /// To a new file, which appears under its name only once it is whole and durable.
    package func write(to path: String, compression: ArchiveCompression) throws(Failure) {
        let temporary = path + ".partial"
        do {
            try? Files.remove(temporary)
            let file = try FileDescriptor.open(temporary, .create)
            try write(ArchiveWriter(descriptor: file.raw, compression: compression))
            try file.synchronize()
            try Files.rename(temporary, to: path)
            try Files.synchronizeFolder(Files.parent(of: path))
        } catch {
            try? Files.remove(temporary)
            throw failure(error, path)
        }
    }

    /// To a descriptor, standard output say.
    package func write(toDescriptor descriptor: Int32, compression: ArchiveCompression) throws(Failure) {
        do { try write(ArchiveWriter(descriptor: descriptor, compression: compression)) } catch {
            throw failure(error, "standard output")
        }
    }

    private func failure(_ error: any Error, _ target: String) -> Failure {
        switch error {
        case let failure as Failure: failure
        case let error as SystemError:
            Failure(error.isNoSpace ? .exhausted : .io, "the export to \(target) failed", cause: error)
        case let error as ArchiveError: Failure(error.failureCode, "the export to \(target) failed: \(error)")
        default: Failure(.bug, "the export to \(target) failed", cause: error)
        }
    }

    private func write(_ writer: consuming ArchiveWriter) throws {
        try add(.root, tree.rootNode, &writer)
        try addChildren(of: .root, &writer)
        try writer.finish()
    }

    private func addChildren(of folder: TreePath, _ writer: inout ArchiveWriter) throws {
        for (name, node) in try tree.children(of: folder) ?? [] {
            let path = folder.appending(name)
            if environment.cancellation.isCancelled { throw Failure(.cancelled, "the export was cancelled") }
            try add(path, node, &writer)
            if node.isDirectory { try addChildren(of: path, &writer) }
        }
    }

    private func add(_ path: TreePath, _ node: Node, _ writer: inout ArchiveWriter) throws {
        var entry = ArchiveEntry(
            path: Self.name(path, isDirectory: node.isDirectory), kind: .fifo, mode: node.metadata.mode, owner: node.metadata.uid,
            group: node.metadata.gid, modified: Self.time(node.metadata.modified),
            attributes: node.metadata.attributes.map { ArchiveAttribute(name: $0.name, value: $0.value) })
        switch node.kind {
        case .directory: entry.kind = .directory
        case .symlink(let target): entry.kind = .symbolicLink(target: target)
        case .hardLink(let file):
            entry.kind = .hardLink(target: Self.name(file, isDirectory: false))
            // They stand with the file, as GNU tar does it.
            entry.attributes = []
        case .characterDevice(let major, let minor): entry.kind = .characterDevice(major: major, minor: minor)
        case .blockDevice(let major, let minor): entry.kind = .blockDevice(major: major, minor: minor)
        case .fifo: entry.kind = .fifo
        case .file(let content, _): return try add(content, entry, &writer)
        }
        try writer.add(entry)
    }

    private func add(_ content: FileContent, _ entry: ArchiveEntry, _ writer: inout ArchiveWriter) throws {
        var entry = entry
        entry.kind = .file
        entry.size = content.size
        let extents = try content.extents(from: tree.objects)
        entry.dataRanges = Self.dataRanges(extents)
        try writer.add(entry)
        var position: UInt64 = 0
        for extent in extents {
            if let bytes = try extent.data(from: tree.objects) { try writer.write(bytes.span, at: position) }
            position += extent.length
        }
        progress(content.size)
    }

    /// Where a file with holes has data; nil where it has no hole.
    private static func dataRanges(_ extents: [ExtentList.Extent]) -> [Range<UInt64>]? {
        guard extents.contains(where: { $0.digest == nil }) else { return nil }
        var ranges: [Range<UInt64>] = []
        var position: UInt64 = 0
        for extent in extents {
            let end = position + extent.length
            if extent.digest != nil {
                if let last = ranges.last, last.upperBound == position {
                    ranges[ranges.count - 1] = last.lowerBound..<end
                } else {
                    ranges.append(position..<end)
                }
            }
            position = end
        }
        return ranges
    }

    /// `./etc/passwd`, and `./etc/` for a directory, as mmdebstrap and `tar -C root -c .` write names.
    private static func name(_ path: TreePath, isDirectory: Bool) -> [UInt8] {
        var bytes: [UInt8] = [0x2E] + path.bytes
        if isDirectory && !path.isRoot { bytes.append(0x2F) }
        return bytes
    }

    private static func time(_ nanoseconds: Int64) -> ArchiveTime {
        let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        return rest < 0
            ? ArchiveTime(seconds: seconds - 1, nanoseconds: UInt32(rest + 1_000_000_000))
            : ArchiveTime(seconds: seconds, nanoseconds: UInt32(rest))
    }
}
