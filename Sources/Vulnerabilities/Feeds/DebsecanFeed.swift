import Guest
import Model

/// The database of debsecan(1): vulnerabilities by number, then a line a package and vulnerability, then which binary packages a source
/// makes. A line's version is that of the fix in unstable; versions of stable releases that have the fix follow it.
enum DebsecanFeed: FeedReader {
    static let format = FeedFormat.debsecan

    static func read(_ feed: FeedFile, into collector: inout Collector) throws(Failure) -> FeedSummary {
        var summary = summary(of: feed)
        guard collector.distribution.id == "debian" else {
            summary.remarks.append("the image is no release of Debian")
            return summary
        }
        // Blocks end with an empty line.
        var blocks = feed.bytes.split(separator: 0x0A, omittingEmptySubsequences: false).dropFirst()[...]
        let names = take(&blocks)
        for (number, line) in take(&blocks).enumerated() {
            summary.entries += 1
            let fields = line.split(separator: 0x2C, maxSplits: 4, omittingEmptySubsequences: false)
            guard fields.count == 5, fields[2].count == 4, let index = Int(String(decoding: fields[1], as: UTF8.self)),
                names.indices.contains(index)
            else { throw Failure(.invalid, "the feed \(feed.path) is damaged: package line \(number + 1)") }
            try add(fields, names[index], feed, &collector)
        }
        for subject in collector.indices(ofType: "deb") where [nil, "Debian"].contains(collector.subjects[subject].vendor) {
            collector.assess(subject, by: feed.path)
        }
        return summary
    }

    private static func take(_ lines: inout ArraySlice<ArraySlice<UInt8>>) -> [ArraySlice<UInt8>] {
        let block = lines.prefix { !$0.isEmpty }
        lines = lines.dropFirst(block.count + 1)
        return Array(block)
    }

    private static func add(
        _ fields: [ArraySlice<UInt8>], _ vulnerability: ArraySlice<UInt8>, _ feed: FeedFile, _ collector: inout Collector
    ) throws(Failure) {
        let name = String(decoding: fields[0], as: UTF8.self)
        let flags = Array(fields[2])
        let isBinary = flags[0] == UInt8(ascii: "B")
        let subjects = isBinary ? collector.named(name, type: "deb") : collector.built(fromSource: name, type: "deb")
        guard !subjects.isEmpty else { return }
        let fixed = String(decoding: fields[3], as: UTF8.self)
        let others = fields[4].split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
        let words = vulnerability.split(separator: 0x2C, maxSplits: 2, omittingEmptySubsequences: false)
        let urgency: Severity? =
            switch flags[1] {
            case UInt8(ascii: "L"): .low
            case UInt8(ascii: "M"): .medium
            case UInt8(ascii: "H"): .high
            default: nil
            }
        let advisory = Advisory(
            id: String(decoding: words.first ?? [], as: UTF8.self),
            title: words.count > 2 ? String(decoding: words[2], as: UTF8.self) : "", severity: urgency)
        let hasFix = flags[3] == UInt8(ascii: "F")
        for index in subjects {
            let subject = collector.subjects[index]
            let version = isBinary ? subject.version : subject.sourceVersion
            let isBehind = fixed.isEmpty || VersionOrder.dpkg.isBefore(version, fixed) == true
            guard isBehind, isBinary || !others.contains(where: { isEqual($0, version) }) else { continue }
            let statement = fixed.isEmpty ? "no version has a fix" : "fixed in \(fixed) of unstable"
            try collector.add(
                advisory, of: index, fixedIn: hasFix ? nearest(others, above: version) ?? (fixed.isEmpty ? nil : fixed) : nil,
                fix: hasFix ? .yes : .no, evidence: .init(level: .feed, source: feed.path, statement: statement))
        }
    }

    /// The smallest of the releases' own fixes that is above.
    private static func nearest(_ versions: [String], above version: String) -> String? {
        versions.filter { VersionOrder.dpkg.isBefore(version, $0) == true }.min {
            VersionOrder.dpkg.isBefore($0, $1) == true
        }
    }

    private static func isEqual(_ a: String, _ b: String) -> Bool {
        guard let a = try? PackageVersion(parsing: a), let b = try? PackageVersion(parsing: b) else { return a == b }
        return a == b
    }
}
