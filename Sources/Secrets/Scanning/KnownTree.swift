import Crypto
import Guest
import ImageStore
import Model

/// A stored tree, and what is known of its folders.
struct KnownTree: Sendable {
    let tree: Tree
    let cache: ScanCache
    private let vendor: VendorFolders

    init(_ tree: Tree, _ vendor: VendorFolders, _ cache: ScanCache) {
        (self.tree, self.vendor, self.cache) = (tree, vendor, cache)
    }

    func key(of folder: Digest, at path: TreePath) -> ScanCache.Key {
        ScanCache.Key(folder: folder, at: path, vendor: vendor[path.isRoot ? [] : path.bytes])
    }

    func key(of page: DirectoryObject.Page, before next: Name?, in path: TreePath) -> ScanCache.Key {
        let bytes = path.isRoot ? [] : path.bytes
        let recorded = vendor.digest(of: bytes, from: page.first, before: next)
        return ScanCache.Key(page: page.digest, of: path, vendor: recorded)
    }
}
