import Crypto
import Guest
import ImageStore
import Model

/// What is in one folder, or in one page of a large one, but for what is in folders and pages in it that are to be entered.
struct FolderContents: Sendable {
    /// Under which it will be known; nil where nothing is kept of it.
    let key: ScanCache.Key?
    /// Files and attributes.
    private(set) var items: [ScanItem] = []
    private(set) var links: [FolderSummary.HardLink] = []
    /// Of folders and pages in it that need not be entered.
    private(set) var known: [FolderSummary] = []
    private(set) var inner: [Inner] = []

    /// A folder or page in it.
    struct Inner: Sendable {
        /// Of the folder, which a page is of.
        let path: TreePath
        let object: Object
        let key: ScanCache.Key?
        /// What it lies in, by its number in a listing.
        var outer: Int?

        enum Object: Sendable {
            case folder(Digest)
            case page(DirectoryObject.Page)
        }
    }

    private static let shortestAttribute = 16

    /// The root of a tree, as if it lay in a folder.
    init(_ root: Node, in tree: any TreeView, _ known: KnownTree?) {
        key = nil
        add(root, at: .root, tree.objects, known)
    }

    /// A folder of a tree of which nothing is known.
    init(of folder: Inner, in tree: any TreeView) throws(Failure) {
        key = nil
        for (name, node) in try tree.children(of: folder.path) ?? [] {
            add(node, at: folder.path.appending(name), tree.objects, nil)
        }
    }

    /// A folder of a stored tree, or a page of one.
    init(of folder: Inner, in known: KnownTree) throws(Failure) {
        key = folder.key
        switch folder.object {
        case .folder(let digest):
            switch try known.tree.listing(digest) {
            case .entries(let entries): add(entries, in: folder.path, known)
            case .pages(let pages): add(pages, of: folder.path, known)
            }
        case .page(let page): add(try known.tree.entries(of: page), in: folder.path, known)
        }
    }

    private mutating func add(_ entries: [(name: Name, node: Node)], in path: TreePath, _ known: KnownTree) {
        for (name, node) in entries { add(node, at: path.appending(name), known.tree.objects, known) }
    }

    private mutating func add(_ pages: [DirectoryObject.Page], of path: TreePath, _ known: KnownTree) {
        for (index, page) in pages.enumerated() {
            let next = index + 1 < pages.count ? pages[index + 1].first : nil
            add(.page(page), at: path, known.key(of: page, before: next, in: path), known)
        }
    }

    private mutating func add(_ node: Node, at path: TreePath, _ objects: any ObjectReader, _ known: KnownTree?) {
        for attribute in node.metadata.attributes where attribute.value.count >= Self.shortestAttribute {
            let name = String(decoding: attribute.name, as: UTF8.self)
            items.append(ScanItem(path, attribute.value, attribute: name))
        }
        switch node.kind {
        case .file(let content, _): items.append(ScanItem(path, content, objects))
        case .hardLink(let file): links.append(FolderSummary.HardLink(path: path.bytes, file: file.bytes))
        case .directory(let digest): add(.folder(digest), at: path, known?.key(of: digest, at: path), known)
        default: break
        }
    }

    /// A folder or page in it, which need not be entered where it is known what is in it.
    private mutating func add(_ object: Inner.Object, at path: TreePath, _ key: ScanCache.Key?, _ tree: KnownTree?) {
        if let summary = key.flatMap({ tree?.cache.summary($0) }) {
            known.append(summary)
        } else {
            inner.append(Inner(path: path, object: object, key: key))
        }
    }
}
