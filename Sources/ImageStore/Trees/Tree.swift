import Crypto
import Model
import Synchronization

/// A stored image, read by path. Directories are decoded once and kept.
package final class Tree: TreeView, Sendable {
    package let objects: any ObjectReader
    package let root: Digest
    package let rootNode: Node
    private let folders = Mutex<[Digest: [Entry]]>([:])

    private typealias Entry = (name: Name, node: Node)

    /// Directories kept in memory; beyond it the cache starts afresh.
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
            guard let next = Self.find(name, in: try entries(digest)) else { return nil }
            node = next
        }
        return node
    }

    package func children(of path: TreePath) throws(Failure) -> [(name: Name, node: Node)]? {
        guard case .directory(let digest)? = try node(at: path)?.kind else { return nil }
        return try entries(digest)
    }

    private func entries(_ digest: Digest) throws(Failure) -> [Entry] {
        if let known = folders.withLock({ $0[digest] }) { return known }
        let entries = try DirectoryCoding.decode(try objects.object(digest))
        folders.withLock {
            if $0.count >= Self.maximumCached { $0.removeAll() }
            $0[digest] = entries
        }
        return entries
    }

    private static func find(_ name: Name, in entries: [Entry]) -> Node? {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].name < name { low = middle + 1 } else { high = middle }
        }
        return low < entries.count && entries[low].name == name ? entries[low].node : nil
    }
}
