import ImageStore
import Model

/// One file of `/var/lib/dpkg/status.d`: images that were put together without dpkg have a stanza a package there, and its checksums
/// beside it.
struct DistrolessSource: PackageSource {
    let file: TreePath
    private let view: any TreeView
    private let stanzas: [ControlStanza]
    private static let folder: TreePath = "/var/lib/dpkg/status.d"
    private static let sums = ".md5sums"

    static func all(in view: any TreeView) throws(Failure) -> [DistrolessSource] {
        guard let folder = try? view.resolve(folder), let children = try view.children(of: folder) else { return [] }
        var sources: [DistrolessSource] = []
        for (name, _) in children where !name.description.hasSuffix(sums) {
            let file = folder.appending(name)
            guard let bytes = try PackageDatabase.bytes(of: file, in: view) else { continue }
            let stanzas = try ControlFile.parse(bytes, file: file.description).filter { !($0["Package"] ?? "").isEmpty }
            sources.append(DistrolessSource(file: file, view: view, stanzas: stanzas))
        }
        return sources
    }

    func forEachPackage(_ body: (InstalledPackage) throws(Failure) -> Void) throws(Failure) {
        for stanza in stanzas { try body(InstalledPackage(PackageEntry(stanza))) }
    }

    func forEachPath(_ body: (PackagedPath) throws(Failure) -> Void) throws(Failure) {
        try forEachDigest(of: .whole) { (path, _) throws(Failure) in try body(path) }
    }

    func forEachDigest(
        of share: PackageShare, _ body: (PackagedPath, VendorDigest) throws(Failure) -> Void
    ) throws(Failure) {
        guard share.isFirst, let package = stanzas.first?["Package"], let name = file.last else { return }
        let beside = try file.parent.appending(name.description + Self.sums)
        guard let bytes = try PackageDatabase.bytes(of: beside, in: view) else { return }
        try DpkgSource.forEachSum(bytes, of: package, body)
    }
}
