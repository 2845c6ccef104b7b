import Guest
import ImageStore
import Model
import Platform
import Synchronization

/// All of a tree that is searched.
struct TreeListing: Sendable {
    private(set) var items: [ScanItem] = []

    private static let shortestAttribute = 16

    init(_ tree: any TreeView) throws(Failure) {
        let objects = tree.objects
        var links: [(TreePath, TreePath)] = []
        try tree.walk { (path, node) throws(Failure) in
            switch node.kind {
            case .file(let content, _): items.append(ScanItem(path, content, objects))
            case .hardLink(let file): links.append((path, file))
            default: break
            }
            for attribute in node.metadata.attributes where attribute.value.count >= Self.shortestAttribute {
                items.append(ScanItem(path, attribute.value, attribute: String(decoding: attribute.name, as: UTF8.self)))
            }
            return true
        }
        for (path, file) in links where Self.differ(path, file) {
            // Another name of a file that was listed: only what its name says is new.
            if let content = try tree.node(at: file)?.content { items.append(ScanItem(path, content, objects)) }
        }
    }

    private static func differ(_ path: TreePath, _ other: TreePath) -> Bool {
        FileParsers.traits(of: FileName(bytes: path.bytes)) != FileParsers.traits(of: FileName(bytes: other.bytes))
    }

    /// A tree's listing, and what its packages recorded; nil where that cannot be read, so that every file is searched. Of a stored tree
    /// both are read at once.
    static func read(_ tree: any TreeView) throws(Failure) -> (TreeListing, VendorDigests?) {
        guard let tree = tree as? Tree else { return (try TreeListing(tree), try? VendorDigests(in: tree)) }
        let vendor = Mutex<VendorDigests?>(nil)
        let listing = Mutex<Result<TreeListing, Failure>?>(nil)
        Threads.concurrently(2) { worker in
            if worker == 0 {
                let result = Result { () throws(Failure) in try TreeListing(tree) }
                listing.withLock { $0 = result }
            } else {
                let digests = try? VendorDigests(in: tree)
                vendor.withLock { $0 = digests }
            }
        }
        guard let result = listing.withLock({ $0 }) else { throw Failure(.bug, "a tree was not listed") }
        return (try result.get(), vendor.withLock { $0 })
    }
}
