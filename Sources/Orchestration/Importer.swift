import Cloud
import Crypto
import ImageStore
import Model
import Platform
import Recipes

/// Brings a root filesystem from outside into a region: an archive or a folder.
package struct Importer {
    private let workspace: Workspace
    private let region: any Region
    private let progress: @Sendable (_ done: UInt64, _ total: UInt64) -> Void

    package init(
        _ workspace: Workspace, region: any Region,
        progress: @escaping @Sendable (_ done: UInt64, _ total: UInt64) -> Void = { _, _ in }
    ) {
        self.workspace = workspace
        self.region = region
        self.progress = progress
    }

    /// The tree of an archive or a folder, durable in the region's store. Nothing is registered.
    package func tree(of source: String) throws(Failure) -> ImportResult {
        let store = try workspace.store(of: region)
        let writer = try StoreWriter(store)
        let imported: ImportResult
        if try isFolder(source) {
            imported = try DirectoryImport(
                source, into: writer, cacheFolder: workspace.cacheFolder, environment: workspace.environment, progress: progress
            ).run()
        } else {
            imported = try ArchiveImport(
                source, into: writer, cacheFolder: workspace.cacheFolder, environment: workspace.environment, progress: progress
            ).run()
        }
        try writer.publish()
        return imported
    }

    private func isFolder(_ source: String) throws(Failure) -> Bool {
        let status: Files.Status
        do throws(SystemError) { status = try Files.status(Files.resolved(source)) } catch {
            throw Failure(
                error.isNotFound ? .notFound : .io, "\(source) cannot be imported", hint: "name an archive or a folder",
                cause: error)
        }
        // A device or a pipe may never end.
        guard status.isDirectory || status.isRegular else {
            throw Failure(.invalid, "\(source) is neither a file nor a folder", hint: "name an archive or a folder")
        }
        return status.isDirectory
    }

    /// Imports `source` and registers it as the next version of `name`. An unchanged tree gives the image that is there, also where it
    /// comes from a file of another name.
    package func run(
        _ source: String, as name: ResourceName, version: VersionPattern, architecture: Architecture = .x86, tags: TagSet
    ) throws(Failure) -> (ImportResult, Sealed) {
        // The lease keeps the tree until the image is in the catalogue.
        let lease = try StoreWriter(try workspace.store(of: region))
        defer { withExtendedLifetime(lease) {} }
        let imported = try tree(of: source)
        let properties = ImageProperties(
            recipe: name, version: version, nameTemplate: .usual, pipeline: name,
            description: "imported root filesystem", architecture: architecture, volumes: [], tags: tags, parent: nil,
            baseImage: "file:\(Files.name(of: source))",
            source: imported.root, began: workspace.now)
        return (
            imported,
            try Sealer(workspace, region: region).seal(imported.root, properties, token: "import-\(try workspace.token())")
        )
    }
}
