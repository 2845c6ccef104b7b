import Crypto
import Guest
import ImageStore
import Model

/// Python keeps what it made of a package's source files beside them, and no package records that. What such a file has in common with
/// its source, where that is as the package recorded it, is public, and no finding.
struct CompiledSources {
    private let scanner: SecretScanner
    private let vendor: VendorDigests

    /// The file at a path; nil where there is none.
    private let file: (TreePath) throws(Failure) -> ScanItem?

    init(_ scanner: SecretScanner, vendor: VendorDigests, file: @escaping (TreePath) throws(Failure) -> ScanItem?) {
        self.scanner = scanner
        self.vendor = vendor
        self.file = file
    }

    func withoutPublic(_ report: SecretScanReport) throws(Failure) -> SecretScanReport {
        var known: [String: Set<String>] = [:]
        var result = report
        result.findings = []
        for finding in report.findings {
            guard let path = Self.source(of: finding.path) else {
                result.findings.append(finding)
                continue
            }
            if known[path] == nil { known[path] = try publicDigests(path) }
            if known[path]?.contains(finding.keyedDigest) != true { result.findings.append(finding) }
        }
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
    private func publicDigests(_ path: String) throws(Failure) -> Set<String> {
        guard let path = try? TreePath(parsing: path), let source = try file(path) else { return [] }
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
