import Archive
import ImageStore
import Model

/// What a Debian package's changelog says of the versions between two: `/usr/share/doc/<package>/changelog.Debian.gz`
/// (deb-changelog(5)).
package struct PackageChangelog: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        package let version: String
        /// `medium`, `high`
        package let urgency: String
        /// The points, each on one line, without their stars.
        package let points: [String]
    }

    /// Newest first.
    package let entries: [Entry]

    /// Changelogs of many years are cut off here: what is new stands first.
    private static let maximumSize = 4 << 20
    private static let maximumEntries = 200

    /// `CVE-2024-1234`, sorted.
    package var vulnerabilities: [String] {
        var found: Set<String> = []
        for point in entries.flatMap(\.points) {
            for word in point.split(whereSeparator: { !$0.isLetter && !$0.isNumber && $0 != "-" }) where word.hasPrefix("CVE-") {
                let parts = word.split(separator: "-")
                guard parts.count == 3, parts[1].count == 4, parts[2].count >= 4, parts.dropFirst().allSatisfy({ Int($0) != nil })
                else {
                    continue
                }
                found.insert(parts.joined(separator: "-"))
            }
        }
        return found.sorted()
    }

    /// The first point of the newest version that says something, without the list below it.
    package var headline: String {
        let points = entries.flatMap(\.points)
        let plain = points.first { !$0.hasPrefix("[") && !$0.lowercased().hasPrefix("non-maintainer upload") }
        let point = plain ?? points.first ?? ""
        return trimmed(point[..<(point.firstRange(of: " - ")?.lowerBound ?? point.endIndex)])
    }

    /// Of the versions above `old` up to `new`; nil where the image has no changelog of the package.
    package init?(of package: String, from old: String, to new: String, in view: any TreeView) throws(Failure) {
        guard let name = Name(package), let first = try? PackageVersion(parsing: old),
            let last = try? PackageVersion(parsing: new),
            let bytes = try Self.read(name, view)
        else { return nil }
        entries = Self.parse(bytes) { version in
            guard let version = try? PackageVersion(parsing: version) else { return false }
            return first < version && !(last < version)
        }
    }

    /// - Parameter isWanted: whether the entry of a version is taken.
    package static func parse(_ bytes: [UInt8], _ isWanted: (String) -> Bool) -> [Entry] {
        var entries: [Entry] = []
        var head: (version: String, urgency: String)?
        var points: [String] = []
        for line in bytes.split(separator: 0x0A) {
            let text = String(decoding: line, as: UTF8.self)
            if let found = header(text) {
                if let head, isWanted(head.version) {
                    entries.append(Entry(version: head.version, urgency: head.urgency, points: points))
                }
                if entries.count == maximumEntries { return entries }
                (head, points) = (found, [])
            } else if text.hasPrefix("  ") {
                let point = trimmed(text)
                if point.hasPrefix("* ") || point.hasPrefix("[") {
                    points.append(point.hasPrefix("* ") ? trimmed(point.dropFirst(2)) : point)
                } else if !points.isEmpty, !point.isEmpty {
                    points[points.count - 1] += " " + point
                }
            }
        }
        if let head, isWanted(head.version) {
            entries.append(Entry(version: head.version, urgency: head.urgency, points: points))
        }
        return entries
    }

    /// `openssl (3.0.11-1) bookworm-security; urgency=medium`
    private static func header(_ line: String) -> (version: String, urgency: String)? {
        guard let first = line.first, !first.isWhitespace, let open = line.firstIndex(of: "("),
            let close = line[open...].firstIndex(of: ")"),
            let semicolon = line[close...].firstIndex(of: ";")
        else { return nil }
        let urgency = line[semicolon...].split(separator: "=").last.map { trimmed($0) } ?? ""
        return (String(line[line.index(after: open)..<close]), urgency)
    }

    private static func read(_ package: Name, _ view: any TreeView) throws(Failure) -> [UInt8]? {
        for file in ["changelog.Debian.gz", "changelog.gz", "changelog.Debian"] {
            let path = try ("/usr/share/doc" as TreePath).appending(package).appending(file)
            guard let node = try view.resolvedNode(path), node.content != nil else { continue }
            let bytes = try view.read(path, limit: maximumSize) ?? []
            do throws(ArchiveError) { return try Decompression.bytes(of: bytes, limit: maximumSize) } catch { return nil }
        }
        return nil
    }
}
