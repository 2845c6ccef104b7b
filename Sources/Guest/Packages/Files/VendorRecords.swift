import Crypto
import ImageStore
import Model

/// What a share of the packages recorded of their files, in the order of each database.
///
/// All names and digests stand in one text, and a record is a few numbers: an image has 20,000 of them, which are moved, sorted and
/// forgotten at once.
struct VendorRecords: Sendable {
    private(set) var all: [Record] = []
    /// A name of each record, and its digest behind it.
    private(set) var text: [UInt8] = []
    private(set) var packages: [String] = []
    /// Where each of the folders lies in the tree; nil for what cannot be followed.
    private(set) var places: [[UInt8]?] = []

    struct Record: Sendable {
        /// Where its name begins in the text; what was recorded later begins further behind.
        var start: Int
        let nameCount: Int32
        var folder: Int32
        var package: Int32
        let algorithm: FileDigest.Algorithm
        let isConfiguration: Bool

        var name: Range<Int> { start..<start + Int(nameCount) }
        var digits: Range<Int> { name.upperBound..<name.upperBound + algorithm.digitCount }
        var nameAndDigits: Range<Int> { start..<digits.upperBound }
    }

    init() {}

    /// Empty, with room for `shares`.
    init(reserving shares: [VendorRecords]) {
        all.reserveCapacity(shares.reduce(0) { $0 + $1.all.count })
        text.reserveCapacity(shares.reduce(0) { $0 + $1.text.count })
    }

    init(
        of sources: [any PackageSource], in share: PackageShare, _ places: inout PackagePlaces, within budget: VendorBudget
    ) throws(Failure) {
        var room = VendorRoom(in: budget)
        defer { room.giveBack() }
        // As packages write them.
        var folders = FolderTable()
        // Packages list their files by folder.
        var latest: (path: ArraySlice<UInt8>, number: Int32)?
        for source in sources {
            try source.forEachDigest(of: share) { (file, digest) throws(Failure) in
                guard let (folder, name) = places.split(file) else { return }
                try room.useRecord(bytes: name.count + digest.digits.count)
                if latest?.path != folder {
                    if folders[folder] == nil { try room.use(bytes: folder.count) }
                    latest = (folder, Int32(folders.add(folder)))
                }
                if packages.last != file.package {
                    try room.use(bytes: file.package.utf8.count)
                    packages.append(file.package)
                }
                all.append(
                    Record(
                        start: text.count, nameCount: Int32(clamping: name.count), folder: latest?.number ?? 0,
                        package: Int32(packages.count - 1), algorithm: digest.algorithm, isConfiguration: file.isConfiguration))
                text += name
                text += digest.digits
            }
        }
        self.places = try folders.paths.map { (path) throws(Failure) in try places.place(folder: path) }
    }

    /// Adds the records of the next share, in folders that are numbered anew; those in folders without a number are left out.
    mutating func append(_ next: VendorRecords, inFolders numbers: [Int?]) {
        let (start, package) = (text.count, Int32(packages.count))
        for var record in next.all {
            guard let folder = numbers[Int(record.folder)] else { continue }
            record.folder = Int32(folder)
            record.start += start
            record.package += package
            all.append(record)
        }
        text += next.text
        packages += next.packages
    }

    /// By folder and name, files of several packages in the order of each database.
    ///
    /// - Returns: where the records of each of `count` folders begin, and where the last one's end.
    mutating func sort(folders count: Int) -> [Int] {
        var starts = [Int](repeating: 0, count: count + 1)
        for record in all { starts[Int(record.folder) + 1] += 1 }
        for folder in 0..<count { starts[folder + 1] += starts[folder] }
        var (sorted, next) = (all, starts)
        for record in all {
            sorted[next[Int(record.folder)]] = record
            next[Int(record.folder)] += 1
        }
        for folder in 0..<count {
            let range = starts[folder]..<starts[folder + 1]
            // Most folders have files of one package, which lists them in order.
            if zip(sorted[range], sorted[range].dropFirst()).allSatisfy({ precedes($0, $1) }) { continue }
            sorted[range].sort { precedes($0, $1) }
        }
        all = sorted
        return starts
    }

    private func precedes(_ a: Record, _ b: Record) -> Bool {
        let order = order(of: a, text.span.extracting(b.name))
        return order == 0 ? a.start < b.start : order < 0
    }

    /// How a record's name is ordered against another: below, at or above zero.
    func order(of record: Record, _ name: Span<UInt8>) -> Int {
        let own = text.span.extracting(record.name)
        for index in 0..<min(own.count, name.count) where own[index] != name[index] {
            return own[index] < name[index] ? -1 : 1
        }
        return own.count - name.count
    }
}
