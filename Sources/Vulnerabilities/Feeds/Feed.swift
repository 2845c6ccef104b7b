import Crypto
import Guest
import Model

/// The format of a feed, known by its content.
package enum FeedFormat: String, Codable, Sendable, CaseIterable {
    /// https://ossf.github.io/osv-schema/
    case osv
    /// https://security-tracker.debian.org/tracker/data/json
    case debianTracker = "debian-tracker"
    /// What debsecan(1) reads.
    case debsecan
    /// `updateinfo.xml` of dnf repositories.
    case updateInfo = "updateinfo"
    /// https://secdb.alpinelinux.org/
    case alpine = "alpine-secdb"
}

/// What a report says of a feed that it used.
package struct FeedSummary: Codable, Hashable, Sendable {
    package var file: String
    package var format: FeedFormat
    /// Of the file.
    package var sha256: String
    /// The newest date in it, as it is written there; nil where it has none.
    package var date: String?
    /// Entries that were read.
    package var entries: Int
    /// Entries that were withdrawn, and therefore not used.
    package var withdrawn: Int
    /// What was left out, and why.
    package var remarks: [String]
}

/// Reads one format.
protocol FeedReader {
    static var format: FeedFormat { get }

    /// Adds what the feed says to `collector`, and gives what is to be said about the feed.
    static func read(_ feed: FeedFile, into collector: inout Collector) throws(Failure) -> FeedSummary
}

extension FeedReader {
    static func summary(of feed: FeedFile) -> FeedSummary {
        FeedSummary(
            file: feed.path, format: format, sha256: feed.digest.hex, date: nil, entries: 0, withdrawn: 0, remarks: [])
    }
}

extension FeedFile {
    /// Reads the feed into `collector`.
    func read(into collector: inout Collector) throws(Failure) -> FeedSummary {
        switch try format() {
        case .osv: try OSVFeed.read(self, into: &collector)
        case .debianTracker: try DebianTrackerFeed.read(self, into: &collector)
        case .debsecan: try DebsecanFeed.read(self, into: &collector)
        case .updateInfo: try UpdateInfoFeed.read(self, into: &collector)
        case .alpine: try AlpineFeed.read(self, into: &collector)
        }
    }

    /// What the content looks like.
    package func format() throws(Failure) -> FeedFormat {
        if !documents.isEmpty { return .osv }
        let start = bytes.prefix(4096).drop { $0 == 0x20 || 0x09...0x0D ~= $0 }
        if start.starts(with: Array("VERSION 1\n".utf8)) { return .debsecan }
        if start.first == UInt8(ascii: "<") { return .updateInfo }
        if start.first == UInt8(ascii: "[") { return .osv }
        guard start.first == UInt8(ascii: "{") else { throw unknown() }
        return try jsonFormat()
    }

    /// The first members of the outer object tell.
    private func jsonFormat() throws(Failure) -> FeedFormat {
        var keys: [String] = []
        var isTracker = false
        var reader = FeedJSONReader(bytes, name: path)
        do throws(Failure) {
            try reader.object { (key, reader) throws(Failure) in
                keys.append(key)
                if keys.count == 1, try reader.peek() == .object {
                    try reader.object { (key, reader) throws(Failure) in
                        isTracker = isTracker || key.hasPrefix("CVE-") || key.hasPrefix("TEMP-")
                        try reader.skip()
                    }
                } else {
                    try reader.skip()
                }
                // Enough is seen: the rest is the readers'.
                if isTracker || keys.count == 40 { throw Failure(.cancelled, "") }
            }
        } catch { if error.code != .cancelled { throw error } }
        if isTracker { return .debianTracker }
        if keys.contains("distroversion") && keys.contains("packages") || keys.contains("packages") && keys.contains("urlprefix")
        {
            return .alpine
        }
        if keys.contains("id") && keys.contains("modified") { return .osv }
        throw unknown()
    }

    private func unknown() -> Failure {
        Failure(
            .invalid, "\(path) is in no format of feeds that is known",
            hint: "known are OSV, Debian's tracker, debsecan, updateinfo.xml and Alpine's secdb")
    }
}
