import ImageStore
import Model

/// Where the files of packages lie in a tree: diversions taken, and the links in their folders followed, so that `/bin/ls` of a package
/// is found as `/usr/bin/ls` where `/bin` is a link.
struct PackagePlaces {
    private let view: any TreeView
    private let diversions: Diversions?
    private let diverted: Set<[UInt8]>
    /// Folders as packages write them, and where they are; nil for what cannot be followed.
    private var folders: [ArraySlice<UInt8>: [UInt8]?] = [:]
    /// The folders of `diverted`, as packages may write them.
    private let divertedFolders: Set<[UInt8]>
    /// The folder that the last path was in: packages list their files by folder.
    private var latest = Folder()

    private struct Folder {
        var written: ArraySlice<UInt8> = []
        var place: [UInt8]?
        var hasDiversions = false
    }

    init(in view: any TreeView) throws(Failure) {
        self.view = view
        diversions = try view.resolvedNode("/var/lib/dpkg/diversions")?.content == nil ? nil : try Diversions(view)
        diverted = diversions?.paths ?? []
        divertedFolders = Set(diverted.map { path in Array(path[..<(path.lastIndex(of: 0x2F) ?? 0)]) })
    }

    /// The last names of diverted paths.
    static func divertedNames(in view: any TreeView) throws(Failure) -> Set<ArraySlice<UInt8>> {
        Set(try PackagePlaces(in: view).diverted.map { path in path[((path.lastIndex(of: 0x2F) ?? -1) + 1)...] })
    }

    /// The bytes of the path in the tree; nil for one that is no path, or that leads out of the tree.
    mutating func place(_ file: PackagedPath) -> [UInt8]? { split(file).map { $0.folder + [0x2F] + $0.name } }

    /// The same as folder and last name; the root folder is empty.
    mutating func split(_ file: PackagedPath) -> (folder: [UInt8], name: ArraySlice<UInt8>)? {
        var path = file.path
        while path.last == 0x2F { path.removeLast() }
        if path.isEmpty { return nil }
        guard let slash = path.lastIndex(of: 0x2F) else { return split(PackagedPath(package: file.package, path: [0x2F] + path)) }
        enter(path[..<slash])
        if latest.hasDiversions {
            path = target(of: path, file.package)
            guard let slash = path.lastIndex(of: 0x2F) else { return nil }
            return place(folder: path[..<slash]).map { ($0, path[(slash + 1)...]) }
        }
        return latest.place.map { ($0, path[(slash + 1)...]) }
    }

    private mutating func enter(_ written: ArraySlice<UInt8>) {
        if latest.place != nil && latest.written == written { return }
        let folder = Self.absolute(written)
        latest = Folder(written: written, place: place(folder: folder[...]), hasDiversions: divertedFolders.contains(folder))
    }

    private func target(of path: ArraySlice<UInt8>, _ package: String) -> ArraySlice<UInt8> {
        let path = Self.absolute(path)
        guard diverted.contains(path), let diversions, let parsed = try? TreePath(parsing: path) else { return path[...] }
        return diversions.target(of: parsed, package: package).bytes[...]
    }

    /// `./usr`, `usr` and `/usr` are one path; nothing is the root folder.
    private static func absolute(_ path: ArraySlice<UInt8>) -> [UInt8] {
        let path = path.starts(with: [0x2E, 0x2F]) ? path.dropFirst() : path
        return path.isEmpty || path.first == 0x2F ? Array(path) : [0x2F] + path
    }

    private mutating func place(folder: ArraySlice<UInt8>) -> [UInt8]? {
        if let known = folders[folder] { return known }
        let bytes = found(folder)
        folders[folder] = .some(bytes)
        return bytes
    }

    /// Only the last name is looked at where the folder around it was met before, as it mostly was.
    private mutating func found(_ folder: ArraySlice<UInt8>) -> [UInt8]? {
        guard let slash = folder.lastIndex(of: 0x2F), let name = Name(Array(folder[(slash + 1)...])) else {
            return followed(folder)
        }
        guard let parent = place(folder: folder[..<slash]) else { return nil }
        let path = parent + folder[slash...]
        guard let parsed = try? TreePath(parsing: path), parsed.last == name, let node = try? view.node(at: parsed),
            !node.isSymlink
        else { return followed(folder) }
        return path
    }

    private func followed(_ folder: ArraySlice<UInt8>) -> [UInt8]? {
        // A path below the root starts with its own slash.
        (try? TreePath(parsing: folder)).flatMap { try? view.resolve($0) }.map { $0.isRoot ? [] : $0.bytes }
    }
}
