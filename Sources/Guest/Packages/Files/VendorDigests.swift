import Crypto
import ImageStore
import Model
import Platform
import Synchronization

/// What packages recorded of their files' contents: the baseline that says which files of an image are as their distributor made them.
///
/// From dpkg's checksums and configuration files, rpm's file digests and apk's checksums. Of MD5 and SHA-1, which dpkg and apk use,
/// this says no more than that nobody changed a file who did not want to hide it.
package struct VendorDigests: Sendable {
    /// What one package says of a file.
    package struct Record: Hashable, Sendable {
        package let package: String
        package let digest: VendorDigest
        /// Meant to be changed by people.
        package let isConfiguration: Bool
    }

    /// What a file is, compared with what was recorded.
    package enum Standing: Hashable, Sendable {
        /// No package recorded a digest of this path.
        case unknown
        /// The content is that of the package.
        case original(package: String)
        /// Packages recorded other contents.
        case changed(package: String)
    }

    /// By folder, since packages list their files so; the root folder is empty.
    let folders: [[UInt8]: Folder]

    /// The files of one folder that have a digest, by name.
    struct Folder: Sendable {
        var files: [File] = []

        typealias File = (name: ArraySlice<UInt8>, record: Record)

        /// The first file whose name is not before `name`; for sorted files.
        func firstIndex(of name: ArraySlice<UInt8>) -> Int {
            var low = 0
            var high = files.count
            while low < high {
                let middle = (low + high) / 2
                if files[middle].name.lexicographicallyPrecedes(name) { low = middle + 1 } else { high = middle }
            }
            return low
        }
    }

    /// Beyond this an image is refused as hostile.
    package static let maximumRecords = 500_000

    package init(in view: any TreeView) throws(Failure) {
        var folders = try Gathering(in: view, .whole).folders
        Self.sort(&folders)
        self.folders = folders
    }

    /// The same of a stored tree, which several threads can read at once.
    package init(in tree: Tree) throws(Failure) {
        let count = min(Self.mostThreads, Threads.available)
        let parts = Mutex([Result<Gathering, Failure>?](repeating: nil, count: count))
        Threads.concurrently(count) { worker in
            let part = Result { () throws(Failure) in try Gathering(in: tree, PackageShare(worker, of: count)) }
            parts.withLock { $0[worker] = part }
        }
        var all = Gathering()
        for part in parts.withLock({ $0 }).compactMap(\.self) { all.add(try part.get()) }
        guard all.count <= Self.maximumRecords else {
            throw Failure(.exhausted, "the image has more than \(Self.maximumRecords) digests of files")
        }
        var folders = all.folders
        Self.sort(&folders)
        self.folders = folders
    }

    /// The status file is read by each thread, so that more gain little.
    private static let mostThreads = 4

    private static func sort(_ folders: inout [[UInt8]: Folder]) {
        for folder in folders.keys { folders[folder]?.files.sort { $0.name.lexicographicallyPrecedes($1.name) } }
    }

    /// What a share of the packages recorded, files in the order of the databases.
    private struct Gathering: Sendable {
        private(set) var folders: [[UInt8]: Folder] = [:]
        private(set) var count = 0
        /// Packages list their files by folder: those of one folder are added together.
        private var open: (folder: [UInt8], files: Folder) = ([], Folder())

        init() {}

        init(in view: any TreeView, _ share: PackageShare) throws(Failure) {
            var places = try PackagePlaces(in: view)
            for source in try InstalledPackages.sources(in: view) {
                try source.forEachDigest(of: share) { (file, digest) throws(Failure) in
                    count += 1
                    guard count <= VendorDigests.maximumRecords else {
                        throw Failure(.exhausted, "\(source.file) has more than \(VendorDigests.maximumRecords) digests of files")
                    }
                    guard let (folder, name) = places.split(file) else { return }
                    if folder != open.folder {
                        close()
                        open.folder = folder
                    }
                    open.files.files.append(
                        (name, Record(package: file.package, digest: digest, isConfiguration: file.isConfiguration)))
                }
            }
            close()
        }

        /// Those of the next share.
        mutating func add(_ next: Gathering) {
            folders.merge(next.folders) { Folder(files: $0.files + $1.files) }
            count += next.count
        }

        private mutating func close() {
            if !open.files.files.isEmpty { folders[open.folder, default: Folder()].files += open.files.files }
            open.files = Folder()
        }
    }

    /// How many paths have a digest.
    package var count: Int { paths.count }

    package var paths: [TreePath] {
        let all = folders.flatMap { folder, content in content.files.map { folder + [0x2F] + $0.name } }
        return Set(all).compactMap { try? TreePath(parsing: $0) }.sorted()
    }

    /// What packages say of a path in the tree, links followed in its folders. Several packages may share a file.
    package subscript(path: TreePath) -> [Record] { self[path.bytes] }

    /// The same by the bytes of the path.
    package subscript(path: [UInt8]) -> [Record] {
        guard let slash = path.lastIndex(of: 0x2F), let folder = folders[Array(path[..<slash])] else { return [] }
        let name = path[(slash + 1)...]
        return folder.files[folder.firstIndex(of: name)...].prefix { $0.name == name }.map(\.record)
    }

    /// Compares a file with what packages say of its path. `known` keeps what was hashed, by blob.
    package func standing(
        of path: TreePath, _ content: FileContent, in objects: any ObjectReader, known: ContentDigests
    ) throws(Failure) -> Standing {
        let records = self[path]
        for record in records where try known.hex(of: content, record.digest.algorithm, in: objects) == record.digest.hex {
            return .original(package: record.package)
        }
        return records.first.map { .changed(package: $0.package) } ?? .unknown
    }
}
