import ImageStore
import Model
import SQLite

/// The headers of an rpm database, one at a time, from any of its three forms: SQLite (`rpmdb.sqlite`), ndb (`Packages.db`) and the hash
/// of Berkeley DB (`Packages`).
///
/// They are read here and not by librpm: that one reads files and not trees, wants its lock and its configuration on this machine, and
/// has been built without the older forms in newer distributions.
struct RPMDatabase {
    let file: TreePath
    private let form: Form
    private let view: any TreeView

    private enum Form {
        case sqlite, ndb, hash
    }

    /// A larger database is refused; one of a server is 20 to 60 MB.
    static let maximumSize = 96 << 20

    private static let folders: [TreePath] = ["/usr/lib/sysimage/rpm", "/var/lib/rpm"]
    private static let files: [(name: Name?, form: Form)] = [
        (Name("rpmdb.sqlite"), .sqlite), (Name("Packages.db"), .ndb), (Name("Packages"), .hash),
    ]

    /// Nil where the image has no rpm database.
    init?(in view: any TreeView) throws(Failure) {
        for folder in Self.folders {
            for case (let name?, let form) in Self.files {
                let file = folder.appending(name)
                guard let content = try view.resolvedNode(file)?.content, content.size > 0 else { continue }
                self.file = file
                self.form = form
                self.view = view
                return
            }
        }
        return nil
    }

    func forEachHeader(_ body: (RPMHeader) throws(Failure) -> Void) throws(Failure) {
        guard let content = try view.resolvedNode(file)?.content else { return }
        let visit: (ArraySlice<UInt8>) throws(Failure) -> Void = { (bytes) throws(Failure) in
            guard let header = RPMHeader(bytes) else { throw damaged("a package's header cannot be read") }
            try body(header)
        }
        switch form {
        case .sqlite: try SQLiteHeaders(file, in: view).forEach(content, visit)
        case .ndb: try NDBFile(bytes(content), file: file).forEachBlob(visit)
        case .hash: try BerkeleyHash(bytes(content), file: file).forEachValue(visit)
        }
    }

    private func bytes(_ content: FileContent) throws(Failure) -> [UInt8] {
        try content.bytes(from: view.objects, limit: Self.maximumSize)
    }

    private func damaged(_ why: String) -> Failure { Self.damaged(file, why) }

    static func damaged(_ file: TreePath, _ why: String) -> Failure {
        Failure(.invalid, "the rpm database \(file) of the image is damaged: \(why)")
    }
}
