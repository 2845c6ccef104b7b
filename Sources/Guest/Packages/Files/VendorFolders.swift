import Crypto
import ImageStore
import Platform
import Synchronization

/// What packages recorded below each folder, as digests: where two are equal, so are the digests of all files below.
package struct VendorFolders: Sendable, Equatable {
    private var vendor: VendorDigests?
    /// Those with files, by the numbers that `vendor` has for them, and behind them those around them.
    private var folders = FolderTable()
    /// Of all that lies in a folder.
    private var digests: [Digest] = []
    /// The folders in a folder, by name.
    private var inner: [[Int]] = []

    private static let noFiles = SHA256.digest(of: [])

    package init() {}

    package init(_ vendor: VendorDigests) {
        self.vendor = vendor
        folders = vendor.folders
        var outer: [Int?] = []
        // Grows as those around the others are met.
        while outer.count < folders.count {
            outer.append(folders.addOuter(of: outer.count))
        }
        digests = Self.filesDigests(vendor) + [Digest](repeating: Self.noFiles, count: folders.count - vendor.folders.count)
        inner = [[Int]](repeating: [], count: folders.count)
        // What lies deeper is longer, and done before what it lies in.
        for number in folders.paths.indices.sorted(by: { folders.paths[$0].count > folders.paths[$1].count }) {
            inner[number] = inner[number].sorted { name($0, in: number).lexicographicallyPrecedes(name($1, in: number)) }
            digests[number] = digest(digests[number], of: inner[number][...], in: number)
            if let outer = outer[number] { inner[outer].append(number) }
        }
    }

    /// Nil for a folder without such files; the root folder is empty.
    package subscript(path: [UInt8]) -> Digest? { folders[path[...]].map { digests[$0] } }

    /// Of the files of a folder whose names are at least `first` and before `next`, and of the folders with such names.
    package func digest(of path: [UInt8], from first: Name, before next: Name?) -> Digest? {
        guard let vendor, let number = folders[path[...]] else { return nil }
        let inner = inner[number]
        func firstInner(_ bound: Name) -> Int {
            var (low, high) = (0, inner.count)
            while low < high {
                let middle = (low + high) / 2
                let isBefore = name(inner[middle], in: number).lexicographicallyPrecedes(bound.bytes)
                if isBefore { low = middle + 1 } else { high = middle }
            }
            return low
        }
        let low = firstInner(first)
        let within = inner[low..<max(low, next.map(firstInner) ?? inner.count)]
        let files = number < vendor.folders.count ? vendor.records(inFolder: number, from: first, before: next) : []
        return files.isEmpty && within.isEmpty ? nil : digest(Self.digest(of: files, in: vendor), of: within, in: number)
    }

    /// Of the files of each folder, by several threads.
    private static func filesDigests(_ vendor: VendorDigests) -> [Digest] {
        let count = vendor.folders.count
        let digests = Mutex([Digest](repeating: noFiles, count: count))
        Threads.forEach(below: (count + portion - 1) / portion) { index in
            let start = index * portion
            let done = (start..<min(start + portion, count)).map { digest(of: vendor.records(inFolder: $0), in: vendor) }
            digests.withLock { $0.replaceSubrange(start..<start + done.count, with: done) }
        }
        return digests.withLock { $0 }
    }

    /// Folders that a thread takes at once.
    private static let portion = 64

    private func name(_ number: Int, in outer: Int) -> ArraySlice<UInt8> {
        folders.paths[number].dropFirst(folders.paths[outer].count + 1)
    }

    /// Names stand with their length, since a hostile database may put any byte into one.
    private static func digest(of files: ArraySlice<VendorRecords.Record>, in vendor: VendorDigests) -> Digest {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(files.count * 96)
        for file in files {
            append(file.name.count, to: &bytes)
            append(file.digits.count, to: &bytes)
            bytes += vendor.records.text[file.nameAndDigits]
        }
        return SHA256.digest(of: bytes)
    }

    private func digest(_ files: Digest, of inner: ArraySlice<Int>, in outer: Int) -> Digest {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(inner.count * 64 + Digest.byteCount)
        files.append(to: &bytes)
        for number in inner {
            let name = name(number, in: outer)
            Self.append(name.count, to: &bytes)
            bytes += name
            digests[number].append(to: &bytes)
        }
        return SHA256.digest(of: bytes)
    }

    private static func append(_ number: Int, to bytes: inout [UInt8]) {
        for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
    }

    package static func == (a: VendorFolders, b: VendorFolders) -> Bool { a.byPath == b.byPath }

    private var byPath: [ArraySlice<UInt8>: Digest] {
        Dictionary(zip(folders.paths, digests), uniquingKeysWith: { first, _ in first })
    }
}
