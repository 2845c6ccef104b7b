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
        return (PackageChangelog(log.text, above: subject.sourceVersion).vulnerabilities, log.file)
    }
}
