import Crypto
import ImageStore
import Model

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

    private let records: [[UInt8]: [Record]]

    /// Beyond this an image is refused as hostile.
    package static let maximumRecords = 500_000

    package init(in view: any TreeView) throws(Failure) {
        var places = try PackagePlaces(in: view)
        var records: [[UInt8]: [Record]] = [:]
        var count = 0
        for source in try InstalledPackages.sources(in: view) {
            try source.forEachDigest { (file, digest) throws(Failure) in
                count += 1
                guard count <= Self.maximumRecords else {
                    throw Failure(.exhausted, "\(source.file) has more than \(Self.maximumRecords) digests of files")
                }
                guard let place = places.place(file) else { return }
                let record = Record(package: file.package, digest: digest, isConfiguration: file.isConfiguration)
                records[place, default: []].append(record)
            }
        }
        self.records = records
    }

    /// How many paths have a digest.
    package var count: Int { records.count }

    package var paths: [TreePath] { records.keys.compactMap { try? TreePath(parsing: $0) }.sorted() }

    /// What packages say of a path in the tree, links followed in its folders. Several packages may share a file.
    package subscript(path: TreePath) -> [Record] { self[path.bytes] }

    /// The same by the bytes of the path.
    package subscript(path: [UInt8]) -> [Record] { records[path] ?? [] }

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
