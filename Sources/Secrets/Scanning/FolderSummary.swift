import Crypto
import Guest
import ImageStore
import Model

/// What a scan found in a folder of a stored tree, or in a page of a large one, and all below it. It follows from the digest, the path and
/// what packages recorded below it, so a folder or page for which all three are known is not entered.
struct FolderSummary: Sendable {
    /// Without what was skipped, which `notes` tells.
    private(set) var coverage = SecretCoverage()
    private(set) var notes = Notes()
    /// Whether there is more to note than is kept of one folder. Such folders are entered each time.
    private(set) var isTooLarge = false

    /// Findings, skips and links of a folder.
    private static let maximumNotes = 2000
    private var noteCount = 0

    struct Notes: Hashable, Sendable {
        /// Files with findings, or of which something was not looked into.
        var files: [NotedFile] = []
        /// Names of files that have another name, maybe elsewhere: these are looked at each time.
        var links: [HardLink] = []
    }

    struct NotedFile: Hashable, Sendable {
        let path: String
        let attribute: String?
        let result: FileResult
    }

    struct HardLink: Hashable, Sendable {
        let path: [UInt8]
        let file: [UInt8]
    }

    init() {}

    mutating func add(_ outcome: FileOutcome, of item: ScanItem) {
        coverage.count(outcome, of: item)
        guard case .searched(let result) = outcome.standing, !result.findings.isEmpty || !result.skipped.isEmpty else { return }
        note(result.findings.count + result.skipped.count) {
            $0.files.append(NotedFile(path: item.path.escaped, attribute: item.attribute, result: result))
        }
    }

    mutating func add(_ link: HardLink) { note(1) { $0.links.append(link) } }

    mutating func add(_ inner: FolderSummary) {
        coverage.add(inner.coverage)
        if inner.isTooLarge { noteCount = Self.maximumNotes }
        note(inner.isTooLarge ? 1 : inner.noteCount) {
            $0.files += inner.notes.files
            $0.links += inner.notes.links
        }
    }

    private mutating func note(_ count: Int, _ body: (inout Notes) -> Void) {
        noteCount += count
        if noteCount <= Self.maximumNotes { return body(&notes) }
        isTooLarge = true
        notes = Notes()
    }

    /// As it is known to a later scan.
    private var known: FolderSummary {
        var summary = self
        (summary.coverage.cachedFiles, summary.coverage.cachedBytes) = (coverage.files, coverage.bytes)
        return summary
    }

    // MARK: In the cache

    private static let numbers = 7

    /// Seven numbers of eight bytes, big-endian, and the notes.
    var bytes: [UInt8] {
        let numbers = [
            UInt64(coverage.files), coverage.bytes, UInt64(coverage.vendorFiles), coverage.vendorBytes, UInt64(coverage.members),
            coverage.memberBytes, UInt64(coverage.depth),
        ]
        let head = numbers.flatMap { number in (0..<8).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) } }
        var writer = ByteWriter()
        notes.write(to: &writer)
        return head + writer.bytes
    }

    /// Nil where the bytes are none of a summary.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard bytes.count >= 8 * Self.numbers else { return nil }
        func number(_ index: Int) -> UInt64 {
            var number: UInt64 = 0
            for position in (bytes.startIndex + 8 * index)..<(bytes.startIndex + 8 * index + 8) {
                number = number << 8 | UInt64(bytes[position])
            }
            return number
        }
        coverage.files = Int(truncatingIfNeeded: number(0))
        coverage.bytes = number(1)
        coverage.vendorFiles = Int(truncatingIfNeeded: number(2))
        coverage.vendorBytes = number(3)
        coverage.members = Int(truncatingIfNeeded: number(4))
        coverage.memberBytes = number(5)
        coverage.depth = Int(truncatingIfNeeded: number(6))
        var reader = ByteReader(Array(bytes.dropFirst(8 * Self.numbers)), of: "notes of a folder")
        guard let notes = try? Notes(from: &reader), reader.isAtEnd else { return nil }
        self.notes = notes
        noteCount = notes.files.reduce(notes.links.count) { $0 + $1.result.findings.count + $1.result.skipped.count }
        self = known
    }
}

extension ScanCache.Key {
    /// - Parameters:
    ///   - folder: the digest of its directory object.
    ///   - vendor: what packages recorded below it, see `VendorFolders`; nil: nothing.
    init(folder: Digest, at path: TreePath, vendor: Digest?) { self.init("folder", folder, path, vendor) }

    /// - Parameters:
    ///   - page: the digest of a page of a large folder.
    ///   - vendor: what packages recorded in it and below.
    init(page: Digest, of path: TreePath, vendor: Digest?) { self.init("page", page, path, vendor) }

    private init(_ kind: String, _ digest: Digest, _ path: TreePath, _ vendor: Digest?) {
        var bytes = Array(kind.utf8)
        bytes.reserveCapacity(256)
        digest.append(to: &bytes)
        (vendor ?? Digest(words: (0, 0, 0, 0))).append(to: &bytes)
        path.append(to: &bytes)
        self.init(SHA256.digest(of: bytes), traits: 0)
    }
}
