import Crypto
import ImageStore
import Model

/// rpm's database as a source of packages. Keys that signed packages are kept in it as packages named `gpg-pubkey`, and are left out.
struct RPMSource: PackageSource {
    private let database: RPMDatabase
    var file: TreePath { database.file }

    /// Nil where the image has no rpm database.
    init?(in view: any TreeView) throws(Failure) {
        guard let database = try RPMDatabase(in: view) else { return nil }
        self.database = database
    }

    func forEachPackage(_ body: (InstalledPackage) throws(Failure) -> Void) throws(Failure) {
        try forEachHeader { (_, header) throws(Failure) in
            guard let package = InstalledPackage(header) else {
                throw RPMDatabase.damaged(file, "a package has no version")
            }
            try body(package)
        }
    }

    func forEachPath(_ body: (PackagedPath) throws(Failure) -> Void) throws(Failure) {
        try forEachHeader { (name, header) throws(Failure) in
            for file in RPMFiles(header).all { try body(PackagedPath(package: name, path: file.path[...])) }
        }
    }

    func forEachDigest(
        of share: PackageShare, _ body: (PackagedPath, VendorDigest) throws(Failure) -> Void
    ) throws(Failure) {
        guard share.isFirst else { return }
        try forEachHeader { (name, header) throws(Failure) in
            for file in RPMFiles(header).all {
                guard let digest = file.digest else { continue }
                try body(PackagedPath(package: name, path: file.path[...], isConfiguration: file.isConfiguration), digest)
            }
        }
    }

    private func forEachHeader(_ body: (String, RPMHeader) throws(Failure) -> Void) throws(Failure) {
        try database.forEachHeader { (header) throws(Failure) in
            guard let name = header.string(.name), !name.isEmpty else {
                throw RPMDatabase.damaged(file, "a package has no name")
            }
            if name != "gpg-pubkey" { try body(name, header) }
        }
    }
}

/// The files that a header lists.
private struct RPMFiles {
    struct File {
        let path: [UInt8]
        let digest: VendorDigest?
        let isConfiguration: Bool
    }

    private(set) var all: [File] = []

    init(_ header: RPMHeader) {
        let algorithm: FileDigest.Algorithm? =
            switch header.number(.fileDigestAlgorithm) ?? 1 {
            case 1: .md5
            case 2: .sha1
            case 8: .sha256
            case 10: .sha512
            default: nil
            }
        let digests = header.strings(.fileDigests)
        let flags = header.numbers(.fileFlags)
        let states = header.numbers(.fileStates)
        for (index, path) in Self.paths(header).enumerated() {
            // A state other than 0 says that the file was left out, or replaced by another package.
            if index < states.count, states[index] != 0 { continue }
            let digest = algorithm.flatMap { index < digests.count ? VendorDigest($0, hex: digests[index]) : nil }
            let isConfiguration = index < flags.count && flags[index] & 1 != 0
            all.append(File(path: path, digest: digest, isConfiguration: isConfiguration))
        }
    }

    private static func paths(_ header: RPMHeader) -> [[UInt8]] {
        let names = header.strings(.baseNames)
        if names.isEmpty { return header.strings(.oldFileNames).map { Array($0) } }
        let folders = header.strings(.folderNames)
        return zip(names, header.numbers(.folderIndexes)).map { name, index in
            (index < folders.count ? Array(folders[Int(index)]) : []) + name
        }
    }
}

extension InstalledPackage {
    /// What a header says; nil where it has no name or no version.
    init?(_ header: RPMHeader) {
        guard let name = header.string(.name), let version = header.string(.version) else { return nil }
        let epoch = header.number(.epoch).map { Int(clamping: $0) }
        let release = header.string(.release)
        let text = (epoch.map { "\($0):" } ?? "") + version + (release.map { "-\($0)" } ?? "")
        let source = Self.source(header.string(.sourceRPM))
        self.init(
            manager: .rpm, name: name, version: Version(epoch: epoch, version: version, release: release, text: text),
            sourceName: source?.name, sourceVersion: source.map { (epoch.map { "\($0):" } ?? "") + $0.version })
        architecture = header.string(.architecture) ?? ""
        vendor = header.string(.vendor)
        maintainer = header.string(.packager)
        license = header.string(.license)
        summary = header.string(.summary) ?? ""
        homepage = header.string(.url)
        installedSize = header.number(.longSize) ?? header.number(.size) ?? 0
        modularityLabel = header.string(.modularityLabel)
        requires = header.strings(.requires).map { String(decoding: $0, as: UTF8.self) }.filter { !$0.hasPrefix("rpmlib(") }
            .map { [$0] }
        provides = header.strings(.provides).map { String(decoding: $0, as: UTF8.self) }
    }

    /// `bash-5.2.15-1.amzn2023.0.2.src.rpm`; the epoch is not in it.
    private static func source(_ file: String?) -> (name: String, version: String)? {
        guard let file, file.hasSuffix(".src.rpm") || file.hasSuffix(".nosrc.rpm") else { return nil }
        let parts = file.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 3 else { return nil }
        let ending = file.hasSuffix(".nosrc.rpm") ? ".nosrc.rpm" : ".src.rpm"
        let version = parts.suffix(2).joined(separator: "-").dropLast(ending.count)
        return (parts.dropLast(2).joined(separator: "-"), String(version))
    }
}
