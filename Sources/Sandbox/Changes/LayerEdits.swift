import Archive
import ImageStore
import Model
import Platform

/// Edits of a tree that are written into a mounted one: what native actions changed between two programs.
///
/// GNU tar and rm of the host do it as root of the namespaces, in which the tree's owners and attributes can be set.
struct LayerEdits {
    private let removed: [TreePath]
    private let written: [(path: TreePath, node: Node)]
    private let objects: any ObjectReader

    /// More than this is sooner mounted anew than written.
    private static let mostBytes: UInt64 = 256 << 20
    private static let mostChanges = 20_000

    /// Nil where the edits cannot be written so: too much, devices, hard links, which an overlay divides, access control lists.
    init?(_ changes: [TreeDiff.Change], objects: any ObjectReader) {
        guard changes.count <= Self.mostChanges else { return nil }
        var (removed, written): ([TreePath], [(path: TreePath, node: Node)]) = ([], [])
        var bytes: UInt64 = 0
        for change in changes {
            for node in [change.before, change.after] {
                if let node, !Self.canBeWritten(node) { return nil }
            }
            if let before = change.before, change.after.map({ Self.isOther(before, $0) }) ?? true {
                // What is below a removed directory is named too, and goes with it.
                if removed.last.map({ !change.path.isWithin($0) }) ?? true { removed.append(change.path) }
            }
            guard let after = change.after else { continue }
            bytes += after.content?.size ?? 0
            written.append((change.path, after))
        }
        guard bytes <= Self.mostBytes else { return nil }
        (self.removed, self.written, self.objects) = (removed, written, objects)
    }

    /// Directories are changed in place, everything else is made anew.
    private static func isOther(_ before: Node, _ after: Node) -> Bool { !(before.isDirectory && after.isDirectory) }

    private static func canBeWritten(_ node: Node) -> Bool {
        guard node.metadata.uid < IdentityRange.count, node.metadata.gid < IdentityRange.count else { return false }
        let prefixes = ["user.", "security.capability"]
        for attribute in node.metadata.attributes {
            guard prefixes.contains(where: { attribute.name.starts(with: $0.utf8) }) else { return false }
        }
        switch node.kind {
        case .file(_, let links): return links == 1
        case .directory, .symlink, .fifo: return true
        case .hardLink, .characterDevice, .blockDevice: return false
        }
    }

    /// The tree that is mounted shows the edits afterwards.
    func apply(to mounted: MountedTree) throws(Failure) {
        do {
            if !removed.isEmpty {
                var list: [UInt8] = []
                for path in removed { list += [0x2E] + path.bytes + [0] }
                try run("xargs", ["-0", "rm", "-rf", "--"], input: FileDescriptor.inMemory(list, name: "paths"), in: mounted)
            }
            if !written.isEmpty {
                let options = ["-x", "-p", "-f", "-", "--same-owner", "--numeric-owner", "--xattrs", "--xattrs-include=*"]
                try run("tar", options, input: archive(), in: mounted)
            }
        } catch let failure as Failure { throw failure } catch {
            throw Failure(.io, "the edits of the tree cannot be written into the mounted one", cause: error)
        }
    }

    private func run(
        _ name: String, _ arguments: [String], input: consuming FileDescriptor, in mounted: MountedTree
    ) throws(SystemError) {
        guard let program = Programs.find(name) else { throw SystemError("execve", name, errno: 2) }
        let null = try FileDescriptor.open("/dev/null", .readWrite)
        var process = try mounted.start(
            {
                $0.setMask(0)
                $0.changeFolder(mounted.places.merged)
                $0.execute(program, arguments)
            },
            environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"], descriptors: [input.raw, null.raw, null.raw])
        try process.waitUntilStarted()
        let status = process.wait()
        if !status.isSuccess { throw SystemError("\(name), \(status)", mounted.places.merged, errno: 5) }
    }

    // MARK: Archive

    private func archive() throws -> FileDescriptor {
        let file = try FileDescriptor.inMemory([], name: "edits")
        var writer = try ArchiveWriter(descriptor: file.raw, compression: .none)
        for (path, node) in written { try add(path, node, &writer) }
        try writer.finish()
        try file.seek(to: 0)
        return file
    }

    private func add(_ path: TreePath, _ node: Node, _ writer: inout ArchiveWriter) throws {
        var (seconds, rest) = node.metadata.modified.quotientAndRemainder(dividingBy: 1_000_000_000)
        if rest < 0 { (seconds, rest) = (seconds - 1, rest + 1_000_000_000) }
        var entry = ArchiveEntry(
            path: [0x2E] + path.bytes, kind: .fifo, mode: node.metadata.mode, owner: node.metadata.uid, group: node.metadata.gid,
            modified: ArchiveTime(seconds: seconds, nanoseconds: UInt32(rest)),
            attributes: node.metadata.attributes.map { ArchiveAttribute(name: $0.name, value: $0.value) })
        switch node.kind {
        case .directory: entry.kind = .directory
        case .symlink(let target): entry.kind = .symbolicLink(target: target)
        case .file(let content, _):
            entry.kind = .file
            entry.size = content.size
            return try add(content, entry, &writer)
        default: break
        }
        try writer.add(entry)
    }

    private func add(_ content: FileContent, _ entry: ArchiveEntry, _ writer: inout ArchiveWriter) throws {
        try writer.add(entry)
        var position: UInt64 = 0
        for extent in try content.extents(from: objects) {
            let bytes = try extent.data(from: objects) ?? [UInt8](repeating: 0, count: Int(extent.length))
            try writer.write(bytes.span, at: position)
            position += extent.length
        }
    }
}
