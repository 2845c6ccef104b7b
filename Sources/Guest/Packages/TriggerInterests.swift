import ImageStore
import Model

/// Packages that want to run their postinst when certain files come or when a named trigger is activated, see deb-triggers(5).
struct TriggerInterests {
    struct Activation: Hashable {
        let trigger: String
        let package: String
    }

    private var files: [(path: TreePath, package: String)] = []

    private static let file: TreePath = "/var/lib/dpkg/triggers/File"

    init(_ guest: any TreeView) throws(Failure) {
        let lines = try LineFile(Self.file, in: guest)
        for index in lines.indices {
            let words = lines.words(index)
            guard words.count >= 2 else { continue }
            files.append((try TreePath(parsing: words[0]), String(words[1].prefix { $0 != "/" })))
        }
    }

    /// The interests of other packages in these paths, each once.
    func interested(in paths: [TreePath], of archive: PackageArchive) -> [Activation] {
        files.filter { interest in
            interest.package != archive.entry.name && paths.contains { $0.isWithin(interest.path) && $0 != interest.path }
        }
        .map { Activation(trigger: $0.path.description, package: $0.package) }
    }
}
