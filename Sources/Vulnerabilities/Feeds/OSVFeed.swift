import Guest
import Model

/// Entries in the format of OSV: one, an array of them, or one a file in a folder or a tar archive, as osv.dev exports ecosystems.
enum OSVFeed: FeedReader {
    static let format = FeedFormat.osv

    static func read(_ feed: FeedFile, into collector: inout Collector) throws(Failure) -> FeedSummary {
        var run = Run(feed, collector)
        if feed.documents.isEmpty {
            var reader = FeedJSONReader(feed.bytes, name: feed.path)
            // One entry, an array, or entries one after the other.
            while !reader.isAtEnd() {
                if try reader.peek() == .array {
                    try reader.array { (reader) throws(Failure) in try run.take(try OSVEntry(&reader)) }
                } else {
                    try run.take(try OSVEntry(&reader))
                }
            }
        } else {
            for document in feed.documents {
                var reader = FeedJSONReader(document.bytes, name: "\(feed.path)/\(document.name)")
                try run.take(try OSVEntry(&reader))
            }
            run.assessEcosystems()
        }
        collector = run.collector
        return run.summary
    }

    private struct Run {
        let feed: FeedFile
        var collector: Collector
        var summary: FeedSummary
        /// Ecosystems of entries that could be about this image, by the type of subjects.
        private var ecosystems: Set<String> = []
        private var unknown = 0

        init(_ feed: FeedFile, _ collector: Collector) {
            self.feed = feed
            self.collector = collector
            summary = OSVFeed.summary(of: feed)
        }

        mutating func take(_ entry: OSVEntry) throws(Failure) {
            guard !entry.advisory.id.isEmpty else { throw Failure(.invalid, "\(feed.path) has an entry without an id") }
            summary.entries += 1
            if entry.modified > summary.date ?? "" { summary.date = entry.modified }
            if entry.isWithdrawn {
                summary.withdrawn += 1
                return
            }
            for affected in entry.affected {
                guard let ecosystem = OSVEcosystem(affected.ecosystem, collector.distribution) else { continue }
                ecosystems.insert(ecosystem.type)
                for index in ecosystem.subjects(affected.name, collector) { try match(index, entry, affected, ecosystem) }
            }
        }

        private mutating func match(
            _ index: Int, _ entry: OSVEntry, _ affected: OSVEntry.Affected, _ ecosystem: OSVEcosystem
        ) throws(Failure) {
            let subject = collector.subjects[index]
            let version = ecosystem.usesSources ? subject.sourceVersion : subject.version
            switch OSVMatch.verdict(of: version, affected, order: subject.order) {
            case .unknown:
                unknown += 1
                summary.remarks = ["\(unknown) matches could not be decided: a version has no place in its ecosystem's order"]
            case .notAffected: collector.assess(index, by: feed.path)
            case .affected(let fixedIn):
                collector.assess(index, by: feed.path)
                // A module's build is compared with that of the same module only.
                if let label = subject.modularityLabel, !label.isEmpty, let fixedIn, !fixedIn.contains(".module") { return }
                var advisory = entry.advisory
                advisory.vectors += affected.vectors
                advisory.severity = affected.severity.flatMap { Severity(word: $0) }
                let statement = fixedIn.map { "affected, fixed in \($0) of \(affected.name)" } ?? "affected"
                try collector.add(
                    advisory, of: index, fixedIn: fixedIn, fix: fixedIn == nil ? .unknown : .yes,
                    evidence: .init(level: .feed, source: feed.path, statement: statement))
            }
        }

        /// A whole export speaks about what it does not name too.
        mutating func assessEcosystems() {
            for type in ecosystems {
                for index in collector.indices(ofType: type) { collector.assess(index, by: feed.path) }
            }
        }
    }
}

/// An ecosystem as OSV names it, where it is one of the image's.
struct OSVEcosystem {
    let type: String
    /// Whether its names and versions are those of source packages.
    let usesSources: Bool

    /// Distributions: the name, `os-release`'s ID, the type, and whether they track source packages.
    private static let distributions: [(name: String, id: String, type: String, usesSources: Bool)] = [
        ("Debian", "debian", "deb", true), ("Ubuntu", "ubuntu", "deb", true), ("Alpine", "alpine", "apk", true),
        ("Wolfi", "wolfi", "apk", true), ("Chainguard", "chainguard", "apk", true), ("AlmaLinux", "almalinux", "rpm", false),
        ("Rocky Linux", "rocky", "rpm", false), ("Red Hat", "rhel", "rpm", false),
    ]
    private static let languages = ["PyPI": "pypi", "npm": "npm", "Go": "golang", "Maven": "maven"]

    /// Nil for an ecosystem or a release that is not the image's.
    init?(_ text: String, _ distribution: OSRelease) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard let name = parts.first else { return nil }
        if let type = Self.languages[name] {
            self.type = type
            usesSources = false
            return
        }
        guard let known = Self.distributions.first(where: { $0.name == name }), known.id == distribution.id else { return nil }
        if parts.count > 1, !Self.isRelease(parts[1], known.id, distribution.versionID, whole: text) { return nil }
        type = known.type
        usesSources = known.usesSources
    }

    private static func isRelease(_ text: String, _ id: String, _ version: String, whole: String) -> Bool {
        let numbers = version.split(separator: ".")
        switch id {
        case "alpine": return text == "v" + numbers.prefix(2).joined(separator: ".")
        case "ubuntu": return text == version
        // `Red Hat:enterprise_linux:9::baseos`
        case "rhel": return numbers.first.map { whole.hasPrefix("Red Hat:enterprise_linux:\($0)") } ?? false
        default: return numbers.first.map { text == $0 } ?? false
        }
    }

    func subjects(_ name: String, _ collector: Collector) -> [Int] {
        if usesSources { return collector.built(fromSource: name, type: type) }
        return collector.named(type == "pypi" ? UnmanagedSoftware.normalizedPythonName(name) : name, type: type)
    }
}
