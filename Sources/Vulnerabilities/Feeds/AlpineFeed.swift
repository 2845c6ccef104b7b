import Guest
import Model

/// Alpine's security database of one repository: for each source package the versions that fixed something, and what.
enum AlpineFeed: FeedReader {
    static let format = FeedFormat.alpine

    static func read(_ feed: FeedFile, into collector: inout Collector) throws(Failure) -> FeedSummary {
        var summary = summary(of: feed)
        var release: String?
        var fixes: [(package: String, version: String, names: [String])] = []
        var reader = FeedJSONReader(feed.bytes, name: feed.path)
        let work = collector
        try reader.object { (key, reader) throws(Failure) in
            switch key {
            case "distroversion": release = try reader.stringIfPresent()
            case "packages":
                try reader.elements { (reader) throws(Failure) in
                    summary.entries += 1
                    fixes += try Self.package(&reader).filter { !work.built(fromSource: $0.package, type: "apk").isEmpty }
                }
            default: try reader.skip()
            }
        }
        let version = collector.distribution.versionID.split(separator: ".").prefix(2).joined(separator: ".")
        guard ["alpine", "wolfi", "chainguard"].contains(collector.distribution.id) else {
            summary.remarks.append("the image is no release of Alpine")
            return summary
        }
        if let release, release.hasPrefix("v"), release != "v\(version)" {
            summary.remarks.append("it is for \(release), and the image is \(version)")
            return summary
        }
        for fix in fixes { try add(fix, feed, &collector) }
        return summary
    }

    private static func package(
        _ reader: inout FeedJSONReader
    ) throws(Failure) -> [(package: String, version: String, names: [String])] {
        var name = ""
        var fixes: [(version: String, names: [String])] = []
        try reader.members { (key, reader) throws(Failure) in
            guard key == "pkg" else { return try reader.skip() }
            try reader.members { (key, reader) throws(Failure) in
                switch key {
                case "name": name = try reader.stringIfPresent() ?? ""
                case "secfixes":
                    try reader.members { (version, reader) throws(Failure) in fixes.append((version, try reader.strings())) }
                default: try reader.skip()
                }
            }
        }
        return fixes.map { (name, $0.version, $0.names) }
    }

    private static func add(
        _ fix: (package: String, version: String, names: [String]), _ feed: FeedFile, _ collector: inout Collector
    ) throws(Failure) {
        for index in collector.built(fromSource: fix.package, type: "apk") {
            collector.assess(index, by: feed.path)
            // Version 0 says that no version was ever affected.
            guard fix.version != "0", VersionOrder.apk.isBefore(collector.subjects[index].version, fix.version) == true else {
                continue
            }
            for names in fix.names {
                let ids = names.split(separator: " ").map(String.init)
                guard let id = ids.first else { continue }
                try collector.add(
                    Advisory(id: id, aliases: Array(ids.dropFirst())), of: index, fixedIn: fix.version, fix: .yes,
                    evidence: .init(level: .feed, source: feed.path, statement: "fixed in \(fix.version) of \(fix.package)"))
            }
        }
    }
}
