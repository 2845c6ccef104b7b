import Crypto
import Guest
import ImageStore
import Model
import Platform
import Synchronization

/// Finds credentials in trees, folders, archives and bytes.
///
///     let scanner = try SecretScanner(key: key)
///     let report = try scanner.scan(tree)
///
/// Immutable and for all threads.
package final class SecretScanner: Sendable {
    let engine: DetectionEngine
    let key: [UInt8]
    let limits: ScanLimits
    private let cacheFolder: String?

    package static let maximumSkips = 1000
    package static let keySize = 32

    /// - Parameters:
    ///   - key: for the keyed digests of findings; equal credentials have equal digests under one key.
    ///   - cache: a folder that only this user writes to, for compiled rules and earlier results; nil: none.
    package init(key: [UInt8], cache: String? = nil, limits: ScanLimits = ScanLimits()) throws(Failure) {
        self.key = key
        self.limits = limits
        cacheFolder = cache
        engine = try DetectionEngine(DetectorList.standard, cache: cache)
    }

    /// All files of a tree, their extended attributes, and all that is in them. Files that are what their package recorded are passed over.
    ///
    /// - Parameter separatesGenerated: whether keys that packages make on each machine are told apart from findings, see `GeneratedKeys`.
    package func scan(
        _ tree: any TreeView, allowing allowances: [SecretAllowance] = [], separatesGenerated: Bool = false,
        progress: @escaping @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
    ) throws(Failure) -> SecretScanReport {
        let known = Known(self, tree)
        // Of a tree that is being edited, digests of folders do not tell what is in them.
        let isStored = tree is Tree
        let listing = try TreeListing(tree, vendor: known.vendorFolders, cache: isStored ? known.cache : nil)
        let scan = FileScan(self, vendor: known.vendor, cache: known.cache)
        let total = listing.items.count
        let outcomes = try scan.scan(listing.items) { progress($0, total) }
        // What is known now is written while what was found is judged.
        return try Threads.run(
            beside: {
                guard let cache = known.cache else { return }
                if isStored { listing.keep(outcomes, in: cache) }
                cache.save()
            }
        ) { () throws(Failure) in
            var report = scan.result
            for summary in listing.known { report.add(summary) }
            let judged = try judged(report, known.vendor, separatesGenerated: separatesGenerated) { (path) throws(Failure) in
                let content = try tree.resolvedNode(path)?.content
                return content.map { ScanItem(path, $0, tree.objects) }
            }
            return finish(judged, allowances)
        }
    }

    /// Without what is public though no package recorded it.
    ///
    /// - Parameter file: a file by its path.
    func judged(
        _ report: SecretScanReport, _ vendor: VendorDigests?, separatesGenerated: Bool,
        file: @escaping (TreePath) throws(Failure) -> ScanItem?
    ) throws(Failure) -> SecretScanReport {
        guard let vendor else { return report }
        let result = try CompiledSources(self, vendor: vendor, file: file).withoutPublic(report)
        return separatesGenerated ? try GeneratedKeys(vendor: vendor, file: file).separated(result) : result
    }

    /// What is known before a tree is looked at: what its packages recorded, where that can be read, and what earlier scans found. Of a
    /// stored tree the latter is read while the former is put together.
    private struct Known: Sendable {
        private(set) var vendor: VendorDigests?
        private(set) var vendorFolders = VendorFolders()
        private(set) var cache: ScanCache?

        init(_ scanner: SecretScanner, _ tree: any TreeView) {
            guard let stored = tree as? Tree, let folder = scanner.cacheFolder else {
                vendor = try? VendorDigests(in: tree)
                cache = scanner.cacheFolder.map { ScanCache(folder: $0, key: scanner.key, limits: scanner.limits) }
                return
            }
            let results = Mutex<ScanCache?>(nil)
            let shares = try? VendorShares(in: stored)
            Threads.run(
                beside: {
                    let read = ScanCache(folder: folder, key: scanner.key, limits: scanner.limits)
                    results.withLock { $0 = read }
                }
            ) {
                vendor = shares.map { VendorDigests($0) }
                vendorFolders = vendor.map(VendorFolders.init) ?? VendorFolders()
            }
            cache = results.withLock { $0 }
        }
    }

    /// What is in some bytes, as a file of that path.
    package func findings(in bytes: [UInt8], path: String) throws(Failure) -> [SecretFinding] {
        let scan = FileScan(self, vendor: nil, cache: nil)
        try scan.scan([ScanItem(try TreePath(parsing: path), bytes)])
        return finish(scan.result, []).findings
    }

    /// Sorts, applies the list of what is allowed, and says what was seen by what.
    func finish(_ scanned: SecretScanReport, _ allowances: [SecretAllowance]) -> SecretScanReport {
        var report = scanned
        report.findings.sort {
            ($0.path, $0.member.joined(separator: "!"), $0.offset, $0.rule) < (
                $1.path, $1.member.joined(separator: "!"), $1.offset, $1.rule
            )
        }
        report.coverage.keepFirstSkips()
        report.coverage.describeRules()
        return report.applying(allowances)
    }
}
