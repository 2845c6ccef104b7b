import Crypto
import Model

/// All objects that an image needs: its root object, directories, extent lists and data.
///
/// The store keeps one promise about them: an object that is visible has all that it names visible too, since what is named is
/// written before what names it, and a collection takes away only what nothing names.
enum Closure {
    enum Kind: Sendable {
        case root, directory, extentList, data
    }

    /// Visits the objects of an image, what names them first. `visit` says whether to go on with the object; if so, `leave` is
    /// called when all that it names has been visited.
    static func forEach(
        from root: Digest, in objects: any ObjectReader, leave: (Digest) throws(Failure) -> Void = { _ in },
        _ visit: (Digest, Kind, TreePath) throws(Failure) -> Bool
    ) throws(Failure) {
        guard try visit(root, .root, .root) else { return }
        if case .directory(let digest) = try DirectoryCoding.decodeRoot(try objects.object(root)).kind {
            try directory(digest, .root, objects, leave, visit)
        }
        try leave(root)
    }

    private static func directory(
        _ digest: Digest, _ path: TreePath, _ objects: any ObjectReader, _ leave: (Digest) throws(Failure) -> Void,
        _ visit: (Digest, Kind, TreePath) throws(Failure) -> Bool
    ) throws(Failure) {
        guard try visit(digest, .directory, path) else { return }
        switch try DirectoryObject.decode(try objects.object(digest)) {
        case .pages(let pages):
            // A page is a directory object like any other.
            for page in pages { try directory(page.digest, path, objects, leave, visit) }
        case .entries(let entries):
            for (name, node) in entries {
                switch node.kind {
                case .directory(let child): try directory(child, path.appending(name), objects, leave, visit)
                case .file(let content, _): try file(content, path.appending(name), objects, leave, visit)
                default: break
                }
            }
        }
        try leave(digest)
    }

    private static func file(
        _ content: FileContent, _ path: TreePath, _ objects: any ObjectReader, _ leave: (Digest) throws(Failure) -> Void,
        _ visit: (Digest, Kind, TreePath) throws(Failure) -> Bool
    ) throws(Failure) {
        switch content.form {
        case .whole(let digest): if try visit(digest, .data, path) { try leave(digest) }
        case .extents(let digest):
            guard try visit(digest, .extentList, path) else { return }
            for extent in try ExtentList(decoding: try objects.object(digest)).extents {
                if let digest = extent.digest, try visit(digest, .data, path) { try leave(digest) }
            }
            try leave(digest)
        }
    }

    /// The digests of all objects of several images.
    static func digests(of roots: some Sequence<Digest>, in objects: any ObjectReader) throws(Failure) -> Set<Digest> {
        var seen: Set<Digest> = []
        for root in roots {
            try forEach(from: root, in: objects) { (digest, _, _) throws(Failure) in seen.insert(digest).inserted }
        }
        return seen
    }
}
