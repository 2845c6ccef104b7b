import Crypto
import ImageStore
import Model

/// dpkg's status file, with the lists and checksums in `info`, see dpkg(1) and deb822(5).
struct DpkgSource: PackageSource {
    let file = PackageDatabase.statusFile
    private let view: any TreeView
    private let entries: [PackageEntry]

    /// Nil where the image has no status file.
    init?(in view: any TreeView) throws(Failure) {
        guard try view.resolvedNode(PackageDatabase.statusFile)?.content != nil else { return nil }
        self.view = view
        entries = try PackageDatabase(view).packages.filter(\.status.isOnDisk)
    }

    func forEachPackage(_ body: (InstalledPackage) throws(Failure) -> Void) throws(Failure) {
        let automatic = try Self.automaticPackages(in: view)
        for entry in entries {
            var package = InstalledPackage(entry)
            if let automatic {
                package.reason = automatic.contains("\(entry.name):\(entry.architecture)") ? .dependency : .requested
            }
            try body(package)
        }
    }

    func forEachPath(_ body: (PackagedPath) throws(Failure) -> Void) throws(Failure) {
        for entry in entries {
            let file = try PackageDatabase.infoFile(entry, "list")
            guard let bytes = try PackageDatabase.bytes(of: file, in: view) else { continue }
            for line in bytes.split(separator: 0x0A) where line != [0x2F, 0x2E] {
                try body(PackagedPath(package: entry.name, path: line))
            }
        }
    }

    func forEachDigest(
        of share: PackageShare, _ body: (PackagedPath, VendorDigest) throws(Failure) -> Void
    ) throws(Failure) {
        let folder = try view.resolve(PackageDatabase.infoFolder)
        for entry in share.part(of: entries) {
            let sums = try PackageDatabase.infoFile(entry, "md5sums")
            if let bytes = try PackageDatabase.bytes(of: sums, lyingIn: folder, of: view) {
                try Self.forEachSum(bytes, of: entry.name, body)
            }
            for file in entry.configurationFiles {
                guard let digest = VendorDigest(.md5, hex: file.digest) else { continue }
                try body(PackagedPath(package: entry.name, path: Array(file.path.utf8)[...], isConfiguration: true), digest)
            }
        }
    }

    /// The lines `digest  path` of a file of checksums; lines that are none are passed over, so that their files count as unknown.
    static func forEachSum(
        _ bytes: [UInt8], of package: String, _ body: (PackagedPath, VendorDigest) throws(Failure) -> Void
    ) throws(Failure) {
        var next = 0
        while next < bytes.count {
            let start = next
            let end = lineEnd(bytes.span, from: start)
            next = end + 1
            guard end - start > 34, bytes[start + 32] == 0x20, let digest = VendorDigest(.md5, hex: bytes[start..<start + 32])
            else { continue }
            var path = start + 33
            while path < end && (bytes[path] == 0x20 || bytes[path] == 0x2A) { path += 1 }
            try body(PackagedPath(package: package, path: bytes[path..<end]), digest)
        }
    }

    /// Where the next line feed stands, or the bytes end. An image has 20,000 such lines.
    private static func lineEnd(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var end = start
        while end < bytes.count && bytes[end] != 0x0A { end += 1 }
        return end
    }

    /// apt's record of the packages that nobody asked for, as `name:architecture`; nil where apt keeps none.
    private static func automaticPackages(in view: any TreeView) throws(Failure) -> Set<String>? {
        let file: TreePath = "/var/lib/apt/extended_states"
        guard let bytes = try PackageDatabase.bytes(of: file, in: view) else { return nil }
        var names: Set<String> = []
        for stanza in try ControlFile.parse(bytes, file: file.description) where stanza["Auto-Installed"] == "1" {
            names.insert("\(stanza["Package"] ?? ""):\(stanza["Architecture"] ?? "")")
        }
        return names
    }
}

extension InstalledPackage {
    /// What a stanza of a status file, or of a package's control file, says.
    package init(_ entry: PackageEntry) {
        let source = Self.source(entry.stanza["Source"])
        self.init(
            manager: .dpkg, name: entry.name, version: Version(entry.version), sourceName: source.name,
            sourceVersion: source.version)
        architecture = entry.architecture
        vendor = entry.stanza["Origin"]
        maintainer = entry.stanza["Maintainer"]
        summary = entry.stanza.lines("Description").first ?? ""
        homepage = entry.stanza["Homepage"]
        // In KiB.
        installedSize =
            (entry.stanza["Installed-Size"].flatMap { UInt64($0) } ?? 0).multipliedReportingOverflow(by: 1024)
            .partialValue
        requires = Self.names(entry.stanza["Pre-Depends"]) + Self.names(entry.stanza["Depends"])
        provides = Self.names(entry.stanza["Provides"]).joined().map { $0 }
    }

    /// `name` or `name (version)`.
    private static func source(_ text: String?) -> (name: String?, version: String?) {
        guard let text else { return (nil, nil) }
        let name = trimmed(text.prefix { $0 != "(" })
        guard let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")"), open < close else { return (name, nil) }
        return (name, trimmed(text[text.index(after: open)..<close]))
    }

    /// The names of a relation field, alternatives together. What cannot be read is left out: it only says how packages hang together.
    private static func names(_ field: String?) -> [[String]] {
        (field ?? "").split(separator: ",").compactMap { clause in
            let names = clause.split(separator: "|").map { alternative in
                trimmed(alternative).prefix { !" ([:".contains($0) }
            }
            return names.isEmpty ? nil : names.map(String.init)
        }
    }
}
