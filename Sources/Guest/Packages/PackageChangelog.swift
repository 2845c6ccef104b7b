import Archive
import ImageStore
import Model

/// What a Debian package's changelog says of some of its versions (deb-changelog(5)).
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
    private static let maximumEntries = 1000
    private static let maximumLine = 4000

    /// The distinct `CVE-2024-1234` in all points, sorted.
    package var vulnerabilities: [String] { Set(entries.flatMap(\.points).flatMap(Self.vulnerabilities)).sorted() }

    /// `CVE-`, four digits, `-`, four to seven digits.
    private static func vulnerabilities(in point: String) -> [String] {
        let bytes = Array(point.utf8)
        var names: [String] = []
        var index = 0
        while index + 13 <= bytes.count {
            guard bytes[index..<(index + 4)].elementsEqual("CVE-".utf8) else {
                index += 1
                continue
            }
            let year = bytes[(index + 4)..<(index + 8)]
            let number = bytes[(index + 9)...].prefix { 0x30...0x39 ~= $0 }
            if year.allSatisfy({ 0x30...0x39 ~= $0 }), bytes[index + 8] == 0x2D, 4...7 ~= number.count {
                names.append(String(decoding: bytes[index..<number.endIndex], as: UTF8.self))
            }
            index += 4
        }
        return names
    }

    /// The first point of the newest version that says something, without the list below it.
    package var headline: String {
        let points = entries.flatMap(\.points)
        let plain = points.first { !$0.hasPrefix("[") && !$0.lowercased().hasPrefix("non-maintainer upload") }
        let point = plain ?? points.first ?? ""
        return trimmed(point[..<(point.firstRange(of: " - ")?.lowerBound ?? point.endIndex)])
    }

    /// Of the versions above `old` up to `new`, from `/usr/share/doc/<package>/changelog.Debian.gz`; nil where the image has no
    /// changelog of the package.
    package init?(of package: String, from old: String, to new: String, in view: any TreeView) throws(Failure) {
        guard let name = Name(package), let first = try? PackageVersion(parsing: old),
            let last = try? PackageVersion(parsing: new),
            let bytes = try Self.read(name, view)
        else { return nil }
        entries = Self.parse(bytes) { version in
            guard let version = try? PackageVersion(parsing: version) else { return .skip }
            return first < version && !(last < version) ? .take : .skip
        }
    }

    /// Of the versions above `old`: the entries before the first one that is not newer.
    package init(_ bytes: [UInt8], above old: String) {
        entries = Self.parse(bytes) { VersionOrder.dpkg.isBefore(old, $0) == true ? .take : .stop }
    }

    /// What becomes of an entry.
    package enum Choice { case take, skip, stop }

    /// The entries that are taken, in their order.
    package static func parse(_ bytes: [UInt8], _ choose: (_ version: String) -> Choice) -> [Entry] {
        var entries: [Entry] = []
        // Nil between entries that are taken.
        var open: (version: String, urgency: String)?
        var points: [String] = []
        func close() {
            if let open { entries.append(Entry(version: open.version, urgency: open.urgency, points: points)) }
        }
        for line in bytes.split(separator: 0x0A) where line.first != 0x20 || open != nil {
            let text = String(decoding: line.prefix(maximumLine), as: UTF8.self)
            if let found = header(text) {
                close()
                let choice = choose(found.version)
                open = choice == .take ? found : nil
                points = []
                if choice == .stop || entries.count == maximumEntries { return entries }
            } else if text.hasPrefix("  ") {
                let point = trimmed(text)
                if point.hasPrefix("* ") || point.hasPrefix("[") || points.isEmpty {
                    points.append(point.hasPrefix("* ") ? trimmed(point.dropFirst(2)) : point)
                } else {
                    points[points.count - 1] += " " + point
                }
            }
        }
        close()
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
