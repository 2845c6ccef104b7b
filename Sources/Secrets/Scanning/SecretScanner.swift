import Crypto
import Guest
import ImageStore
import Model
import Platform

/// Finds credentials in trees, folders, archives and bytes.
///
///     let scanner = try SecretScanner(key: key)
///     let report = try scanner.scan(tree)
///
/// Immutable and for all threads.
package final class SecretScanner: Sendable {
    let engine: DetectionEngine
    let key: [UInt8]
    let limits = ScanLimits()
    private let cacheFolder: String?

    package static let maximumSkips = 1000
    package static let keySize = 32

    /// - Parameters:
    ///   - key: for the keyed digests of findings; equal credentials have equal digests under one key.
    ///   - cache: a folder that only this user writes to, for compiled rules and earlier results; nil: none.
    package init(key: [UInt8], cache: String? = nil) throws(Failure) {
        self.key = key
        cacheFolder = cache
        engine = try DetectionEngine(DetectorList.standard, cache: cache)
    }

    /// All files of a tree, their extended attributes, and all that is in them. Files that are what their package recorded are passed over.
    package func scan(
        _ tree: any TreeView, allowing allowances: [SecretAllowance] = [],
        progress: @escaping @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
    ) throws(Failure) -> SecretScanReport {
        let (listing, vendor) = try TreeListing.read(tree)
        let items = listing.items
        let cache = cacheFolder.map { ScanCache(folder: $0, key: key) }
        let scan = FileScan(self, vendor: vendor, cache: cache)
        let total = items.count
        try scan.scan(items) { progress($0, total) }
        cache?.save()
        return finish(try CompiledSources(self, vendor: scan.vendor).withoutPublic(scan.result, items), allowances)
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
        report.coverage.skipped.sort { ($0.place, $0.reason) < ($1.place, $1.reason) }
        report.coverage.describeRules()
        return report.applying(allowances)
    }
}
