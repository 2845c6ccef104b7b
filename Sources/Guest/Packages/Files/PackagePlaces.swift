import Crypto
import ImageStore
import Model

/// Where the files of packages lie in a tree: diversions taken, and the links in their folders followed, so that `/bin/ls` of a package
/// is found as `/usr/bin/ls` where `/bin` is a link.
struct PackagePlaces {
    private let view: any TreeView
    private var written: WrittenPaths
    /// Folders as packages write them, with a slash at the beginning.
    private var names = FolderTable()
    /// Where each of them is; nil for what cannot be followed.
    private var folders: [Folder?] = []
    /// Of the paths of both.
    private var byteCount = 0
    /// The folder that the last path was in: packages list their files by folder.
    private var latest: (written: ArraySlice<UInt8>, place: [UInt8]?)?

    private struct Folder {
        let path: [UInt8]
        /// Of its directory in a stored tree, where the names in it are looked up without the way from the root.
        var directory: Digest?
        /// Then nothing in it has to be looked for.
        var isMissing = false
    }

    /// Each of a path's folders counts. Beyond this an image is refused as hostile: a server's folders have less than a hundredth.
    private static let maximumBytes = 64 << 20

    init(in view: any TreeView) throws(Failure) { self.init(in: view, try WrittenPaths(in: view)) }

    init(in view: any TreeView, _ written: WrittenPaths) { (self.view, self.written) = (view, written) }

    /// The folder of a file, as it is written, and its name.
    mutating func split(_ file: PackagedPath) -> (folder: ArraySlice<UInt8>, name: ArraySlice<UInt8>)? { written.split(file) }

    /// The bytes of the path in the tree; nil for one that is no path, or that leads out of the tree.
    mutating func place(_ file: PackagedPath) throws(Failure) -> [UInt8]? {
        guard let (folder, name) = written.split(file) else { return nil }
        if latest?.written != folder { latest = (folder, try place(folder: folder)) }
        return latest?.place.map { $0 + [0x2F] + name }
    }

    /// The same of a folder as packages write it; the root folder is empty.
    mutating func place(folder: ArraySlice<UInt8>) throws(Failure) -> [UInt8]? {
        // Before the folders around it are looked for, one by one.
        guard folder.count < TreePath.maximumLength, folder.count(where: { $0 == 0x2F }) <= TreePath.maximumDepth
        else { return nil }
        return try self.folder(WrittenPaths.absolute(folder)[...])?.path
    }

    private mutating func folder(_ written: ArraySlice<UInt8>) throws(Failure) -> Folder? {
        if let number = names[written] { return folders[number] }
        let folder = try found(written)
        byteCount += written.count + (folder?.path.count ?? 0)
        guard byteCount <= Self.maximumBytes else {
            throw Failure(.exhausted, "the folders of the image's packages have more than \(Self.maximumBytes) bytes of paths")
        }
        // The number of a new name is that of the next place: both are added here, and nowhere else.
        names.add(written)
        folders.append(folder)
        return folder
    }

    /// Only the last name is looked at where the folder around it was met before, as it mostly was.
    private mutating func found(_ folder: ArraySlice<UInt8>) throws(Failure) -> Folder? {
        guard let slash = folder.lastIndex(of: 0x2F), let name = Name(Array(folder[(slash + 1)...])) else {
            return followed(folder)
        }
        guard let outer = try self.folder(folder[..<slash]) else { return nil }
        let path = outer.path + folder[slash...]
        if outer.isMissing { return Folder(path: path, isMissing: true) }
        do throws(Failure) {
            // What does not exist stays as it is.
            guard let node = try node(name, in: outer, path) else { return Folder(path: path, isMissing: true) }
            if !node.isSymlink { return Folder(path: path, directory: Self.directory(node)) }
        } catch { return followed(folder) }
        return followed(folder)
    }

    private func node(_ name: Name, in folder: Folder, _ path: [UInt8]) throws(Failure) -> Node? {
        if let tree = view as? Tree, let directory = folder.directory { return try tree.entry(name, of: directory) }
        return try view.node(at: try TreePath(parsing: path))
    }

    private func followed(_ folder: ArraySlice<UInt8>) -> Folder? {
        guard let path = try? TreePath(parsing: folder), let place = try? view.resolve(path) else { return nil }
        // A path below the root starts with its own slash.
        return Folder(path: place.isRoot ? [] : place.bytes, directory: (try? view.node(at: place)).flatMap(Self.directory))
    }

    private static func directory(_ node: Node) -> Digest? {
        if case .directory(let digest) = node.kind { digest } else { nil }
    }
}
