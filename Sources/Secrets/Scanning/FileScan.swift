import Archive
import Crypto
import Guest
import ImageStore
import Model
import Platform
import Synchronization

/// Scans many files on all processors.
final class FileScan: Sendable {
    private let scanner: SecretScanner
    let vendor: VendorDigests?
    private let cache: ScanCache?
    private let report = Mutex(SecretScanReport())

    /// Files between two calls of a progress.
    private static let progressStep = 64

    init(_ scanner: SecretScanner, vendor: VendorDigests?, cache: ScanCache?) {
        self.scanner = scanner
        self.vendor = vendor
        self.cache = cache
    }

    /// All findings and counts so far.
    var result: SecretScanReport { report.withLock { $0 } }

    /// - Parameter progress: called with the number of files of `items` that are done.
    /// - Returns: what became of each item.
    @discardableResult func scan(
        _ items: [ScanItem], progress: @escaping @Sendable (_ done: Int) -> Void = { _ in }
    ) throws(Failure) -> [FileOutcome] {
        // Large files first, so that no processor waits for the last one.
        let sizes = items.map(\.size)
        let order = sizes.indices.sorted { sizes[$0] > sizes[$1] }
        let outcomes = Mutex([FileOutcome](repeating: .vendor, count: items.count))
        let next = Atomic<Int>(0)
        let failure = Mutex<Failure?>(nil)
        Threads.concurrently(min(Threads.available, max(1, items.count))) { _ in
            do throws(Failure) {
                let content = try ContentScanner(self.scanner.engine, key: self.scanner.key, limits: self.scanner.limits)
                var part = SecretScanReport()
                var done: [(Int, FileOutcome)] = []
                var traits = TraitWords()
                while failure.withLock({ $0 == nil }) {
                    let position = next.wrappingAdd(1, ordering: .relaxed).oldValue
                    if position >= order.count { break }
                    let item = items[order[position]]
                    let outcome = try self.scan(item, content, &traits)
                    part.add(outcome, of: item)
                    done.append((order[position], outcome))
                    if position % Self.progressStep == 0 || position + 1 == order.count { progress(position + 1) }
                }
                self.report.withLock { $0.add(part) }
                outcomes.withLock { for (index, outcome) in done { $0[index] = outcome } }
            } catch { failure.withLock { if $0 == nil { $0 = error } } }
        }
        if let error = failure.withLock({ $0 }) { throw error }
        return outcomes.withLock { $0 }
    }

    private func scan(_ item: ScanItem, _ scanner: ContentScanner, _ traits: inout TraitWords) throws(Failure) -> FileOutcome {
        let path = item.path.bytes
        let name = FileName(bytes: path)
        let records = item.attribute == nil ? vendor?[path] ?? [] : []
        let key = cache == nil ? nil : item.blob.map { ScanCache.Key($0.digest, traits: traits[name]) }
        let entry = key.flatMap { cache?[$0] }
        if let entry, let outcome = known(entry, records, item) { return outcome }
        // A small file is read once, for its digest and for the detectors.
        let bytes = item.size <= UInt64(self.scanner.limits.window) ? try item.bytes(limit: 2 * self.scanner.limits.window) : nil
        let standing = try standing(item, records, bytes)
        if let (digest, isOriginal) = standing, isOriginal {
            if let key { cache?.note(key, ScanCache.Entry(digest: digest, result: nil)) }
            return .vendor
        }
        let result = try scan(item, name, bytes, scanner)
        if let key { cache?.note(key, ScanCache.Entry(digest: standing?.digest, result: result)) }
        return FileOutcome(standing: .searched(result))
    }

    private func scan(
        _ item: ScanItem, _ name: FileName, _ bytes: [UInt8]?, _ scanner: ContentScanner
    ) throws(Failure) -> FileResult {
        if let bytes { return try scanner.scan(ByteStream(bytes), name) }
        let source = try item.open()
        var failure: Failure?
        let result = try scanner.scan(
            ByteStream { () throws(ArchiveError) in
                do throws(Failure) { return try source() } catch {
                    failure = error
                    throw ArchiveError(.io(5), operation: "read", reason: error.message)
                }
            }, name)
        if let failure { throw failure }
        return result
    }

    /// What an earlier scan tells of this file: nil where that is not all.
    private func known(_ entry: ScanCache.Entry, _ records: [VendorDigests.Record], _ item: ScanItem) -> FileOutcome? {
        for record in records {
            guard let hex = digest(of: item, record.digest, entry) else { return nil }
            if hex == record.digest.hex { return FileOutcome(standing: .vendor, isKnown: true) }
        }
        return entry.result.map { FileOutcome(standing: .searched($0), isKnown: true) }
    }

    /// By the algorithm of `record`, where it takes no reading.
    private func digest(of item: ScanItem, _ record: VendorDigest, _ entry: ScanCache.Entry) -> String? {
        if record.algorithm == .sha256, case .whole(let digest)? = item.blob?.form { return digest.hex }
        return entry.digest.flatMap { $0.utf8.count == record.hex.utf8.count ? $0 : nil }
    }

    /// The digest of a file by a package's algorithm, and whether it is the one that was recorded; nil where no package has the file.
    private func standing(
        _ item: ScanItem, _ records: [VendorDigests.Record], _ bytes: [UInt8]?
    ) throws(Failure) -> (digest: String, isOriginal: Bool)? {
        if records.isEmpty { return nil }
        var digest = ""
        for algorithm in Set(records.map(\.digest.algorithm)) {
            digest = try hex(item, algorithm, bytes)
            if records.contains(where: { $0.digest.algorithm == algorithm && $0.digest.hex == digest }) { return (digest, true) }
        }
        return (digest, false)
    }

    private func hex(_ item: ScanItem, _ algorithm: FileDigest.Algorithm, _ bytes: [UInt8]?) throws(Failure) -> String {
        if algorithm == .sha256, case .whole(let digest)? = item.blob?.form { return digest.hex }
        var hasher = FileDigest(algorithm)
        if let bytes {
            hasher.update(bytes)
        } else {
            let next = try item.open()
            while let piece = try next() { hasher.update(piece) }
        }
        return hasher.finish()
    }
}

/// What became of a file.
struct FileOutcome: Sendable {
    let standing: Standing
    /// Whether an earlier scan told it.
    var isKnown = false

    enum Standing: Sendable {
        /// It is what its package recorded: no detector looked.
        case vendor
        case searched(FileResult)
    }

    static let vendor = FileOutcome(standing: .vendor)
}

/// Traits of names as keys of the cache have them. Most names of a tree have one of a few.
private struct TraitWords {
    private var known: [NameTraits: UInt64] = [:]

    subscript(name: FileName) -> UInt64 {
        mutating get {
            let traits = FileParsers.traits(of: name)
            if let word = known[traits] { return word }
            let word = SHA256.digest(of: traits.bytes).words.0
            // Those with a path are of one file each.
            if traits.path == nil { known[traits] = word }
            return word
        }
    }
}

extension SecretScanReport {
    fileprivate mutating func add(_ outcome: FileOutcome, of item: ScanItem) {
        coverage.count(outcome, of: item)
        if case .searched(let result) = outcome.standing { add(result, path: item.path.escaped, attribute: item.attribute) }
    }

    mutating func add(_ summary: FolderSummary) {
        coverage.add(summary.coverage)
        for file in summary.notes.files { add(file.result, path: file.path, attribute: file.attribute) }
    }

    /// Findings, and what was skipped.
    private mutating func add(_ result: FileResult, path: String, attribute: String?) {
        let outer = attribute.map { ["attribute \($0)"] } ?? []
        for finding in result.findings {
            guard let rule = RuleSet.byID[finding.rule] else { continue }
            findings.append(
                SecretFinding(
                    path: path, member: outer + finding.member, line: finding.line, offset: finding.offset, rule: rule.id,
                    title: rule.title, class: rule.class, severity: finding.severity, keyedDigest: finding.keyedDigest,
                    detail: finding.detail))
        }
        for skip in result.skipped {
            coverage.skip(SkippedContent(place: path + (outer + skip.member).map { "!" + $0 }.joined(), reason: skip.reason))
        }
    }

    fileprivate mutating func add(_ other: SecretScanReport) {
        findings += other.findings
        coverage.add(other.coverage)
    }
}

extension SecretCoverage {
    mutating func skip(_ content: SkippedContent) {
        skippedCount += 1
        skipped.append(content)
        if skipped.count >= 2 * SecretScanner.maximumSkips { keepFirstSkips() }
    }

    /// Sorts what was skipped, and forgets what is beyond the limit: which is that does not depend on the thread that came first.
    mutating func keepFirstSkips() {
        skipped.sort { ($0.place, $0.reason) < ($1.place, $1.reason) }
        skipped.removeLast(max(0, skipped.count - SecretScanner.maximumSkips))
    }

    /// All but what was skipped.
    mutating func count(_ outcome: FileOutcome, of item: ScanItem) {
        let one = item.attribute == nil ? 1 : 0
        files += one
        bytes += item.size
        if outcome.isKnown {
            cachedFiles += one
            cachedBytes += item.size
        }
        switch outcome.standing {
        case .vendor:
            vendorFiles += one
            vendorBytes += item.size
        case .searched(let result):
            members += result.members
            memberBytes += result.memberBytes
            depth = max(depth, result.depth)
        }
    }

    mutating func add(_ other: SecretCoverage) {
        files += other.files
        bytes += other.bytes
        vendorFiles += other.vendorFiles
        vendorBytes += other.vendorBytes
        cachedFiles += other.cachedFiles
        cachedBytes += other.cachedBytes
        members += other.members
        memberBytes += other.memberBytes
        depth = max(depth, other.depth)
        for content in other.skipped { skip(content) }
        skippedCount += other.skippedCount - other.skipped.count
    }
}
