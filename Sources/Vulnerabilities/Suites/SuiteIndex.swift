import Archive
import Crypto
import Guest
import ImageStore
import Model
import Platform

/// A signed index of one suite of a Debian archive: what version of each package it has.
package struct SuiteIndex: Sendable {
    /// What a report says of it.
    package let summary: SuiteSummary
    /// What the suite has of the packages that were asked for.
    let offers: [Offer]

    struct Offer: Hashable, Sendable {
        let name: String
        let version: String
        let architecture: String
    }

    private static let maximumIndex = 160 << 20
    private static let compressions = ["", ".xz", ".gz", ".zst", ".lz4", ".bz2"]

    /// All suites in a folder, either apt's lists (`…_InRelease` and `…_Packages` beside it), or a suite of a mirror (`InRelease`, and
    /// `main/binary-amd64/Packages.xz` below it).
    ///
    /// A file counts only if a key that the image trusts for it signed its `InRelease`, and if its SHA-256 stands there. An index past its
    /// `Valid-Until` counts too: the summary says until when it was valid. With `unsigned`, signatures are not asked for, and the
    /// summary says that nobody is known to have made the index.
    package static func all(
        in folder: String, for view: any TreeView, unsigned: Bool = false, environment: Environment
    ) throws(Failure) -> [SuiteIndex] {
        let packages = try InstalledPackages(in: view).packages.filter { $0.manager == .dpkg }
        let signature = try SuiteSignature(of: view, in: environment)
        let wanted = Set(packages.map(\.name))
        let native = packages.first { $0.name == "dpkg" }?.architecture ?? "amd64"
        let names = Files.names(in: folder)
        var releases = names.filter { $0.hasSuffix("_InRelease") }.sorted().map {
            (file: $0, prefix: $0.dropLast("InRelease".count))
        }
        if names.contains("InRelease") { releases.append(("InRelease", "")) }
        guard !releases.isEmpty else {
            throw Failure(
                .notFound, "\(folder) has no InRelease file",
                hint: "give apt's lists, as /var/lib/apt/lists, or the folder dists/<suite> of a mirror")
        }
        let suites = try releases.map { (release) throws(Failure) in
            let file = "\(folder)/\(release.file)"
            let prefix = String(release.prefix)
            let signed =
                unsigned
                ? SuiteSignature.Signed(text: SuiteSignature.unchecked(try read(file)), fingerprints: [], isPinned: false)
                : try signature.signedText(of: try read(file), file: file, prefix: prefix)
            let parsed = try InRelease(parsing: String(decoding: signed.text, as: UTF8.self), url: file)
            return try SuiteIndex(
                parsed, signed, folder: folder, prefix: String(release.prefix), wanted: wanted, architectures: [native, "all"])
        }
        // apt keeps no list of a suite that is empty; a folder without any is a mistake.
        guard suites.contains(where: { !$0.summary.files.isEmpty }) else {
            throw Failure(
                .notFound, "\(folder) has an InRelease file and none of its package indexes",
                hint: "put Packages or Packages.xz of the image's architecture beside it")
        }
        return suites
    }

    /// A digest of the signed files of a folder, which name all indexes by their digests.
    package static func digest(of folder: String) throws(Failure) -> Digest {
        var hasher = SHA256()
        for name in Files.names(in: folder).sorted() where name == "InRelease" || name.hasSuffix("_InRelease") {
            hasher.update("\(name) \(SHA256.digest(of: try read("\(folder)/\(name)")).hex)\n")
        }
        return hasher.finish()
    }

    private init(
        _ release: InRelease, _ signed: SuiteSignature.Signed, folder: String, prefix: String, wanted: Set<String>,
        architectures: [String]
    ) throws(Failure) {
        var offers: Set<Offer> = []
        var files: [SuiteSummary.File] = []
        for path in architectures.flatMap({ release.packageIndexes(of: $0) }) {
            let name = prefix.isEmpty ? path : prefix + String(path.map { $0 == "/" ? "_" : $0 })
            for compression in Self.compressions where Files.exists("\(folder)/\(name)\(compression)") {
                let file = "\(folder)/\(name)\(compression)"
                let raw = try Self.read(file)
                let plain: [UInt8]
                do throws(ArchiveError) { plain = try Decompression.whole(of: raw, limit: Self.maximumIndex) } catch {
                    throw Failure(.invalid, "\(file) cannot be decompressed", cause: error)
                }
                // apt keeps its lists in another compression than the mirror's, so the plain text's digest counts too.
                let digest = SHA256.digest(of: raw).hex
                let isAsPublished = release.digest(of: path + compression) == digest
                guard isAsPublished || release.digest(of: path) == SHA256.digest(of: plain).hex else {
                    throw Failure(.denied, "\(file) is not the index that its InRelease file was signed for")
                }
                offers.formUnion(Self.offers(plain, wanted))
                files.append(.init(path: file, sha256: digest))
                break
            }
        }
        self.offers = release.isNotAutomatic ? [] : Array(offers)
        summary = SuiteSummary(
            suite: release.title, date: release.date.description, validUntil: release.validUntil?.description, files: files,
            isUsed: !release.isNotAutomatic && !files.isEmpty, signedBy: signed.fingerprints, isPinned: signed.isPinned)
    }

    private static func read(_ file: String) throws(Failure) -> [UInt8] {
        do throws(SystemError) { return try Files.read(file, limit: maximumIndex) } catch {
            throw Failure(.io, "\(file) cannot be read", cause: error)
        }
    }

    /// The paragraphs of wanted packages, of which three fields are kept: an index has sixty thousand.
    static func offers(_ bytes: [UInt8], _ wanted: Set<String>) -> Set<Offer> {
        var offers: Set<Offer> = []
        var (name, version, architecture) = ("", "", "")
        func finish() {
            if !name.isEmpty, !version.isEmpty {
                offers.insert(Offer(name: name, version: version, architecture: architecture))
            }
            (name, version, architecture) = ("", "", "")
        }
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
            switch start < end ? bytes[start] : 0x0A {
            case 0x0A: finish()
            case UInt8(ascii: "P"):
                if let value = value(of: "Package:", bytes[start..<end]), wanted.contains(value) { name = value }
            case UInt8(ascii: "V"):
                if !name.isEmpty, let value = value(of: "Version:", bytes[start..<end]) { version = value }
            case UInt8(ascii: "A"):
                if !name.isEmpty, let value = value(of: "Architecture:", bytes[start..<end]) { architecture = value }
            default: break
            }
            start = end + 1
        }
        finish()
        return offers
    }

    private static func value(of field: StaticString, _ line: ArraySlice<UInt8>) -> String? {
        let length = field.utf8CodeUnitCount
        guard line.count > length, line[line.startIndex + length - 1] == 0x3A,
            line.prefix(length).elementsEqual("\(field)".utf8)
        else { return nil }
        return String(decoding: line.dropFirst(length).drop { $0 == 0x20 }, as: UTF8.self)
    }
}

/// What a report says of a suite.
package struct SuiteSummary: Codable, Hashable, Sendable {
    /// `Debian bookworm-security`
    package var suite: String
    /// When it was published, as its signed file says.
    package var date: String
    /// Until when the archive wants it used; nil where it does not say.
    package var validUntil: String?
    package var files: [File]
    /// False for one from which apt takes nothing by itself, or that has no index here.
    package var isUsed: Bool
    /// Fingerprints of the keys that signed it; none where that was not asked for.
    package var signedBy: [String]
    /// Whether a source of the image says which keys may sign it.
    package var isPinned: Bool

    package struct File: Codable, Hashable, Sendable {
        package var path: String
        package var sha256: String
    }
}
