import Guest
import Model

/// Debian's security tracker: for each source package its vulnerabilities, and for each of these its state in every release.
enum DebianTrackerFeed: FeedReader {
    static let format = FeedFormat.debianTracker

    private struct Entry {
        var description = ""
        var release: Release?
    }

    private struct Release {
        var status = ""
        var fixedVersion: String?
        var urgency = ""
        var noAdvisory = ""
    }

    static func read(_ feed: FeedFile, into collector: inout Collector) throws(Failure) -> FeedSummary {
        var summary = summary(of: feed)
        let codename = collector.distribution.codename
        guard collector.distribution.id == "debian", !codename.isEmpty else {
            summary.remarks.append("the image is no release of Debian")
            return summary
        }
        var knowsRelease = false
        var reader = FeedJSONReader(feed.bytes, name: feed.path)
        var work = collector
        try reader.object { (source, reader) throws(Failure) in
            let subjects = work.built(fromSource: source, type: "deb")
            try reader.object { (id, reader) throws(Failure) in
                summary.entries += 1
                // Of sources that are not installed, a few are looked at to see whether the release is known.
                guard !subjects.isEmpty || !knowsRelease && summary.entries < 20_000 else { return try reader.skip() }
                let entry = try Self.entry(&reader, codename)
                guard let release = entry.release else { return }
                knowsRelease = true
                for subject in subjects {
                    work.assess(subject, by: feed.path)
                    try Self.add(id, entry.description, release, of: subject, feed, &work)
                }
            }
        }
        collector = work
        if knowsRelease {
            // Sources without an entry have no known vulnerability; packages of other distributors are not spoken of.
            for subject in collector.indices(ofType: "deb") where isDebian(collector.subjects[subject]) {
                collector.assess(subject, by: feed.path)
            }
        } else {
            summary.remarks.append("it has nothing on the release \(codename)")
        }
        return summary
    }

    private static func isDebian(_ subject: Subject) -> Bool { subject.vendor == nil || subject.vendor == "Debian" }

    private static func entry(_ reader: inout FeedJSONReader, _ codename: String) throws(Failure) -> Entry {
        var entry = Entry()
        try reader.members { (key, reader) throws(Failure) in
            switch key {
            case "description": entry.description = try reader.stringIfPresent() ?? ""
            case "releases":
                try reader.members { (name, reader) throws(Failure) in
                    if name == codename { entry.release = try Self.release(&reader) } else { try reader.skip() }
                }
            default: try reader.skip()
            }
        }
        return entry
    }

    private static func release(_ reader: inout FeedJSONReader) throws(Failure) -> Release {
        var release = Release()
        try reader.members { (key, reader) throws(Failure) in
            switch key {
            case "status": release.status = try reader.stringIfPresent() ?? ""
            case "fixed_version": release.fixedVersion = try reader.stringIfPresent()
            case "urgency": release.urgency = try reader.stringIfPresent() ?? ""
            case "nodsa": release.noAdvisory = try reader.stringIfPresent() ?? ""
            default: try reader.skip()
            }
        }
        return release
    }

    private static func add(
        _ id: String, _ description: String, _ release: Release, of index: Int, _ feed: FeedFile, _ collector: inout Collector
    ) throws(Failure) {
        let subject = collector.subjects[index]
        let fixed: String?
        let statement: String
        switch release.status {
        case "open":
            fixed = nil
            statement = release.noAdvisory.isEmpty ? "open" : "open: \(release.noAdvisory)"
        case "resolved":
            guard let version = release.fixedVersion, version != "0",
                VersionOrder.dpkg.isBefore(subject.sourceVersion, version) == true
            else { return }
            fixed = version
            statement = "resolved in \(version) of \(subject.sourceName)"
        default: return
        }
        let advisory = Advisory(
            id: id, title: description, severity: Severity(word: release.urgency),
            references: ["https://security-tracker.debian.org/tracker/\(id)"])
        try collector.add(
            advisory, of: index, fixedIn: fixed, fix: fixed == nil ? .no : .yes,
            evidence: .init(level: .feed, source: feed.path, statement: statement))
    }
}
