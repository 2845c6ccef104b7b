import Archive
import Crypto
import ImageStore
import Model

/// The unpacking of one package's data over what is there.
final class PackageUnpacking {
    private let archive: PackageArchive
    private let old: PackageEntry?
    private let installer: PackageInstaller
    private var guest: TreeEditor { installer.guest }
    private let owner: PackageInstaller.Owner

    /// The package's paths in the order of the archive, as they go into its list.
    private(set) var paths: [TreePath] = []
    private(set) var filesWritten = 0
    /// The package's `md5sums`, where it brings none itself.
    private(set) var sums: [UInt8] = []
    private(set) var keptConfiguration: [String] = []
    /// What the status entry records.
    private(set) var configurationFiles: [PackageEntry.ConfigurationFile] = []
    /// The places in the tree that the package has now.
    private var places: Set<TreePath> = []
    private let newConfiguration: Set<TreePath>
    private var recorded: [TreePath: PackageEntry.ConfigurationFile] = [:]
    private var digests: [TreePath: String] = [:]

    init(_ archive: PackageArchive, replacing old: PackageEntry?, in installer: PackageInstaller) {
        self.archive = archive
        self.old = old
        self.installer = installer
        owner = PackageInstaller.Owner(name: archive.entry.name, infoName: archive.entry.infoName)
        newConfiguration = Set(archive.configurationFiles.compactMap { try? TreePath(parsing: $0) })
    }

    /// Takes what the database knows of the previous version's configuration files.
    func readConfiguration() throws(Failure) {
        for file in old?.configurationFiles ?? [] { recorded[try TreePath(parsing: file.path)] = file }
    }

    // MARK: Entries

    func put(_ entry: ArchiveEntry, _ content: FileContent?) throws(Failure) {
        let path = try TreePath(parsing: entry.path)
        if path.isRoot { return }
        paths.append(path)
        let target = try installer.place(of: installer.diversions.target(of: path, package: archive.entry.name))
        places.insert(target)
        if case .directory = entry.kind { return try putDirectory(entry, at: target) }
        try verifyOwnership(of: target, path)
        if let content, newConfiguration.contains(path) { return try putConfiguration(entry, content, path, target) }
        try putNode(try node(entry, content), at: target)
        filesWritten += 1
        if let content { try note(content, path) }
    }

    /// Adds a line to the sums that dpkg makes of a package which brings none.
    private func note(_ content: FileContent, _ path: TreePath) throws(Failure) {
        if archive.controlFiles["md5sums"] != nil { return }
        sums += MD5.hex(of: try content.bytes(from: guest.objects, limit: 1 << 30)).utf8
        sums += Array("  ".utf8) + path.bytes.dropFirst() + [0x0A]
    }

    private func putDirectory(_ entry: ArchiveEntry, at target: TreePath) throws(Failure) {
        if let there = try guest.resolvedNode(target) {
            guard there.isDirectory else {
                throw Failure(.conflict, "\(archive.file) has the folder \(target), which is a file in the image")
            }
            return
        }
        try guest.put(Node(metadata(entry), .directory(Self.anyDigest)), at: target)
    }

    /// Puts a file, link or device in place of a file; a folder that is there is not replaced.
    private func putNode(_ node: Node, at target: TreePath) throws(Failure) {
        if let there = try guest.node(at: target) {
            if there.isDirectory {
                throw Failure(.conflict, "\(archive.file) has \(target) as a file or link, it is a folder in the image")
            }
            // As by rename: another name of the old file keeps the old contents.
            try guest.remove(target)
        }
        try guest.put(node, at: target)
        if node.isSymlink { installer.forgetPlaces() }
    }

    private func node(_ entry: ArchiveEntry, _ content: FileContent?) throws(Failure) -> Node {
        let metadata = metadata(entry)
        switch entry.kind {
        case .file:
            guard let content else { throw Failure(.bug, "\(entry.displayPath) came without its content") }
            return Node(metadata, .file(content, links: 1))
        case .symbolicLink(let target): return Node(metadata, .symlink(target: target))
        case .hardLink(let name): return try hardLink(name)
        case .characterDevice(let major, let minor): return Node(metadata, .characterDevice(major: major, minor: minor))
        case .blockDevice(let major, let minor): return Node(metadata, .blockDevice(major: major, minor: minor))
        case .fifo: return Node(metadata, .fifo)
        case .directory, .socket:
            throw Failure(.invalid, "\(archive.file) has \(entry.displayPath), which cannot be put into an image")
        }
    }

    private func hardLink(_ name: [UInt8]) throws(Failure) -> Node {
        let path = try TreePath(parsing: name)
        let file = try installer.place(of: installer.diversions.target(of: path, package: archive.entry.name))
        guard let node = try guest.node(at: file) else {
            throw Failure(.invalid, "\(archive.file) has a hard link to \(path), which it does not hold")
        }
        if case .hardLink = node.kind { return node }
        guard node.content != nil else { throw Failure(.invalid, "\(archive.file) has a hard link to \(path), which is no file") }
        return Node(node.metadata, .hardLink(file))
    }

    private func metadata(_ entry: ArchiveEntry) -> Metadata {
        let (seconds, overflow) = entry.modified.seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return Metadata(
            mode: entry.mode, uid: entry.owner, gid: entry.group,
            modified: overflow ? 0 : seconds &+ Int64(entry.modified.nanoseconds),
            attributes: entry.attributes.map { Metadata.Attribute(name: $0.name, value: $0.value) })
    }

    /// `put` takes the digest of a folder that is there, and an empty folder is what this stands for.
    private static let anyDigest = SHA256.digest(of: DirectoryCoding.encode([]))

    // MARK: Owners

    /// Refuses to take a file that belongs to another package, unless this one says that it replaces it.
    private func verifyOwnership(of target: TreePath, _ path: TreePath) throws(Failure) {
        let others = (installer.owners[target] ?? []).filter { $0.infoName != owner.infoName && $0.infoName != old?.infoName }
        for other in others {
            let entries = installer.database.packages.filter { $0.infoName == other.infoName && $0.status.isOnDisk }
            guard let entry = entries.first else { continue }
            // Installations of one Multi-Arch: same package for several architectures share their files.
            if entry.name == owner.name && entry.isMultiArchSame && archive.entry.isMultiArchSame { continue }
            let replaced = try Dependencies.parse(archive.entry.stanza["Replaces"]).joined()
            guard replaced.contains(where: { $0.isMet(by: entry) }) else {
                throw Failure(
                    .conflict, "\(archive.file) has \(path), which belongs to the package \(entry.name) \(entry.version)",
                    hint: "the two packages cannot be installed together, or the newer one lacks a Replaces field")
            }
            var kept: [TreePath] = []
            for listed in try PackageDatabase.files(of: entry, in: guest) where try installer.place(of: listed) != target {
                kept.append(listed)
            }
            var hasFiles = false
            for listed in kept where !hasFiles { hasFiles = try guest.resolvedNode(listed)?.isDirectory == false }
            guard hasFiles else {
                throw Failure(
                    .conflict, "\(archive.file) takes the last file of the package \(entry.name), which would disappear by that",
                    hint: "such a package can be put in by dpkg only")
            }
            try PackageDatabase.writeList(kept, of: entry, to: guest)
            installer.owners[target]?.removeAll { $0 == other }
        }
    }

    // MARK: Configuration files

    /// The policy of `--force-confold`: a file that was changed in the image stays, the package's one is put beside it.
    private func putConfiguration(
        _ entry: ArchiveEntry, _ content: FileContent, _ path: TreePath, _ target: TreePath
    ) throws(Failure) {
        let place = try guest.resolve(target)
        let bytes = try content.bytes(from: guest.objects, limit: Self.maximumConfiguration)
        let new = MD5.hex(of: bytes)
        digests[path] = new
        try note(content, path)
        let before = recorded[path].flatMap { $0.isObsolete ? nil : $0.digest }
        let there = try guest.read(place, limit: Self.maximumConfiguration)
        let current = there.map { MD5.hex(of: $0) }
        if current == new || before == new { return }
        filesWritten += 1
        if current == nil && before == nil { return try putNode(try node(entry, content), at: place) }
        if current == before { return try guest.write(bytes, to: place) }
        // Changed or deleted by the administrator, and to stay so.
        keptConfiguration.append(path.description)
        let beside = try place.parent.appending("\(place.last?.description ?? "").dpkg-dist")
        try putNode(try node(entry, content), at: beside)
    }

    private static let maximumConfiguration = 64 << 20

    /// Makes the status entry's list: the new files in the order of the package, then those that are no longer in it.
    func finishConfiguration() throws(Failure) {
        for name in archive.configurationFiles {
            guard let digest = digests[try TreePath(parsing: name)] else { continue }
            configurationFiles.append(PackageEntry.ConfigurationFile(path: name, digest: digest, isObsolete: false))
        }
        for file in old?.configurationFiles ?? [] {
            let path = try TreePath(parsing: file.path)
            let target = try installer.place(of: path)
            guard digests[path] == nil, !places.contains(target), try guest.node(at: target) != nil else { continue }
            configurationFiles.append(PackageEntry.ConfigurationFile(path: file.path, digest: file.digest, isObsolete: true))
            paths.append(path)
            places.insert(target)
        }
    }

    // MARK: The previous version

    /// Removes what the previous version had and this one has not; returns how many files. Notes the new owners.
    func removeOld() throws(Failure) -> Int {
        var removed = 0
        if let old, old.status.isOnDisk {
            for path in try PackageDatabase.files(of: old, in: guest).sorted().reversed() {
                let target = try installer.place(of: installer.diversions.target(of: path, package: old.name))
                installer.owners[target]?.removeAll { $0.infoName == old.infoName }
                guard !places.contains(target), try remove(target) else { continue }
                removed += 1
            }
        }
        for place in places { installer.owners[place, default: []].append(owner) }
        return removed
    }

    /// Removes one old path, unless another package has it or it is a folder with something in it.
    private func remove(_ target: TreePath) throws(Failure) -> Bool {
        guard let node = try guest.node(at: target), installer.owners[target]?.isEmpty ?? true else { return false }
        if node.isDirectory {
            guard try guest.children(of: target)?.isEmpty ?? false else { return false }
            // The folder may be what a new path goes through by another name.
            if places.contains(where: { $0.isWithin(target) }) { return false }
        } else if node.isSymlink, try guest.resolvedNode(target)?.isDirectory ?? false {
            // The new version may have its files behind the link.
            let behind = try guest.resolve(target)
            if places.contains(where: { $0.isWithin(behind) }) { return false }
        }
        try guest.remove(target)
        return !node.isDirectory
    }
}
