import Archive
import Guest
import Model

/// The changelogs in Debian packages, and the vulnerabilities that their newer entries name (deb-changelog(5)).
///
/// A package may have its folder of documentation in another one of the same source, so a changelog counts for all packages of a source.
struct Changelogs {
    private struct Log {
        let file: String
        let text: [UInt8]
    }

    /// By source, and version of the source.
    private var logs: [String: Log] = [:]
    /// Name and version of a package, to its source and that one's version.
    private var sources: [String: String] = [:]

    private static let maximumLog = 32 << 20

    init(_ archives: [PackageArchive]) throws(Failure) {
        for archive in archives {
            let package = InstalledPackage(archive.entry)
            let source = "\(package.sourceName) \(package.sourceVersion)"
            sources["\(package.name) \(package.version)"] = source
            guard logs[source] == nil, let text = try Self.changelog(of: package.name, in: archive) else { continue }
            logs[source] = Log(file: archive.file, text: text)
        }
    }

    private static func changelog(of name: String, in archive: PackageArchive) throws(Failure) -> [UInt8]? {
        let folder = "usr/share/doc/\(name)"
        // A native package has no Debian changelog beside its own.
        for file in ["changelog.Debian.gz", "changelog.gz", "changelog.Debian.amd64.gz"] {
            guard let bytes = try archive.data(at: ["\(folder)/\(file)"]) else { continue }
            do throws(ArchiveError) { return try Decompression.whole(of: bytes, limit: maximumLog) } catch {
                throw Failure(.invalid, "the changelog in \(archive.file) cannot be read", cause: error)
            }
        }
        return nil
    }

    /// What the entries above the installed version name; nil where there is no changelog of the candidate.
    func vulnerabilities(of subject: Subject, candidate: String) -> (ids: [String], file: String)? {
        guard let source = sources["\(subject.name) \(candidate)"], let log = logs[source] else { return nil }
        return (Self.names(in: log.text, above: subject.sourceVersion), log.file)
    }

    /// The distinct names in entries whose version is newer than `version`.
    static func names(in changelog: [UInt8], above version: String) -> [String] {
        var names: Set<String> = []
        for line in changelog.split(separator: 0x0A) {
            let text = String(decoding: line.prefix(4000), as: UTF8.self)
            if let entry = entryVersion(text) {
                guard VersionOrder.dpkg.isBefore(version, entry) == true else { break }
            } else {
                names.formUnion(Self.names(in: text))
            }
        }
        return names.sorted()
    }

    /// `name (version) distribution; urgency=low`
    private static func entryVersion(_ line: String) -> String? {
        guard let first = line.first, first.isLetter || first.isNumber, let open = line.firstIndex(of: "("),
            let close = line.firstIndex(of: ")"), open < close, line.contains("urgency=")
        else { return nil }
        return String(line[line.index(after: open)..<close])
    }

    /// `CVE-`, four digits, `-`, four to seven digits.
    private static func names(in line: String) -> [String] {
        let bytes = Array(line.utf8)
        let start = Array("CVE-".utf8)
        var names: [String] = []
        var index = 0
        while index + 13 <= bytes.count {
            guard bytes[index..<(index + 4)].elementsEqual(start) else {
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
}
