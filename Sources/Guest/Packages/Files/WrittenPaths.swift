import ImageStore
import Model

/// Where packages' files go by what packages say alone: dpkg's diversions taken, links not followed.
struct WrittenPaths: Sendable {
    private let diversions: Diversions?
    private let diverted: Set<[UInt8]>
    /// The folders of `diverted`.
    private let folders: Set<[UInt8]>
    /// The folder that the last path was in: packages list their files by folder.
    private var latest = (folder: ArraySlice<UInt8>(), hasDiversions: false)

    init(in view: any TreeView) throws(Failure) {
        diversions = try view.resolvedNode("/var/lib/dpkg/diversions")?.content == nil ? nil : try Diversions(view)
        diverted = diversions?.paths ?? []
        folders = Set(diverted.map { path in Array(path[..<(path.lastIndex(of: 0x2F) ?? 0)]) })
        latest.hasDiversions = folders.contains([])
    }

    /// The last names of diverted paths.
    var divertedNames: Set<ArraySlice<UInt8>> {
        Set(diverted.map { path in path[((path.lastIndex(of: 0x2F) ?? -1) + 1)...] })
    }

    /// The folder, as it is written, and the name of a file; nil where the path has no name.
    mutating func split(_ file: PackagedPath) -> (folder: ArraySlice<UInt8>, name: ArraySlice<UInt8>)? {
        var path = file.path
        while path.last == 0x2F { path.removeLast() }
        if path.isEmpty { return nil }
        let slash = path.lastIndex(of: 0x2F) ?? path.startIndex
        let folder = path[..<slash]
        if latest.folder != folder { latest = (folder, folders.contains(Self.absolute(folder))) }
        if latest.hasDiversions { return Self.split(target(of: path, file.package)) }
        return (folder, path[slash] == 0x2F ? path[(slash + 1)...] : path[slash...])
    }

    private static func split(_ path: [UInt8]) -> (folder: ArraySlice<UInt8>, name: ArraySlice<UInt8>)? {
        path.lastIndex(of: 0x2F).map { (path[..<$0], path[($0 + 1)...]) }
    }

    private func target(of path: ArraySlice<UInt8>, _ package: String) -> [UInt8] {
        let path = Self.absolute(path)
        guard diverted.contains(path), let diversions, let parsed = try? TreePath(parsing: path) else { return path }
        return diversions.target(of: parsed, package: package).bytes
    }

    /// `./usr`, `usr` and `/usr` are one path; nothing is the root folder.
    static func absolute(_ path: ArraySlice<UInt8>) -> [UInt8] {
        let path = path.starts(with: [0x2E, 0x2F]) ? path.dropFirst() : path
        return path.isEmpty || path.first == 0x2F ? Array(path) : [0x2F] + path
    }
}
