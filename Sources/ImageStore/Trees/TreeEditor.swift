import Crypto
import Model

/// Edits a tree by path, copy on write: only the directories on the way to a change are read, and written anew at the end.
///
/// Paths given to it are literal; a stage resolves what its user named by `resolve` or uses the calls that say they follow links.
/// What it writes is dated `date`, never by a clock, so that the same edits give the same digest. A directory's own time stays.
/// Not for several threads at once.
package final class TreeEditor: TreeView {
    package var objects: any ObjectReader { writer }
    package let writer: any ObjectWriter
    private var rootMetadata: Metadata
    private var root: Folder
    /// Whether names of hard-linked files came or went, so that the links need their one form again.
    private var linksChanged = false
    /// The mtime of what this editor creates or rewrites, in nanoseconds since 1970.
    package let date: Int64

    /// A directory in memory. `entries` of subdirectories that are loaded stand for their last stored state only.
    private final class Folder {
        var entries: [Name: Node] = [:]
        var loaded: [Name: Folder] = [:]
        var isChanged = false
    }

    /// `root` nil starts from an empty directory, owned by root and mode 0755. `date` nil takes the root directory's own time.
    package init(root digest: Digest?, in writer: any ObjectWriter, date: Int64? = nil) throws(Failure) {
        self.writer = writer
        if let digest {
            let node = try DirectoryCoding.decodeRoot(try writer.object(digest))
            rootMetadata = node.metadata
            root = try Self.load(node, writer)
        } else {
            rootMetadata = Metadata(mode: 0o755, modified: date ?? 0)
            root = Folder()
            root.isChanged = true
        }
        self.date = date ?? rootMetadata.modified
    }

    /// The digest of the root that an editor without a root starts from.
    package static func emptyRoot(date: Int64?) -> Digest {
        SHA256.digest(of: DirectoryCoding.encodeRoot(Node(Metadata(mode: 0o755, modified: date ?? 0), .emptyDirectory)))
    }

    // MARK: Reading

    package func node(at path: TreePath) throws(Failure) -> Node? {
        // What the root holds has no digest before the end; `children` tells it.
        guard let last = path.last else { return Node(rootMetadata, .emptyDirectory) }
        return try folder(at: path.parent)?.entries[last]
    }

    package func children(of path: TreePath) throws(Failure) -> [(name: Name, node: Node)]? {
        try folder(at: path)?.entries.map { (name: $0.key, node: $0.value) }.sorted { $0.name < $1.name }
    }

    // MARK: Editing

    /// Puts a node at a path, in place of what is there; nothing but a directory takes the place of one, and it keeps what that
    /// holds. A new one is `.emptyDirectory`, or one that is stored already. The folder above must exist.
    package func put(_ node: Node, at path: TreePath) throws(Failure) {
        if let defect = DirectoryCoding.defect(of: node) { throw Failure(.invalid, "\(path) has \(defect)") }
        guard let name = path.last else {
            guard node.isDirectory else { throw Failure(.invalid, "the root of an image is a directory") }
            rootMetadata = node.metadata
            return
        }
        guard path.names.count <= TreePath.maximumDepth else {
            throw Failure(.invalid, "\(path) is deeper than \(TreePath.maximumDepth) folders")
        }
        let folder = try existingFolder(at: path.parent)
        var node = node
        if case .hardLink(let target) = node.kind {
            let file = try firstName(of: target)
            // Another name of the file already: nothing to do.
            if file == path { return }
            node.kind = .hardLink(file)
        }
        if let old = folder.entries[name] { try letGo(old, at: path, for: node) }
        try noteLinks(node)
        if node.isDirectory, let old = folder.entries[name], old.isDirectory { node.kind = old.kind }
        if node.kind == .emptyDirectory && folder.loaded[name] == nil {
            let empty = Folder()
            empty.isChanged = true
            folder.loaded[name] = empty
        }
        folder.entries[name] = node
        markChanged(path.parent)
    }

    /// Prepares for `new` taking the place of `old`: what other names share with it must not change or get lost.
    private func letGo(_ old: Node, at path: TreePath, for new: Node) throws(Failure) {
        if old.isDirectory && !new.isDirectory {
            throw Failure(.conflict, "\(path) is a directory and cannot be replaced by something else", hint: "remove it first")
        }
        if case .hardLink = old.kind { linksChanged = true }
        guard case .file(_, let links) = old.kind, links > 1 else { return }
        linksChanged = true
        if case .file(_, links) = new.kind { return }
        try HardLinks.handOver(from: path, in: self)
    }

    /// Puts a node without a look at what was there. For `HardLinks`, which moves the file between its names.
    func place(_ node: Node, at path: TreePath) throws(Failure) {
        guard let name = path.last else { return }
        try existingFolder(at: path.parent).entries[name] = node
        markChanged(path.parent)
    }

    /// Creates or replaces the contents of the file that `path` means, links followed. An existing file keeps its mode, owner and
    /// attributes, and stays one file with its hard links; a new one gets `metadata` or mode 0644 of root.
    package func write(_ bytes: [UInt8], to path: TreePath, metadata: Metadata? = nil) throws(Failure) {
        try write(try Chunker.store(bytes, in: writer), to: path, metadata: metadata)
    }

    /// The same with contents that are stored already.
    package func write(_ content: FileContent, to path: TreePath, metadata: Metadata? = nil) throws(Failure) {
        var target = try resolve(path)
        var links: UInt32 = 1
        var kept = metadata
        if var node = try node(at: target) {
            if case .hardLink(let file) = node.kind {
                target = file
                node = try self.node(at: file) ?? node
            }
            guard case .file(_, let count) = node.kind else { throw Failure(.invalid, "\(path) is not a regular file") }
            links = count
            if kept == nil { kept = node.metadata }
        }
        var dated = kept ?? Metadata(mode: 0o644)
        dated.modified = metadata?.modified ?? date
        try put(Node(dated, .file(content, links: links)), at: target)
    }

    package func write(_ text: String, to path: TreePath, metadata: Metadata? = nil) throws(Failure) {
        try write(Array(text.utf8), to: path, metadata: metadata)
    }

    /// Stores contents that come piece by piece, for `write`.
    package func store(_ fill: (inout Chunker) throws(Failure) -> Void) throws(Failure) -> FileContent {
        var chunker = Chunker(into: writer)
        try fill(&chunker)
        return try chunker.finish()
    }

    /// Makes a directory and those above it that are missing, links followed. An existing one stays as it is.
    package func makeDirectory(_ path: TreePath, metadata: Metadata? = nil) throws(Failure) {
        let target = try resolve(path)
        if let node = try node(at: target) {
            guard node.isDirectory else { throw Failure(.conflict, "\(path) exists and is not a directory") }
            return
        }
        if !target.isRoot { try makeDirectory(target.parent) }
        let node = Node(metadata ?? Metadata(mode: 0o755, modified: date), .emptyDirectory)
        try put(node, at: target)
    }

    /// Removes a name and all below it; false where there was none. A symbolic link is removed itself.
    @discardableResult
    package func remove(_ path: TreePath) throws(Failure) -> Bool {
        guard let name = path.last else { throw Failure(.invalid, "the root of an image cannot be removed") }
        guard let folder = try folder(at: path.parent), let node = folder.entries[name] else { return false }
        if case .hardLink = node.kind { linksChanged = true }
        try HardLinks.handOver(from: path, in: self)
        folder.entries[name] = nil
        folder.loaded[name] = nil
        markChanged(path.parent)
        return true
    }

    /// Changes the metadata of the node at a path; of a hard-linked file, for all its names.
    package func updateMetadata(_ path: TreePath, _ change: (inout Metadata) -> Void) throws(Failure) {
        guard var node = try node(at: path) else { throw Failure(.notFound, "\(path) does not exist in the image") }
        if case .hardLink(let file) = node.kind { return try updateMetadata(file, change) }
        let before = node.metadata
        change(&node.metadata)
        if node.metadata == before { return }
        // The other names of a file carry its metadata too.
        if case .file(_, let links) = node.kind, links > 1 { linksChanged = true }
        if path.isRoot { rootMetadata = node.metadata } else { try put(node, at: path) }
    }

    /// Takes another stored root in the place of all that the editor holds. What was not stored is forgotten; `date` stays.
    package func reset(to digest: Digest) throws(Failure) {
        let node = try DirectoryCoding.decodeRoot(try writer.object(digest))
        root = try Self.load(node, writer)
        rootMetadata = node.metadata
        linksChanged = false
    }

    /// Stores all changes and returns the digest of the image's root. The editor can go on afterwards.
    package func finish() throws(Failure) -> Digest {
        if linksChanged {
            try HardLinks.normalize(self)
            linksChanged = false
        }
        let digest = try store(root)
        return try writer.put(DirectoryCoding.encodeRoot(Node(rootMetadata, .directory(digest))))
    }

    // MARK: Folders

    private static func load(_ node: Node, _ objects: any ObjectReader) throws(Failure) -> Folder {
        let folder = Folder()
        guard node.kind != .emptyDirectory, case .directory(let digest) = node.kind else { return folder }
        for (name, node) in try DirectoryObject.entries(digest, in: objects) { folder.entries[name] = node }
        return folder
    }

    private func folder(at path: TreePath) throws(Failure) -> Folder? {
        var folder = root
        for name in path.names {
            if let known = folder.loaded[name] {
                folder = known
                continue
            }
            guard let node = folder.entries[name], node.isDirectory else { return nil }
            let next = try Self.load(node, writer)
            folder.loaded[name] = next
            folder = next
        }
        return folder
    }

    private func existingFolder(at path: TreePath) throws(Failure) -> Folder {
        guard let folder = try folder(at: path) else {
            throw Failure(.notFound, "the folder \(path) does not exist in the image")
        }
        return folder
    }

    private func markChanged(_ path: TreePath) {
        var folder = root
        folder.isChanged = true
        for name in path.names {
            guard let next = folder.loaded[name] else { return }
            folder = next
            folder.isChanged = true
        }
    }

    private func store(_ folder: Folder) throws(Failure) -> Digest {
        for (name, child) in folder.loaded where child.isChanged {
            folder.entries[name]?.kind = .directory(try store(child))
            child.isChanged = false
        }
        return try DirectoryObject.store(folder.entries.map { (name: $0.key, node: $0.value) }, in: writer)
    }

    // MARK: Hard links

    /// The file behind a name that may be a hard link itself.
    private func firstName(of path: TreePath) throws(Failure) -> TreePath {
        if case .hardLink(let file)? = try node(at: path)?.kind { return file }
        return path
    }

    /// Counts a new name of a file with the file, so that it is not forgotten when the file's first name goes. The exact number
    /// follows at the end.
    private func noteLinks(_ node: Node) throws(Failure) {
        switch node.kind {
        case .hardLink(let file):
            linksChanged = true
            guard var target = try self.node(at: file), case .file(let content, 1) = target.kind else { return }
            target.kind = .file(content, links: 2)
            try place(target, at: file)
        case .file(_, let links) where links > 1: linksChanged = true
        default: break
        }
    }

    /// Says that names of hard-linked files came or went.
    func noteLinksChanged() { linksChanged = true }
}
