import Crypto
import Guest
import ImageStore
import Model
import Platform
import Synchronization

/// All of a tree that is searched: what lies in no folder, and in no page of a large one, that is known from an earlier scan.
struct TreeListing: Sendable {
    private(set) var items: [ScanItem] = []
    /// Of folders that are not entered.
    private(set) var known: [FolderSummary] = []
    /// The folder of each item, as an index in `folders`; nil for what is in the summary of none.
    private var folderOfItem: [Int?] = []
    /// Folders and pages that are entered, in the order of the tree, so that each comes before those in it.
    private var folders: [Folder] = []

    private struct Folder: Sendable {
        let key: ScanCache.Key
        let outer: Int?
        var summary = FolderSummary()
    }

    private static let shortestAttribute = 16

    /// - Parameters:
    ///   - vendor: what packages recorded in each folder.
    ///   - cache: what is known of folders; nil where nothing is kept of them.
    init(_ tree: any TreeView, vendor: VendorFolders, cache: ScanCache?) throws(Failure) {
        var links: [FolderSummary.HardLink] = []
        if let root = try tree.node(at: .root) { try add(root, at: .root, in: nil, Surroundings(tree, vendor, cache), &links) }
        for summary in known { links += summary.notes.links }
        for link in links.sorted(by: { $0.path.lexicographicallyPrecedes($1.path) }) where Self.differ(link.path, link.file) {
            // Another name of a file that is listed: only what its name says is new.
            let (path, file) = (try TreePath(parsing: link.path), try TreePath(parsing: link.file))
            if let content = try tree.node(at: file)?.content { append(ScanItem(path, content, tree.objects), in: nil) }
        }
    }

    /// What a walk goes through.
    private struct Surroundings {
        let tree: any TreeView
        let vendor: VendorFolders
        /// The same tree and the cache, where folders are known by digests.
        let stored: (tree: Tree, cache: ScanCache)?

        init(_ tree: any TreeView, _ vendor: VendorFolders, _ cache: ScanCache?) {
            (self.tree, self.vendor) = (tree, vendor)
            stored = if let tree = tree as? Tree, let cache { (tree, cache) } else { nil }
        }
    }

    private mutating func append(_ item: ScanItem, in folder: Int?) {
        items.append(item)
        folderOfItem.append(folder)
    }

    private mutating func add(
        _ node: Node, at path: TreePath, in folder: Int?, _ around: Surroundings, _ links: inout [FolderSummary.HardLink]
    ) throws(Failure) {
        for attribute in node.metadata.attributes where attribute.value.count >= Self.shortestAttribute {
            let name = String(decoding: attribute.name, as: UTF8.self)
            append(ScanItem(path, attribute.value, attribute: name), in: folder)
        }
        switch node.kind {
        case .file(let content, _): append(ScanItem(path, content, around.tree.objects), in: folder)
        case .hardLink(let file):
            let link = FolderSummary.HardLink(path: path.bytes, file: file.bytes)
            links.append(link)
            if let folder { folders[folder].summary.add(link) }
        case .directory(let digest): try enter(path, digest, in: folder, around, &links)
        default: break
        }
    }

    private mutating func enter(
        _ path: TreePath, _ digest: Digest, in outer: Int?, _ around: Surroundings, _ links: inout [FolderSummary.HardLink]
    ) throws(Failure) {
        guard let (tree, cache) = around.stored else {
            for (name, node) in try around.tree.children(of: path) ?? [] {
                try add(node, at: path.appending(name), in: nil, around, &links)
            }
            return
        }
        let bytes = path.isRoot ? [] : path.bytes
        let key = ScanCache.Key(folder: digest, at: path, vendor: around.vendor[bytes])
        guard let folder = open(key, in: outer, cache) else { return }
        guard let pages = try tree.pages(of: digest) else {
            for (name, node) in try DirectoryObject.entries(digest, in: tree.objects) {
                try add(node, at: path.appending(name), in: folder, around, &links)
            }
            return
        }
        for (index, page) in pages.enumerated() {
            let next = index + 1 < pages.count ? pages[index + 1].first : nil
            let vendor = around.vendor.digest(of: bytes, from: page.first, before: next)
            guard let part = open(ScanCache.Key(page: page.digest, of: path, vendor: vendor), in: folder, cache) else { continue }
            for (name, node) in try tree.entries(of: page) {
                try add(node, at: path.appending(name), in: part, around, &links)
            }
        }
    }

    /// Notes that a folder or page is entered; nil where it need not be, since what is in it is known.
    private mutating func open(_ key: ScanCache.Key, in outer: Int?, _ cache: ScanCache) -> Int? {
        guard let summary = cache.summary(key) else {
            folders.append(Folder(key: key, outer: outer))
            return folders.count - 1
        }
        known.append(summary)
        if let outer { folders[outer].summary.add(summary) }
        return nil
    }

    private static func differ(_ path: [UInt8], _ other: [UInt8]) -> Bool {
        FileParsers.traits(of: FileName(bytes: path)) != FileParsers.traits(of: FileName(bytes: other))
    }

    /// Notes what was found in each folder that was entered.
    ///
    /// - Parameter outcomes: one for each item.
    func keep(_ outcomes: [FileOutcome], in cache: ScanCache) {
        var folders = folders
        for (index, item) in items.enumerated() {
            if let folder = folderOfItem[index] { folders[folder].summary.add(outcomes[index], of: item) }
        }
        // From the innermost: a folder's summary is whole before it is added to that of the folder around it.
        for index in folders.indices.reversed() {
            let folder = folders[index]
            if !folder.summary.isTooLarge { cache.note(folder.key, folder.summary) }
            if let outer = folder.outer { folders[outer].summary.add(folder.summary) }
        }
    }
}
