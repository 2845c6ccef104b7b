import Crypto
import Guest
import ImageStore
import Model
import Platform
import Synchronization

/// All of a tree that is searched: what lies in no folder that is known from an earlier scan.
struct TreeListing: Sendable {
    private(set) var items: [ScanItem] = []
    /// Of folders that are not entered.
    private(set) var known: [FolderSummary] = []
    /// The folder of each item, as an index in `folders`; nil for what is in the summary of none.
    private var folderOfItem: [Int?] = []
    /// In the order of the tree, so that a folder comes before those in it.
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
    init(_ tree: any TreeView, vendor: [[UInt8]: Digest], cache: ScanCache?) throws(Failure) {
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
        let vendor: [[UInt8]: Digest]
        let cache: ScanCache?

        init(_ tree: any TreeView, _ vendor: [[UInt8]: Digest], _ cache: ScanCache?) {
            (self.tree, self.vendor, self.cache) = (tree, vendor, cache)
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
        var index: Int?
        if let cache = around.cache {
            let key = ScanCache.Key(folder: digest, at: path, vendor: around.vendor[path.isRoot ? [] : path.bytes])
            if let summary = cache.summary(key) {
                known.append(summary)
                if let outer { folders[outer].summary.add(summary) }
                return
            }
            index = folders.count
            folders.append(Folder(key: key, outer: outer))
        }
        for (name, node) in try around.tree.children(of: path) ?? [] {
            try add(node, at: path.appending(name), in: index, around, &links)
        }
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
