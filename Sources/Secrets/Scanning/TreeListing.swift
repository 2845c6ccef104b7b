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
    /// Folders and pages that are entered, each before those in it.
    private var folders: [Folder] = []
    private var links: [FolderSummary.HardLink] = []

    private struct Folder: Sendable {
        let key: ScanCache.Key
        let outer: Int?
        var summary = FolderSummary()
    }

    /// - Parameters:
    ///   - vendor: what packages recorded in each folder.
    ///   - cache: what is known of folders; nil where nothing is kept of them.
    init(_ tree: any TreeView, vendor: VendorFolders, cache: ScanCache?) throws(Failure) {
        guard let root = try tree.node(at: .root) else { return }
        let known = (tree as? Tree).flatMap { tree in cache.map { KnownTree(tree, vendor, $0) } }
        let top = FolderContents(root, in: tree, known)
        if let known {
            self = try TreeWalk(top) { (folder) throws(Failure) in try FolderContents(of: folder, in: known) }.listing()
        } else {
            var waiting = append(top, in: nil)
            while let folder = waiting.popLast() { waiting += append(try FolderContents(of: folder, in: tree), in: nil) }
        }
        for summary in self.known { links += summary.notes.links }
        for link in links.sorted(by: { $0.path.lexicographicallyPrecedes($1.path) }) where Self.differ(link.path, link.file) {
            // Another name of a file that is listed: only what its name says is new.
            let (path, file) = (try TreePath(parsing: link.path), try TreePath(parsing: link.file))
            guard let content = try tree.node(at: file)?.content else { continue }
            items.append(ScanItem(path, content, tree.objects))
            folderOfItem.append(nil)
        }
    }

    init() {}

    /// Adds what is in a folder or page.
    ///
    /// - Parameter outer: the number of what it lies in.
    /// - Returns: the folders and pages in it that are to be entered.
    mutating func append(_ contents: FolderContents, in outer: Int?) -> [FolderContents.Inner] {
        var folder = outer
        if let key = contents.key {
            folder = folders.count
            folders.append(Folder(key: key, outer: outer))
        }
        items += contents.items
        folderOfItem += repeatElement(folder, count: contents.items.count)
        links += contents.links
        known += contents.known
        if let folder {
            for link in contents.links { folders[folder].summary.add(link) }
            for summary in contents.known { folders[folder].summary.add(summary) }
        }
        return contents.inner.map { inner in
            var inner = inner
            inner.outer = folder
            return inner
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
