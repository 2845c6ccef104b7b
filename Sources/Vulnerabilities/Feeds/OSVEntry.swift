import Guest
import Model

/// One entry in the format of OSV (https://ossf.github.io/osv-schema/), as far as it is used.
struct OSVEntry {
    var advisory = Advisory(id: "")
    var modified = ""
    var isWithdrawn = false
    var affected: [Affected] = []

    struct Affected {
        var ecosystem = ""
        var name = ""
        var ranges: [Range] = []
        var versions: [String] = []
        var vectors: [String] = []
        var severity: String?
    }

    struct Range {
        var type = ""
        var events: [OSVMatch.Event] = []
    }

    /// More of anything in one entry is hostile.
    private static let maximumAffected = 20_000

    init(_ reader: inout FeedJSONReader) throws(Failure) {
        var related: [String] = []
        var entry = self
        try reader.object { (key, reader) throws(Failure) in
            switch key {
            case "id": entry.advisory.id = try reader.stringIfPresent() ?? ""
            case "modified": entry.modified = try reader.stringIfPresent() ?? ""
            case "published": entry.advisory.published = try reader.stringIfPresent()
            case "withdrawn": entry.isWithdrawn = try reader.stringIfPresent() != nil
            case "summary": entry.advisory.title = try reader.stringIfPresent() ?? ""
            case "aliases", "upstream": entry.advisory.aliases += try reader.strings()
            case "related": related = try reader.strings()
            case "severity": entry.advisory.vectors = try Self.vectors(&reader)
            case "references": entry.advisory.references = try Self.references(&reader)
            case "affected":
                try reader.elements { (reader) throws(Failure) in
                    guard entry.affected.count < Self.maximumAffected else { throw reader.problem("an entry affects too much") }
                    entry.affected.append(try Self.affected(&reader))
                }
            default: try reader.skip()
            }
        }
        // Distributions name what their advisory fixes as related, and some older ones in links only.
        entry.advisory.aliases += related.filter(Self.isCVE)
        if !entry.advisory.aliases.contains(where: Self.isCVE), !Self.isCVE(entry.advisory.id) {
            entry.advisory.aliases += entry.advisory.references.compactMap { link in
                link.split(separator: "/").last.map(String.init).flatMap { Self.isCVE($0) ? $0 : nil }
            }
        }
        self = entry
    }

    private static func isCVE(_ text: String) -> Bool { text.hasPrefix("CVE-") }

    private static func vectors(_ reader: inout FeedJSONReader) throws(Failure) -> [String] {
        var vectors: [String] = []
        try reader.elements { (reader) throws(Failure) in
            try reader.members { (key, reader) throws(Failure) in
                let text = try reader.stringIfPresent()
                if key == "score", let text, CVSS.score(text) != nil { vectors.append(text) }
            }
        }
        return vectors
    }

    private static func references(_ reader: inout FeedJSONReader) throws(Failure) -> [String] {
        var links: [String] = []
        try reader.elements { (reader) throws(Failure) in
            try reader.members { (key, reader) throws(Failure) in
                let text = try reader.stringIfPresent()
                if key == "url", let text { links.append(text) }
            }
        }
        return links
    }

    private static func affected(_ reader: inout FeedJSONReader) throws(Failure) -> Affected {
        var affected = Affected()
        try reader.members { (key, reader) throws(Failure) in
            switch key {
            case "package":
                try reader.members { (key, reader) throws(Failure) in
                    let text = try reader.stringIfPresent() ?? ""
                    if key == "ecosystem" { affected.ecosystem = text }
                    if key == "name" { affected.name = text }
                }
            case "versions": affected.versions = try reader.strings()
            case "severity": affected.vectors = try Self.vectors(&reader)
            case "ranges": try reader.elements { (reader) throws(Failure) in affected.ranges.append(try Self.range(&reader)) }
            case "ecosystem_specific", "database_specific":
                try reader.members { (key, reader) throws(Failure) in
                    let text = try reader.stringIfPresent()
                    if key == "severity" || key == "urgency" { affected.severity = text }
                }
            default: try reader.skip()
            }
        }
        return affected
    }

    private static func range(_ reader: inout FeedJSONReader) throws(Failure) -> Range {
        var range = Range()
        try reader.members { (key, reader) throws(Failure) in
            switch key {
            case "type": range.type = try reader.stringIfPresent() ?? ""
            case "events":
                try reader.elements { (reader) throws(Failure) in
                    try reader.members { (key, reader) throws(Failure) in
                        guard let text = try reader.stringIfPresent() else { return }
                        switch key {
                        case "introduced": range.events.append(.introduced(text))
                        case "fixed": range.events.append(.fixed(text))
                        case "last_affected": range.events.append(.lastAffected(text))
                        case "limit": range.events.append(.limit(text))
                        default: break
                        }
                    }
                }
            default: try reader.skip()
            }
        }
        return range
    }
}
