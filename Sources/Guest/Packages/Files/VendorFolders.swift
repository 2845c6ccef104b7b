import Crypto
import ImageStore
import Platform
import Synchronization

/// What packages recorded below each folder, as digests: where two are equal, so are the digests of all files below.
package struct VendorFolders: Sendable, Equatable {
    private var folders: [[UInt8]: Folder] = [:]

    /// What lies in a folder, by name.
    private struct Folder: Sendable {
        var files: ArraySlice<VendorDigests.Folder.File> = []
        var folders: ArraySlice<Inner> = []
        /// Of the files alone.
        var filesDigest = VendorFolders.noFiles
        /// Of all of it.
        var digest: Digest?
    }

    private static let noFiles = digest(of: [])

    private struct Inner: Sendable {
        let name: ArraySlice<UInt8>
        let digest: Digest
    }

    package init() {}

    package init(_ digests: VendorDigests) {
        let recorded = Array(digests.folders)
        let filesDigests = Self.digests(of: recorded.map(\.value))
        for (index, (path, content)) in recorded.enumerated() {
            folders[path, default: Folder()].files = content.files[...]
            folders[path]?.filesDigest = filesDigests[index]
            var outer = path[...]
            while let slash = outer.lastIndex(of: 0x2F) {
                outer = outer[..<slash]
                if folders[Array(outer)] != nil { break }
                folders[Array(outer)] = Folder()
            }
        }
        // What lies deeper is longer, and done before what it lies in.
        for path in folders.keys.sorted(by: { $0.count > $1.count }) {
            guard var folder = folders[path] else { continue }
            folder.folders.sort { $0.name.lexicographicallyPrecedes($1.name) }
            let digest = Self.digest(folder.filesDigest, folder.folders)
            folder.digest = digest
            folders[path] = folder
            guard let slash = path.lastIndex(of: 0x2F) else { continue }
            folders[Array(path[..<slash])]?.folders.append(Inner(name: path[(slash + 1)...], digest: digest))
        }
    }

    /// Nil for a folder without such files; the root folder is empty.
    package subscript(path: [UInt8]) -> Digest? { folders[path]?.digest }

    /// Of the files of a folder whose names are at least `first` and before `next`, and of the folders with such names.
    package func digest(of path: [UInt8], from first: Name, before next: Name?) -> Digest? {
        guard let folder = folders[path] else { return nil }
        let files = Self.part(folder.files, first, next, \.name)
        let folders = Self.part(folder.folders, first, next, \.name)
        return files.isEmpty && folders.isEmpty ? nil : Self.digest(Self.digest(of: files), folders)
    }

    /// Of the files of each folder, by several threads.
    private static func digests(of folders: [VendorDigests.Folder]) -> [Digest] {
        let digests = Mutex([Digest](repeating: noFiles, count: folders.count))
        Threads.forEach(below: (folders.count + portion - 1) / portion) { index in
            let start = index * portion
            let done = folders[start..<min(start + portion, folders.count)].map { digest(of: $0.files[...]) }
            digests.withLock { $0.replaceSubrange(start..<start + done.count, with: done) }
        }
        return digests.withLock { $0 }
    }

    /// Folders that a thread takes at once.
    private static let portion = 64

    private static func part<Element>(
        _ elements: ArraySlice<Element>, _ first: Name, _ next: Name?, _ name: (Element) -> ArraySlice<UInt8>
    ) -> ArraySlice<Element> {
        func start(_ bound: Name) -> Int {
            var (low, high) = (elements.startIndex, elements.endIndex)
            while low < high {
                let middle = (low + high) / 2
                if name(elements[middle]).lexicographicallyPrecedes(bound.bytes) { low = middle + 1 } else { high = middle }
            }
            return low
        }
        let low = start(first)
        return elements[low..<max(low, next.map(start) ?? elements.endIndex)]
    }

    /// Names stand with their length, since a hostile database may put any byte into one.
    private static func digest(of files: ArraySlice<VendorDigests.Folder.File>) -> Digest {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(files.count * 96)
        for file in files {
            append(file.name.count, to: &bytes)
            bytes += file.name
            append(file.record.digest.hex.utf8.count, to: &bytes)
            bytes += file.record.digest.hex.utf8
        }
        return SHA256.digest(of: bytes)
    }

    private static func digest(_ files: Digest, _ folders: ArraySlice<Inner>) -> Digest {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(folders.count * 64 + Digest.byteCount)
        files.append(to: &bytes)
        for folder in folders {
            append(folder.name.count, to: &bytes)
            bytes += folder.name
            folder.digest.append(to: &bytes)
        }
        return SHA256.digest(of: bytes)
    }

    private static func append(_ number: Int, to bytes: inout [UInt8]) {
        for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
    }

    package static func == (a: VendorFolders, b: VendorFolders) -> Bool {
        a.folders.mapValues(\.digest) == b.folders.mapValues(\.digest)
    }
}
