import Crypto
import Model

/// A tree that can be read: a stored one, or one that is being edited.
///
/// `node` and `children` take paths literally. All that a user or a document names goes through `resolve` first, which follows
/// symbolic links as a process would whose root directory is the image's, and refuses those that lead out of it.
package protocol TreeView: AnyObject {
    var objects: any ObjectReader { get }
    /// The node at a path, without following a link anywhere; nil where there is none.
    func node(at path: TreePath) throws(Failure) -> Node?
    /// The entries of a directory, sorted by name; nil where the path is no directory.
    func children(of path: TreePath) throws(Failure) -> [(name: Name, node: Node)]?
}

extension TreeView {
    /// The limit of Linux for links in one path.
    private var maximumLinks: Int { 40 }

    /// The path with all links followed: those on the way always, the last one if `followLast`. What does not exist stays as it is.
    package func resolve(_ path: TreePath, followLast: Bool = true) throws(Failure) -> TreePath {
        // A nil stands for `..`, which only links hold: it is taken when its turn comes, since what it stands on may be a link.
        var pending: [Name?] = path.names.reversed()
        var done: [Name] = []
        var links = 0
        var lastLink: (path: TreePath, target: [UInt8])?
        while let next = pending.popLast() {
            guard let name = next else {
                if done.popLast() == nil, let lastLink { throw leadsOut(lastLink.path, lastLink.target) }
                continue
            }
            let here = TreePath(done + [name])
            guard followLast || !pending.isEmpty, case .symlink(let target)? = try node(at: here)?.kind else {
                done.append(name)
                continue
            }
            links += 1
            guard links <= maximumLinks else {
                throw Failure(.invalid, "\(path) cannot be resolved: more than \(maximumLinks) symbolic links")
            }
            if target.first == 0x2F { done = [] }
            lastLink = (here, target)
            pending += try parts(of: target, at: here).reversed()
        }
        return TreePath(done)
    }

    private func parts(of target: [UInt8], at link: TreePath) throws(Failure) -> [Name?] {
        var parts: [Name?] = []
        for part in target.split(separator: 0x2F) where part != [0x2E] {
            if part == [0x2E, 0x2E] {
                parts.append(nil)
            } else if let name = Name(Array(part)) {
                parts.append(name)
            } else {
                throw Failure(.invalid, "the symbolic link \(link) has a part that is no name")
            }
        }
        return parts
    }

    private func leadsOut(_ link: TreePath, _ target: [UInt8]) -> Failure {
        Failure(
            .invalid, "the symbolic link \(link) -> \(String(decoding: target, as: UTF8.self)) leads out of the image's root",
            hint: "Ingot follows no link that climbs above /")
    }

    /// The node that a path means to a process in the image: links followed, and hard links taken to their file.
    package func resolvedNode(_ path: TreePath) throws(Failure) -> Node? {
        guard let node = try node(at: try resolve(path)) else { return nil }
        if case .hardLink(let file) = node.kind { return try self.node(at: file) }
        return node
    }

    package func exists(_ path: TreePath) throws(Failure) -> Bool { try resolvedNode(path) != nil }

    /// The bytes of the file that a path means. `limit` is in bytes.
    package func read(_ path: TreePath, limit: Int = 64 << 20) throws(Failure) -> [UInt8]? {
        guard let node = try resolvedNode(path) else { return nil }
        guard let content = node.content else { throw Failure(.invalid, "\(path) is not a regular file") }
        return try content.bytes(from: objects, limit: limit)
    }

    /// The file as text; bytes that are not UTF-8 are replaced.
    package func text(_ path: TreePath, limit: Int = 16 << 20) throws(Failure) -> String? {
        try read(path, limit: limit).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Visits `start` and all below it in the order of the tree, links not followed. `visit` says whether to go into a directory.
    package func walk(
        from start: TreePath = .root, _ visit: (TreePath, Node) throws(Failure) -> Bool
    ) throws(Failure) {
        guard let node = try node(at: start) else { return }
        guard try visit(start, node), node.isDirectory else { return }
        try descend(start, visit)
    }

    private func descend(_ folder: TreePath, _ visit: (TreePath, Node) throws(Failure) -> Bool) throws(Failure) {
        guard let children = try children(of: folder) else { return }
        for (name, node) in children {
            let path = folder.appending(name)
            if try visit(path, node), node.isDirectory { try descend(path, visit) }
        }
    }
}

extension FileContent {
    /// All bytes of the file, refused where it is larger than `limit`.
    package func bytes(from objects: any ObjectReader, limit: Int) throws(Failure) -> [UInt8] {
        guard size <= UInt64(limit) else {
            throw Failure(.exhausted, "a file of \(size) bytes is larger than the \(limit) bytes that are read here")
        }
        var result: [UInt8] = []
        // Growing by doubling, a large file would be in memory three times; one of one object is that object.
        let extents = try extents(from: objects)
        if extents.count > 1 { result.reserveCapacity(Int(size)) }
        for extent in extents {
            result += try extent.data(from: objects) ?? [UInt8](repeating: 0, count: Int(extent.length))
        }
        return result
    }

    /// The file's parts in order; a file that is one object has one part, an empty one none.
    package func extents(from objects: any ObjectReader) throws(Failure) -> [ExtentList.Extent] {
        switch form {
        case .whole(let digest): return size == 0 ? [] : [ExtentList.Extent(length: size, digest: digest)]
        case .extents(let digest):
            let list = try ExtentList(decoding: try objects.object(digest))
            guard list.size == size else {
                throw Failure(.corrupt, "the extent list \(digest) is not of the size that its directory records")
            }
            return list.extents
        }
    }
}

extension ExtentList.Extent {
    /// The bytes of the part; nil for a hole.
    package func data(from objects: any ObjectReader) throws(Failure) -> [UInt8]? {
        guard let digest else { return nil }
        let bytes = try objects.object(digest)
        guard UInt64(bytes.count) == length else {
            throw Failure(.corrupt, "the object \(digest) is not of the size that is recorded for it")
        }
        return bytes
    }
}
