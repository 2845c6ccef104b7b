import Crypto
import ImageStore

/// What packages recorded below each folder, as digests: where two are equal, so are the digests of all files below.
package struct VendorFolders: Sendable, Equatable {
    private var folders: [[UInt8]: Folder] = [:]

    /// What lies in a folder, by name.
    private struct Folder: Sendable {
        var files: ArraySlice<VendorDigests.Folder.File> = []
        var folders: ArraySlice<Inner> = []
        /// Of all of it.
        var digest: Digest?
    }

    private struct Inner: Sendable {
        let name: ArraySlice<UInt8>
        let digest: Digest
    }

    package init() {}

    package init(_ digests: VendorDigests) {
        for (path, content) in digests.folders {
            folders[path, default: Folder()].files = content.files[...]
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
            let digest = Self.digest(folder.files, folder.folders)
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
        return files.isEmpty && folders.isEmpty ? nil : Self.digest(files, folders)
    }

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

    /// Everything with its length, since a hostile database may put any byte into a name.
    private static func digest(_ files: ArraySlice<VendorDigests.Folder.File>, _ folders: ArraySlice<Inner>) -> Digest {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(files.count * 96 + folders.count * 64 + 8)
        append(files.count, to: &bytes)
        for file in files {
            append(file.name.count, to: &bytes)
            bytes += file.name
            append(file.record.digest.hex.utf8.count, to: &bytes)
            bytes += file.record.digest.hex.utf8
        }
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
