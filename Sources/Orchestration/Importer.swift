import Cloud
import Crypto
import Disks
import ImageStore
import Model
import Platform
import Recipes
import Sandbox

/// What a root filesystem from outside is in. A folder is a folder in any case.
package enum ImportForm: Hashable, Sendable {
    /// tar or cpio, in any compression.
    case archive
    case disk(DiskForm)
}

/// Brings a root filesystem from outside into a region: an archive, a folder, or the one on a disk.
package struct Importer {
    private let workspace: Workspace
    private let region: any Region
    private let form: ImportForm?
    private let progress: @Sendable (_ done: UInt64, _ total: UInt64) -> Void

    /// Where no form is given it is seen from the file.
    package init(
        _ workspace: Workspace, region: any Region, form: ImportForm? = nil,
        progress: @escaping @Sendable (_ done: UInt64, _ total: UInt64) -> Void = { _, _ in }
    ) {
        self.workspace = workspace
        self.region = region
        self.form = form
        self.progress = progress
    }

    /// A tree, and the disk that its files were read from, where they were.
    private struct Content {
        var result: ImportResult
        var disk: ImportedDisk?
    }

    /// The tree of an archive, a folder or a disk, durable in a store; without one, in the region's. Nothing is registered.
    package func tree(of source: String, to store: ObjectStore? = nil) throws(Failure) -> ImportResult {
        try read(source, to: store) { file, form, intake throws(Failure) in
            Content(result: ImportResult(try intake.files(of: file, form)))
        }.result
    }

    /// As `tree`, with the very bytes of a disk.
    private func content(of source: String, to store: ObjectStore) throws(Failure) -> Content {
        try read(source, to: store) { file, form, intake throws(Failure) in
            let read = try intake.run(file, form)
            guard let files = read.files else { throw read.reason ?? Failure(.invalid, "the disk has no root file system") }
            return Content(result: ImportResult(files), disk: ImportedDisk(root: read.disk, volumeSize: read.volumeSize))
        }
    }

    private func read(
        _ source: String, to store: ObjectStore? = nil,
        disk: (borrowing FileDescriptor, DiskForm, DiskIntake) throws(Failure) -> Content
    ) throws(Failure) -> Content {
        let target = if let store { store } else { try workspace.store(of: region) }
        let writer = try StoreWriter(target)
        let content: Content
        if try isFolder(source) {
            content = Content(
                result: try DirectoryImport(
                    source, into: writer, cacheFolder: workspace.cacheFolder, environment: workspace.environment,
                    progress: progress
                ).run())
        } else if case .disk(let form) = try found(source) {
            let intake = DiskIntake(
                into: writer, folder: workspace.home + "/tmp", environment: workspace.environment, progress: progress)
            do throws(Failure) { content = try disk(try open(source), form, intake) } catch {
                if error.code == .cancelled { throw error }
                throw Failure(error.code, "the disk \(source) cannot be imported", hint: error.hint, cause: error)
            }
        } else {
            content = Content(
                result: try ArchiveImport(
                    source, into: writer, cacheFolder: workspace.cacheFolder, environment: workspace.environment,
                    progress: progress
                ).run())
        }
        try writer.publish()
        return content
    }

    /// The form that was given, or what the first bytes say.
    private func found(_ source: String) throws(Failure) -> ImportForm {
        if let form { return form }
        let file = try open(source)
        do throws(DiskError) { return try DiskFile.form(of: file).map { .disk($0) } ?? .archive } catch {
            throw Failure(error.kind == .io ? .io : .invalid, "\(source) cannot be imported: \(error.description)", cause: error)
        }
    }

    private func open(_ source: String) throws(Failure) -> FileDescriptor {
        do throws(SystemError) { return try FileDescriptor.open(source, .read) } catch {
            throw Failure(error.isNotFound ? .notFound : .io, "\(source) cannot be imported", cause: error)
        }
    }

    private func isFolder(_ source: String) throws(Failure) -> Bool {
        let status: Files.Status
        do throws(SystemError) { status = try Files.status(Files.resolved(source)) } catch {
            throw Failure(
                error.isNotFound ? .notFound : .io, "\(source) cannot be imported",
                hint: "name an archive, a disk or a folder", cause: error)
        }
        // A device or a pipe may never end.
        guard status.isDirectory || status.isRegular else {
            throw Failure(
                .invalid, "\(source) is neither a file nor a folder", hint: "name an archive, a disk or a folder")
        }
        guard !status.isDirectory || form == nil else {
            throw Failure(.invalid, "\(source) is a folder, which has no format", hint: "leave the format out")
        }
        return status.isDirectory
    }

    /// Imports `source` and registers it as the next version of `name`. An unchanged tree gives the image that is there, also where it
    /// comes from a file of another name. Of a disk the image has the files of the root file system, and its snapshot the very bytes.
    package func run(
        _ source: String, as name: ResourceName, version: VersionPattern, architecture: Architecture = .x86, tags: TagSet
    ) throws(Failure) -> (ImportResult, Sealed) {
        // A lease keeps the tree until the image is in the catalogue: this one in the open store, `place`'s in that of a key.
        let lease = try StoreWriter(try workspace.store(of: region))
        let place = try BuildPlace(of: nil, on: nil, in: region, workspace)
        defer { withExtendedLifetime((lease, place)) {} }
        let content = try content(of: source, to: place.store)
        let imported = content.result
        let properties = ImageProperties(
            recipe: name, version: version, nameTemplate: .usual, pipeline: name,
            description: "imported root filesystem", architecture: architecture, volumes: [], tags: tags,
            parent: nil, baseImage: "file:\(Files.name(of: source))",
            source: imported.root, disk: content.disk, began: workspace.now)
        return (
            imported,
            try Sealer(workspace, region: region, place: place).seal(
                imported.root, properties, token: "import-\(try workspace.token())")
        )
    }
}

extension ImportResult {
    /// Of a disk all is read, and sockets are not told.
    fileprivate init(_ disk: DiskImport.Result) {
        self.init(root: disk.root, files: disk.files, bytes: disk.bytes, reused: 0, skipped: [])
    }
}
