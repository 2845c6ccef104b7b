import Crypto
import Model
import Synchronization

/// A stored image, read by path. Directories are decoded once and kept.
package final class Tree: TreeView, Sendable {
    package let objects: any ObjectReader
    package let root: Digest
    package let rootNode: Node
    private let listings = Mutex<[Digest: DirectoryObject.Listing]>([:])

    private typealias Entry = (name: Name, node: Node)

    /// Directories and pages kept in memory; beyond it the cache starts afresh.
    private static let maximumCached = 20_000

    package init(_ root: Digest, in objects: any ObjectReader) throws(Failure) {
        self.objects = objects
        self.root = root
        rootNode = try DirectoryCoding.decodeRoot(try objects.object(root))
    }

    package func node(at path: TreePath) throws(Failure) -> Node? {
        var node = rootNode
        for name in path.names {
            guard case .directory(let digest) = node.kind else { return nil }
            guard let next = try entry(name, of: digest) else { return nil }
            node = next
        }
        return node
    }

    package func children(of path: TreePath) throws(Failure) -> [(name: Name, node: Node)]? {
        guard case .directory(let digest)? = try node(at: path)?.kind else { return nil }
        // What a walk comes through is looked up on the way to what lies below.
        if case .entries(let entries) = try listing(digest) { return entries }
        return try DirectoryObject.entries(digest, in: objects)
    }

    /// The entries of one page of a directory.
    package func entries(of page: DirectoryObject.Page) throws(Failure) -> [(name: Name, node: Node)] {
        try DirectoryObject.entries(of: page, in: objects)
    }

    /// An entry of a directory; of a large one, one page is read.
    package func entry(_ name: Name, of directory: Digest) throws(Failure) -> Node? {
        switch try listing(directory) {
        case .entries(let entries):
            let index = Self.firstIndex(in: entries.count) { entries[$0].name >= name }
            return index < entries.count && entries[index].name == name ? entries[index].node : nil
        case .pages(let pages):
            let next = Self.firstIndex(in: pages.count) { pages[$0].first > name }
            return next == 0 ? nil : try entry(name, of: pages[next - 1].digest)
        }
    }

    /// What the object of a directory holds.
    package func listing(_ digest: Digest) throws(Failure) -> DirectoryObject.Listing {
        if let known = listings.withLock({ $0[digest] }) { return known }
        let listing = try DirectoryObject.decode(try objects.object(digest))
        listings.withLock {
            if $0.count >= Self.maximumCached { $0.removeAll() }
            $0[digest] = listing
        }
        return listing
    }

    /// The first index below `count` from which on `holds` is true, by halving.
    private static func firstIndex(in count: Int, where holds: (Int) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if holds(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
