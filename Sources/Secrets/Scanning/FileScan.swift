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
    func scan(_ items: [ScanItem], progress: @escaping @Sendable (_ done: Int) -> Void = { _ in }) throws(Failure) {
        // Large files first, so that no processor waits for the last one.
        let items = items.sorted { $0.size > $1.size }
        let next = Atomic<Int>(0)
        let failure = Mutex<Failure?>(nil)
        Threads.concurrently(min(Threads.available, max(1, items.count))) { _ in
            do throws(Failure) {
                let content = try ContentScanner(self.scanner.engine, key: self.scanner.key, limits: self.scanner.limits)
                var part = SecretScanReport()
                var traits = TraitWords()
                while failure.withLock({ $0 == nil }) {
                    let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                    if index >= items.count { break }
                    try self.scan(items[index], content, &traits, &part)
                    if index % Self.progressStep == 0 || index + 1 == items.count { progress(index + 1) }
                }
                self.report.withLock { $0.add(part) }
            } catch { failure.withLock { if $0 == nil { $0 = error } } }
        }
        if let error = failure.withLock({ $0 }) { throw error }
    }

    private func scan(
        _ item: ScanItem, _ scanner: ContentScanner, _ traits: inout TraitWords, _ part: inout SecretScanReport
    ) throws(Failure) {
        part.coverage.files += item.attribute == nil ? 1 : 0
        part.coverage.bytes += item.size
        let path = item.path.bytes
        let name = FileName(bytes: path)
        let records = item.attribute == nil ? vendor?[path] ?? [] : []
        let key = cache == nil ? nil : item.blob.map { ScanCache.Key($0.digest, traits: traits[name]) }
        if let key, let entry = cache?[key], isKnown(entry, records, item, &part) { return }
        // A small file is read once, for its digest and for the detectors.
        let bytes = item.size <= UInt64(self.scanner.limits.window) ? try item.bytes(limit: 2 * self.scanner.limits.window) : nil
        if let (digest, isOriginal) = try standing(item, records, bytes) {
            if isOriginal {
                count(vendor: item, &part)
                if let key { cache?.note(key, .digest(digest)) }
                return
            }
        }
        let result = try scan(item, name, bytes, scanner)
        if let key {
            let isPlain = result == FileResult()
            cache?.note(key, isPlain ? .clean : .result(result))
        }
        part.add(result, at: item)
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

    /// Whether an earlier scan tells all of this file.
    private func isKnown(
        _ entry: ScanCache.Entry, _ records: [VendorDigests.Record], _ item: ScanItem, _ part: inout SecretScanReport
    ) -> Bool {
        switch entry {
        case .digest(let hex):
            guard records.contains(where: { $0.digest.hex == hex }) else { return false }
            count(vendor: item, &part)
        case .clean: break
        case .result(let result): part.add(result, at: item)
        }
        part.coverage.cachedFiles += 1
        part.coverage.cachedBytes += item.size
        return true
    }

    private func count(vendor item: ScanItem, _ part: inout SecretScanReport) {
        part.coverage.vendorFiles += 1
        part.coverage.vendorBytes += item.size
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
    fileprivate mutating func add(_ result: FileResult, at item: ScanItem) {
        let path = item.path.escaped
        let outer = item.attribute.map { ["attribute \($0)"] } ?? []
        for finding in result.findings {
            guard let rule = RuleSet.byID[finding.rule] else { continue }
            findings.append(
                SecretFinding(
                    path: path, member: outer + finding.member, line: finding.line, offset: finding.offset, rule: rule.id,
                    title: rule.title, class: rule.class, severity: finding.severity, keyedDigest: finding.keyedDigest))
        }
        coverage.members += result.members
        coverage.memberBytes += result.memberBytes
        coverage.depth = max(coverage.depth, result.depth)
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
        if skipped.count < SecretScanner.maximumSkips { skipped.append(content) }
    }

    fileprivate mutating func add(_ other: SecretCoverage) {
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
