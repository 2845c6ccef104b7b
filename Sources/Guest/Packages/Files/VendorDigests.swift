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

    /// Where the files lie in the tree.
    let folders: FolderTable
    /// By folder and name.
    let records: VendorRecords
    /// Where the records of each folder begin, and where the last one's end.
    private let starts: [Int]

    package init(in view: any TreeView) throws(Failure) {
        var places = try PackagePlaces(in: view)
        let sources = try InstalledPackages.sources(in: view)
        self.init([try VendorRecords(of: sources, in: .whole, &places, within: VendorBudget())])
    }

    package init(_ shares: VendorShares) { self.init(shares.all) }

    private init(_ shares: [VendorRecords]) {
        var records = VendorRecords(reserving: shares)
        var folders = FolderTable()
        for share in shares {
            let numbers = share.places.map { $0.map { folders.add($0[...]) } }
            records.append(share, inFolders: numbers)
        }
        starts = records.sort(folders: folders.count)
        self.records = records
        self.folders = folders
    }

    /// How many paths have a digest.
    package var count: Int { paths.count }

    package var paths: [TreePath] {
        let all = folders.paths.enumerated().flatMap { number, folder in
            records(inFolder: number).map { folder + [0x2F] + records.text[$0.name] }
        }
        return Set(all).compactMap { try? TreePath(parsing: $0) }.sorted()
    }

    /// By name.
    func records(inFolder number: Int) -> ArraySlice<VendorRecords.Record> { records.all[starts[number]..<starts[number + 1]] }

    /// Those whose names are at least `first` and before `next`.
    func records(inFolder number: Int, from first: Name, before next: Name?) -> ArraySlice<VendorRecords.Record> {
        let low = firstIndex(of: first.bytes.span, inFolder: number)
        let high = next.map { firstIndex(of: $0.bytes.span, inFolder: number) } ?? starts[number + 1]
        return records.all[low..<max(low, high)]
    }

    /// What packages say of a path in the tree, links followed in its folders. Several packages may share a file.
    package subscript(path: TreePath) -> [Record] { self[path.bytes] }

    /// The same by the bytes of the path.
    package subscript(path: [UInt8]) -> [Record] {
        guard let slash = path.lastIndex(of: 0x2F), let folder = folders[path[..<slash]] else { return [] }
        let name = path.span.extracting((slash + 1)..<path.count)
        var found: [Record] = []
        var index = firstIndex(of: name, inFolder: folder)
        while index < starts[folder + 1], records.order(of: records.all[index], name) == 0 {
            found.append(record(records.all[index]))
            index += 1
        }
        return found
    }

    /// The first record of a folder whose name is not before `name`.
    private func firstIndex(of name: Span<UInt8>, inFolder number: Int) -> Int {
        var (low, high) = (starts[number], starts[number + 1])
        while low < high {
            let middle = (low + high) / 2
            if records.order(of: records.all[middle], name) < 0 { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func record(_ stored: VendorRecords.Record) -> Record {
        Record(
            package: records.packages[Int(stored.package)],
            digest: VendorDigest(stored.algorithm, digits: records.text[stored.digits]), isConfiguration: stored.isConfiguration)
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
