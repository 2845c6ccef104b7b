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

    package static let maximumSkips = 1000

    /// - Parameters:
    ///   - key: for the keyed digests of findings; equal credentials have equal digests under one key.
    ///   - cache: a folder that only this user writes to, for compiled rules and earlier results; nil: none.
    package init(key: [UInt8], cache: String? = nil) throws(Failure) {
        self.key = key
        engine = try DetectionEngine(RuleTable.all.map { TokenDetector($0) }, cache: cache)
    }

    /// All files of a tree.
    package func scan(_ tree: any TreeView, allowing allowances: [SecretAllowance] = []) throws(Failure) -> SecretScanReport {
        var report = SecretScanReport()
        var run = try engine.begin()
        try tree.walk { (path, node) throws(Failure) in
            guard let content = node.content else { return true }
            report.coverage.files += 1
            report.coverage.bytes += content.size
            let bytes = try content.bytes(from: tree.objects, limit: 64 << 20)
            report.findings += try findings(in: bytes, path: path.escaped, &run)
            return true
        }
        return report
    }

    /// What is in some bytes, as a file of that path.
    package func findings(in bytes: [UInt8], path: String) throws(Failure) -> [SecretFinding] {
        var run = try engine.begin()
        return try findings(in: bytes, path: path, &run)
    }

    private func findings(in bytes: [UInt8], path: String, _ run: inout DetectionRun) throws(Failure) -> [SecretFinding] {
        let content = Content(bytes, name: FileName(path))
        return Candidate.strongest(try run.candidates(in: content)).map { candidate in
            SecretFinding(
                path: path, member: [], line: content.isText ? content.line(at: candidate.range.lowerBound) : nil,
                offset: candidate.range.lowerBound, rule: candidate.rule.id, title: candidate.rule.title,
                class: candidate.rule.class, severity: candidate.rule.severity,
                keyedDigest: HMACSHA256.digest(of: candidate.value ?? Array(bytes[candidate.range]), key: key).hex)
        }
    }
}
