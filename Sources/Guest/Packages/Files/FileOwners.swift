import ImageStore
import Model

/// Which package a path of the image belongs to.
package struct FileOwners: Sendable {
    private let owners: [[UInt8]: [String]]

    /// Beyond this an image is refused as hostile.
    package static let maximumPaths = 1_000_000

    /// Of all paths, or of `wanted` alone, which costs less.
    package init(in view: any TreeView, among wanted: Set<[UInt8]>? = nil) throws(Failure) {
        // Where a file lies may differ from what its package says, but for diversions its name does not.
        let names = wanted.map { Set($0.map { Self.name($0[...]) }) }
        let written = try WrittenPaths(in: view)
        let diverted = written.divertedNames
        var places = PackagePlaces(in: view, written)
        var owners: [[UInt8]: [String]] = [:]
        var count = 0
        for source in try InstalledPackages.sources(in: view) {
            try source.forEachPath { (file) throws(Failure) in
                count += 1
                guard count <= Self.maximumPaths else {
                    throw Failure(.exhausted, "\(source.file) has more than \(Self.maximumPaths) paths")
                }
                if let names {
                    let name = Self.name(file.path)
                    guard names.contains(name) || diverted.contains(name) else { return }
                }
                guard let place = try places.place(file), wanted?.contains(place) ?? true else { return }
                owners[place, default: []].append(file.package)
            }
        }
        self.owners = owners
    }

    private static func name(_ path: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        path.lastIndex(of: 0x2F).map { path[($0 + 1)...] } ?? path
    }

    package var count: Int { owners.count }

    /// The packages that a path belongs to, links followed in its folders; folders have many.
    package subscript(path: TreePath) -> [String] { owners[path.bytes] ?? [] }
}
