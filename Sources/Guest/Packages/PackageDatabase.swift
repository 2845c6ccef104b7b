import ImageStore
import Model

/// dpkg's database in a tree: the status file, and the file lists of the packages.
package struct PackageDatabase {
    package static let folder: TreePath = "/var/lib/dpkg"
    package static let statusFile: TreePath = "/var/lib/dpkg/status"
    package static let infoFolder: TreePath = "/var/lib/dpkg/info"

    package private(set) var packages: [PackageEntry]

    /// A missing status file is an empty database.
    package init(_ guest: any TreeView) throws(Failure) {
        guard let bytes = try Self.bytes(of: Self.statusFile, in: guest) else {
            packages = []
            return
        }
        packages = []
        for stanza in try ControlFile.parse(bytes, file: Self.statusFile.description) {
            let entry = PackageEntry(stanza)
            guard Self.isPackageName(entry.name) else {
                throw Failure(
                    .invalid, "\(Self.statusFile) has a package named '\(entry.name.prefix(80))', which is no package name")
            }
            packages.append(entry)
        }
    }

    /// A file of a package database; nil where it is missing. Larger ones, and ones of more lines, are refused: a status file of some
    /// thousand packages has 5 MB and 200,000 lines, and what is made of a line in memory is larger than the line.
    static func bytes(of file: TreePath, in view: any TreeView) throws(Failure) -> [UInt8]? {
        guard let content = try view.resolvedNode(file)?.content else { return nil }
        return try bytes(of: content, file, in: view)
    }

    /// The same where links of the folder around the file were followed already, to `folder`: of many files, this takes a third of the time.
    static func bytes(of file: TreePath, lyingIn folder: TreePath, of view: any TreeView) throws(Failure) -> [UInt8]? {
        guard let name = file.last, let node = try view.node(at: folder.appending(name)) else { return nil }
        guard let content = node.content else { return try bytes(of: file, in: view) }
        return try bytes(of: content, file, in: view)
    }

    private static func bytes(of content: FileContent, _ file: TreePath, in view: any TreeView) throws(Failure) -> [UInt8] {
        let bytes = try content.bytes(from: view.objects, limit: maximumFile)
        guard bytes.count(where: { $0 == 0x0A }) <= maximumLines else {
            throw Failure(.exhausted, "\(file) of the image has more than \(maximumLines) lines")
        }
        return bytes
    }

    private static let maximumFile = 32 << 20
    private static let maximumLines = 1_000_000

    package func packages(named name: String) -> [PackageEntry] { packages.filter { $0.name == name } }

    /// The entry that a package of this name and architecture takes the place of.
    func predecessor(of entry: PackageEntry) -> PackageEntry? {
        packages.first {
            $0.name == entry.name && (!$0.isMultiArchSame || !entry.isMultiArchSame || $0.architecture == entry.architecture)
        }
    }

    /// Puts an entry in place of its predecessor, or where the order of names wants it.
    mutating func put(_ entry: PackageEntry) {
        packages.removeAll {
            $0.name == entry.name && (!$0.isMultiArchSame || !entry.isMultiArchSame || $0.architecture == entry.architecture)
        }
        let position = packages.firstIndex { ($0.name, $0.architecture) > (entry.name, entry.architecture) } ?? packages.count
        packages.insert(entry, at: position)
    }

    func write(to guest: TreeEditor) throws(Failure) {
        try guest.write(ControlFile.bytes(packages.map(\.stanza)), to: Self.statusFile)
    }

    /// A status file in which these packages are held and all else is as it is. Names of a foreign architecture's packages end with it:
    /// `libc6:i386`.
    package func statusFile(holding names: Set<String>) -> [UInt8] {
        ControlFile.bytes(
            packages.map { entry in
                guard names.contains(entry.name) || names.contains("\(entry.name):\(entry.architecture)") else {
                    return entry.stanza
                }
                var stanza = entry.stanza
                var status = entry.status
                status.want = "hold"
                stanza["Status"] = status.description
                return stanza
            })
    }

    /// The architecture of the image: that of its dpkg.
    package var nativeArchitecture: String? { packages.first { $0.name == "dpkg" }?.architecture }

    // MARK: Files of a package

    /// A path in `info`: `bash.list`.
    static func infoFile(_ entry: PackageEntry, _ ending: String) throws(Failure) -> TreePath {
        try infoFolder.appending("\(entry.infoName).\(ending)")
    }

    /// The paths that a package owns, as its list has them.
    package static func files(of entry: PackageEntry, in guest: any TreeView) throws(Failure) -> [TreePath] {
        let path = try infoFile(entry, "list")
        guard try guest.exists(path), let bytes = try guest.read(path) else { return [] }
        var paths: [TreePath] = []
        for line in bytes.split(separator: 0x0A) where line != [0x2F, 0x2E] { paths.append(try TreePath(parsing: line)) }
        return paths
    }

    static func writeList(_ paths: [TreePath], of entry: PackageEntry, to guest: TreeEditor) throws(Failure) {
        let lines = [Array("/.".utf8)] + paths.map(\.bytes)
        try guest.write(Array(lines.joined(separator: [0x0A])) + [0x0A], to: try infoFile(entry, "list"))
    }

    /// Debian policy 5.6.1; also keeps a name from being a path.
    static func isPackageName(_ name: String) -> Bool {
        guard let first = name.utf8.first, name.utf8.count <= 200, isLowerOrDigit(first) else { return false }
        return name.utf8.allSatisfy { isLowerOrDigit($0) || [0x2B, 0x2D, 0x2E].contains($0) }
    }

    private static func isLowerOrDigit(_ byte: UInt8) -> Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }
}
