import Archive
import Crypto
import ImageStore
import Model

/// Unpacks Debian packages into a tree and keeps dpkg's database true, without running anything.
///
/// What it makes is what `dpkg --force-confold --install` makes of a package without scripts. A package that needs scripts to be run,
/// its own or those of packages with an interest in its files, is refused, or left in the state `unpacked`.
package final class PackageInstaller {
    package enum Scripts: String, Sendable, CaseIterable, Codable {
        /// A package that wants to run something is refused.
        case refuse
        /// Nothing is run; the package stays `unpacked`, to be configured by `dpkg --configure` later.
        case skip
    }

    /// What was done with one package.
    package struct Result: Codable, Hashable, Sendable {
        package var package: String
        package var version: String
        package var previousVersion: String?
        package var state: String
        package var filesWritten: Int
        package var filesRemoved: Int
        /// Configuration files that were changed in the image and kept; the package's is beside as `.dpkg-dist`.
        package var keptConfiguration: [String]
        /// Scripts that were not run.
        package var skippedScripts: [String]
    }

    let guest: TreeEditor
    private let writer: any ObjectWriter
    var database: PackageDatabase
    let diversions: Diversions
    private let triggers: TriggerInterests
    private let scripts: Scripts
    /// Who has a path, by the path's place in the tree.
    var owners: [TreePath: [Owner]] = [:]
    private var parents: [TreePath: TreePath] = [:]

    struct Owner: Hashable {
        let name: String
        let infoName: String
    }

    package init(_ guest: TreeEditor, storingIn writer: any ObjectWriter, scripts: Scripts) throws(Failure) {
        self.guest = guest
        self.writer = writer
        self.scripts = scripts
        database = try PackageDatabase(guest)
        diversions = try Diversions(guest)
        triggers = try TriggerInterests(guest)
        for entry in database.packages {
            for path in try PackageDatabase.files(of: entry, in: guest) {
                owners[try place(of: path), default: []].append(Owner(name: entry.name, infoName: entry.infoName))
            }
        }
    }

    /// Puts all archives in, or throws before anything that it says was done becomes a tree: the caller drops the editor then.
    package func install(_ archives: [PackageArchive]) throws(Failure) -> [Result] {
        var results: [Result] = []
        for archive in archives { results.append(try install(archive)) }
        for archive in archives { try Dependencies.verify(archive, in: database) }
        try database.write(to: guest)
        return results
    }

    // MARK: One package

    private func install(_ archive: PackageArchive) throws(Failure) -> Result {
        let old = database.predecessor(of: archive.entry)
        try verifyArchitecture(archive, old)
        let scripts = try scriptsToRun(archive, old)
        let unpack = PackageUnpacking(archive, replacing: old, in: self)
        try unpack.readConfiguration()
        try archive.forEachEntry(storingIn: writer) { (entry, content) throws(Failure) in try unpack.put(entry, content) }
        try unpack.finishConfiguration()
        let activated = triggers.interested(in: unpack.paths, of: archive)
        if let first = activated.first, self.scripts == .refuse {
            throw needsScripts(archive, "the trigger \(first.trigger) of the package \(first.package)")
        }
        let removed = try unpack.removeOld()
        let isComplete = scripts.isEmpty && activated.isEmpty
        var entry = archive.entry
        entry.setStatus(
            PackageEntry.Status(state: isComplete ? "installed" : "unpacked"), configurationFiles: unpack.configurationFiles)
        try writeInfo(archive, old, unpack)
        database.put(entry)
        return Result(
            package: entry.name, version: entry.version, previousVersion: old.flatMap { $0.status.isOnDisk ? $0.version : nil },
            state: entry.status.state, filesWritten: unpack.filesWritten, filesRemoved: removed,
            keptConfiguration: unpack.keptConfiguration,
            skippedScripts: scripts + activated.map { "trigger \($0.trigger) of \($0.package)" })
    }

    private func verifyArchitecture(_ archive: PackageArchive, _ old: PackageEntry?) throws(Failure) {
        let architecture = archive.entry.architecture
        let foreign = try LineFile("/var/lib/dpkg/arch", in: guest)
        var known = foreign.indices.map { foreign.text($0) }
        if let native = database.nativeArchitecture { known.append(native) }
        guard architecture == "all" || known.isEmpty || known.contains(architecture) else {
            throw Failure(
                .invalid, "\(archive.file) is a package for \(architecture), the image is for \(known.joined(separator: ", "))")
        }
        if let old, old.status.isOnDisk, old.status.want == "hold" {
            throw Failure(.conflict, "the package \(old.name) is on hold in the image, \(archive.file) would replace it")
        }
    }

    /// The scripts that dpkg would run; refused unless they are to be skipped.
    private func scriptsToRun(_ archive: PackageArchive, _ old: PackageEntry?) throws(Failure) -> [String] {
        var names = archive.scripts
        if let old, old.status.isOnDisk {
            for name in ["prerm", "postrm"] where try guest.exists(PackageDatabase.infoFile(old, name)) {
                names.append("\(name) of \(old.version)")
            }
        }
        if let first = names.first, scripts == .refuse { throw needsScripts(archive, first) }
        return names
    }

    private func needsScripts(_ archive: PackageArchive, _ script: String) -> Failure {
        Failure(
            .denied, "\(archive.file) needs a script to be run that is not run here: \(script)",
            hint: "scripts need the sandbox; or leave the package unpacked and not configured by 'scripts: skip'")
    }

    private func writeInfo(_ archive: PackageArchive, _ old: PackageEntry?, _ unpack: PackageUnpacking) throws(Failure) {
        try guest.makeDirectory(PackageDatabase.infoFolder)
        if let old { try removeInfo(of: old) }
        for (name, file) in archive.controlFiles.sorted(by: { $0.key < $1.key }) {
            let metadata = Metadata(mode: file.mode & 0o755, modified: guest.date)
            try guest.write(file.bytes, to: try PackageDatabase.infoFile(archive.entry, name), metadata: metadata)
        }
        if !unpack.sums.isEmpty { try guest.write(unpack.sums, to: try PackageDatabase.infoFile(archive.entry, "md5sums")) }
        try PackageDatabase.writeList(unpack.paths, of: archive.entry, to: guest)
    }

    private func removeInfo(of old: PackageEntry) throws(Failure) {
        let prefix = old.infoName + "."
        let folder = try guest.resolve(PackageDatabase.infoFolder)
        for (name, _) in try guest.children(of: folder) ?? [] where name.description.hasPrefix(prefix) {
            // `a.b.list` is of the package a.b, not of a.
            if !name.description.dropFirst(prefix.count).contains(".") { try guest.remove(folder.appending(name)) }
        }
    }

    // MARK: Paths

    /// Where a path of a package is in the tree: links above it followed, as `/bin` -> `usr/bin`.
    func place(of path: TreePath) throws(Failure) -> TreePath {
        guard let last = path.last else { return path }
        if let known = parents[path.parent] { return known.appending(last) }
        let parent = try guest.resolve(path.parent)
        parents[path.parent] = parent
        return parent.appending(last)
    }

    /// After a link was made where paths go through.
    func forgetPlaces() { parents.removeAll() }
}
