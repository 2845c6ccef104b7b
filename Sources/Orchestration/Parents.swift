import Cloud
import Crypto
import ImageStore
import Model
import Platform
import Recipes

/// A parent image that was found: its tree is in the store of the build's region.
package struct ResolvedParent: Sendable {
    /// Nil for scratch.
    package var root: Digest?
    /// The image in the catalogue; nil for scratch and for a file.
    package var image: ImageRecord?
    /// For people and for the tag `ingot:base-image`.
    package var description: String
}

/// Finds the image that a recipe builds on.
struct Parents {
    let workspace: Workspace
    let region: any Region

    func resolve(_ recipe: Recipe) throws(Failure) -> ResolvedParent {
        switch recipe.parentImage {
        case .scratch: return ResolvedParent(root: nil, image: nil, description: "scratch")
        case .catalogue(let name, let versions): return try catalogue(name, versions ?? .any)
        case .image(let id):
            let image = try region.image(id)
            return try use(image)
        case .file(let path):
            let file = path.hasPrefix("/") ? path : recipe.baseFolder + "/" + path
            let imported = try Importer(workspace, region: region).tree(of: file)
            return ResolvedParent(root: imported.root, image: nil, description: "file:\(Files.name(of: file))")
        }
    }

    /// The highest version in any other region. A region that cannot be read has none.
    func latestElsewhere(of name: ResourceName, _ versions: VersionSelector) throws(Failure) -> ImageRecord? {
        var found: ImageRecord?
        for other in try workspace.plane.regions() where other != region.name {
            guard let image = try? workspace.plane.region(other).latest(of: name, versions), let version = image.release?.version
            else { continue }
            if found?.release.map({ $0.version < version }) ?? true { found = image }
        }
        return found
    }

    private func catalogue(_ name: ResourceName, _ versions: VersionSelector) throws(Failure) -> ResolvedParent {
        if let image = try region.latest(of: name, versions) { return try use(image) }
        // A plan copies no image; it works on the content.
        if let image = try latestElsewhere(of: name, versions) { return try use(image) }
        throw Failure(
            .notFound, "the parent image \(name)/\(versions) is not in \(region.name), and in no other region",
            hint: "build it first with a pipeline of the recipe '\(name)', or import one: ingot import \(name) rootfs.tar.zst")
    }

    /// Stages work in the region's open store, where what they made is until it is collected; so the content of an encrypted parent, or of one
    /// in another region, must be there too.
    private func open(_ image: ImageRecord, _ root: Digest) throws(Failure) {
        let contents = try workspace.contents(of: image)
        let writer = try StoreWriter(try workspace.store(of: region))
        if writer.holds(root) { return }
        _ = try Transfer(from: contents, to: writer).run(root)
        try writer.publish()
    }

    private func use(_ image: ImageRecord) throws(Failure) -> ResolvedParent {
        guard image.state == .available, let root = image.root else {
            throw Failure(
                .conflict, "the parent image \(image.id) is \(image.state)", hint: "only an available image can be built on")
        }
        if image.key != nil || image.region != region.name { try open(image, root) }
        return ResolvedParent(root: root, image: image, description: image.release?.description ?? image.name.description)
    }
}
