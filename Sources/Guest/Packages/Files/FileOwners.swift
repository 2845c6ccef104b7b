import ImageStore
import Model

/// Which package a path of the image belongs to.
package struct FileOwners: Sendable {
    private let owners: [[UInt8]: [String]]

    /// Beyond this an image is refused as hostile.
    package static let maximumPaths = 1_000_000

    package init(in view: any TreeView) throws(Failure) {
        var places = try PackagePlaces(in: view)
        var owners: [[UInt8]: [String]] = [:]
        var count = 0
        for source in try InstalledPackages.sources(in: view) {
            try source.forEachPath { (file) throws(Failure) in
                count += 1
                guard count <= Self.maximumPaths else {
                    throw Failure(.exhausted, "\(source.file) has more than \(Self.maximumPaths) paths")
                }
                guard let place = places.place(file) else { return }
                owners[place, default: []].append(file.package)
            }
        }
        self.owners = owners
    }

    package var count: Int { owners.count }

    /// The packages that a path belongs to, links followed in its folders; folders have many.
    package subscript(path: TreePath) -> [String] { owners[path.bytes] ?? [] }
}
