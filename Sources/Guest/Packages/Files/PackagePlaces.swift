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

    init(in view: any TreeView) throws(Failure) {
        self.view = view
        diversions = try view.resolvedNode("/var/lib/dpkg/diversions")?.content == nil ? nil : try Diversions(view)
        diverted = diversions?.paths ?? []
    }

    /// The last names of diverted paths.
    static func divertedNames(in view: any TreeView) throws(Failure) -> Set<ArraySlice<UInt8>> {
        Set(try PackagePlaces(in: view).diverted.map { path in path[((path.lastIndex(of: 0x2F) ?? -1) + 1)...] })
    }

    /// The bytes of the path in the tree; nil for one that is no path, or that leads out of the tree.
    mutating func place(_ file: PackagedPath) -> [UInt8]? {
        var path = Array(file.path)
        if path.starts(with: [0x2E, 0x2F]) { path.removeFirst() }
        if path.first != 0x2F { path.insert(0x2F, at: 0) }
        if diverted.contains(path), let diversions, let parsed = try? TreePath(parsing: path) {
            path = diversions.target(of: parsed, package: file.package).bytes
        }
        while path.count > 1 && path.last == 0x2F { path.removeLast() }
        guard let slash = path.lastIndex(of: 0x2F), slash + 1 < path.count else { return nil }
        guard let folder = place(folder: path[..<slash]) else { return nil }
        return folder + path[slash...]
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
