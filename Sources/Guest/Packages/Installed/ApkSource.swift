import ImageStore
import Model

/// apk's record of installed packages: blocks of `K:value` lines, an empty line after each, as apk-tools document them under
/// "installed database V2". The order of lines counts: `F:` names a folder, the `R:` lines behind it files in it, and a `Z:` behind
/// a file its checksum.
struct ApkSource: PackageSource {
    let file: TreePath
    private let blocks: [[ArraySlice<UInt8>]]
    private let requested: Set<String>

    private static let places: [TreePath] = ["/lib/apk/db/installed", "/usr/lib/apk/db/installed"]

    /// Nil where the image has no apk database.
    init?(in view: any TreeView) throws(Failure) {
        for place in Self.places {
            guard let bytes = try PackageDatabase.bytes(of: place, in: view) else { continue }
            self.init(file: place, bytes: bytes, world: try LineFile("/etc/apk/world", in: view))
            return
        }
        return nil
    }

    private init(file: TreePath, bytes: [UInt8], world: LineFile) {
        self.file = file
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        blocks = lines.split { $0.isEmpty }.map { Array($0) }
        requested = Set(world.indices.flatMap { world.words($0) }.map { Self.name(of: $0) })
    }

    /// The name in `name>=1.2`, `name@repository` or `name`.
    private static func name(of relation: some StringProtocol) -> String {
        String(relation.prefix { !"<>=~@".contains($0) })
    }

    func forEachPackage(_ body: (InstalledPackage) throws(Failure) -> Void) throws(Failure) {
        for block in blocks {
            var fields: [UInt8: String] = [:]
            for line in block.prefix(while: { $0.first != UInt8(ascii: "F") }) where line.count > 2 {
                guard line[line.startIndex + 1] == 0x3A, let key = line.first else { continue }
                fields[key] = String(decoding: line.dropFirst(2), as: UTF8.self)
            }
            guard let package = package(fields) else {
                throw Failure(.invalid, "\(file) has a block without a name and a version")
            }
            try body(package)
        }
    }

    private func package(_ fields: [UInt8: String]) -> InstalledPackage? {
        func field(_ key: Character) -> String? { key.asciiValue.flatMap { fields[$0] } }
        guard let name = field("P"), let version = field("V") else { return nil }
        var package = InstalledPackage(
            manager: .apk, name: name, version: .init(version), sourceName: field("o"))
        package.architecture = field("A") ?? ""
        package.maintainer = field("m")
        package.license = field("L")
        package.summary = field("T") ?? ""
        package.homepage = field("U")
        package.installedSize = field("I").flatMap { UInt64($0) } ?? 0
        package.reason = requested.isEmpty ? nil : requested.contains(name) ? .requested : .dependency
        // `!name` is a conflict.
        package.requires = (field("D") ?? "").split(separator: " ").filter { $0.first != "!" }.map { [Self.name(of: $0)] }
        package.provides = (field("p") ?? "").split(separator: " ").map { Self.name(of: $0) }
        return package
    }

    func forEachPath(_ body: (PackagedPath) throws(Failure) -> Void) throws(Failure) {
        try forEachFile { (path, _) throws(Failure) in try body(path) }
    }

    func forEachDigest(
        of share: PackageShare, _ body: (PackagedPath, VendorDigest) throws(Failure) -> Void
    ) throws(Failure) {
        guard share.isFirst else { return }
        try forEachFile { (path, digest) throws(Failure) in if let digest { try body(path, digest) } }
    }

    private func forEachFile(_ body: (PackagedPath, VendorDigest?) throws(Failure) -> Void) throws(Failure) {
        for block in blocks {
            let name = block.first { $0.starts(with: Array("P:".utf8)) }.map { String(decoding: $0.dropFirst(2), as: UTF8.self) }
            guard let name else { continue }
            var folder: [UInt8] = []
            var pending: PackagedPath?
            for line in block where line.count >= 2 && line[line.startIndex + 1] == 0x3A {
                let value = line.dropFirst(2)
                switch line.first {
                case UInt8(ascii: "F"):
                    if let file = pending { try body(file, nil) }
                    pending = nil
                    folder = Array(value)
                    if !folder.isEmpty { try body(PackagedPath(package: name, path: folder[...]), nil) }
                case UInt8(ascii: "R"):
                    if let file = pending { try body(file, nil) }
                    // apk protects what is below /etc.
                    let isConfiguration = folder.starts(with: Array("etc".utf8))
                    pending = PackagedPath(package: name, path: (folder + [0x2F] + value)[...], isConfiguration: isConfiguration)
                case UInt8(ascii: "Z"):
                    if let file = pending { try body(file, VendorDigest(apk: value)) }
                    pending = nil
                default: break
                }
            }
            if let file = pending { try body(file, nil) }
        }
    }
}
