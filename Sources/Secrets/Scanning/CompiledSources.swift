import Crypto
import Guest
import ImageStore
import Model

/// Python keeps what it made of a package's source files beside them, and no package records that. What such a file has in common with
/// its source, where that is as the package recorded it, is public, and no finding.
struct CompiledSources {
    private let scanner: SecretScanner
    private let vendor: VendorDigests?

    init(_ scanner: SecretScanner, vendor: VendorDigests?) {
        self.scanner = scanner
        self.vendor = vendor
    }

    func withoutPublic(_ report: SecretScanReport, _ items: [ScanItem]) throws(Failure) -> SecretScanReport {
        guard let vendor, report.findings.contains(where: { $0.path.hasSuffix(".pyc") }) else { return report }
        let wanted = Set(report.findings.compactMap { Self.source(of: $0.path) })
        let lastNames = Set(wanted.compactMap { $0.split(separator: "/").last.map { Array($0.utf8) } })
        var sources: [String: ScanItem] = [:]
        for item in items {
            guard let last = item.path.last, lastNames.contains(last.bytes), case let path = item.path.escaped else { continue }
            if wanted.contains(path) { sources[path] = item }
        }
        var known: [String: Set<String>] = [:]
        var result = report
        var kept: [SecretFinding] = []
        for finding in report.findings {
            guard let path = Self.source(of: finding.path), let source = sources[path] else {
                kept.append(finding)
                continue
            }
            if known[path] == nil { known[path] = try publicDigests(source, vendor) }
            if known[path]?.contains(finding.keyedDigest) != true { kept.append(finding) }
        }
        result.findings = kept
        return result
    }

    /// `/x/__pycache__/name.cpython-311.pyc` comes from `/x/name.py`.
    private static func source(of path: String) -> String? {
        guard path.hasSuffix(".pyc") else { return nil }
        var parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 3, parts[parts.count - 2] == "__pycache__", let name = parts.last?.split(separator: ".").first else {
            return nil
        }
        parts.removeLast(2)
        return (parts + ["\(name).py"]).joined(separator: "/")
    }

    /// The digests of all that is found in a source that its package recorded; none where it is not the recorded one.
    private func publicDigests(_ source: ScanItem, _ vendor: VendorDigests) throws(Failure) -> Set<String> {
        let bytes = try source.bytes(limit: scanner.limits.window)
        let isOriginal = vendor[source.path].contains { record in
            var hasher = FileDigest(record.digest.algorithm)
            hasher.update(bytes)
            return hasher.finish() == record.digest.hex
        }
        guard isOriginal else { return [] }
        return Set(try scanner.findings(in: bytes, path: source.path.description).map(\.keyedDigest))
    }
}
