import Cloud
import Crypto
import ImageStore
import Model
import Platform
import Recipes

/// A parent image that was found: its tree is where the build works.
package struct ResolvedParent: Sendable {
    /// Nil for scratch.
    package var root: Digest?
    /// The image in the catalogue; nil for scratch and for a file.
    package var image: ImageRecord?
    /// For people and for the tag `ingot:base-image`.
    package var description: String
}

/// Finds the image that a recipe builds on, and brings it to where the build works.
struct Parents {
    let workspace: Workspace
    let region: any Region
    /// The names of the recipes that there are, for hints.
    var recipes: [String] = []

    /// What a recipe builds on.
    enum Found {
        case scratch
        /// An available image.
        case image(ImageRecord, root: Digest)
        case file(String)

        var image: ImageRecord? { if case .image(let image, _) = self { image } else { nil } }
    }

    func find(_ recipe: Recipe) throws(Failure) -> Found {
        switch recipe.parentImage {
        case .scratch: return .scratch
        case .catalogue(let name, let versions): return try usable(try catalogue(name, versions ?? .any))
        case .image(let id): return try usable(try region.image(id))
        case .file(let path): return .file(path.hasPrefix("/") ? path : recipe.baseFolder + "/" + path)
        }
    }

    func bring(_ found: Found, to place: BuildPlace) throws(Failure) -> ResolvedParent {
        switch found {
        case .scratch: return ResolvedParent(root: nil, image: nil, description: "scratch")
        case .image(let image, let root):
            if image.key != place.key || image.region != region.name { try move(root, of: image, to: place.store) }
            return ResolvedParent(
                root: root, image: image, description: image.release?.description ?? image.name.description)
        case .file(let file):
            let imported = try Importer(workspace, region: region).tree(of: file, to: place.store)
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

    private func catalogue(_ name: ResourceName, _ versions: VersionSelector) throws(Failure) -> ImageRecord {
        if let image = try region.latest(of: name, versions) { return image }
        // A plan copies no image; it works on the content.
        if let image = try latestElsewhere(of: name, versions) { return image }
        throw Failure(
            .notFound, "the parent image \(name)/\(versions) is not in \(region.name), and in no other region",
            hint: nearest(to: "\(name)/\(versions)")
                ?? "build it first with a pipeline of the recipe '\(name)', or import one: ingot import \(name) rootfs.tar.zst")
    }

    /// What there is instead; nil where nothing is near. A region that cannot be read has nothing.
    private func nearest(to word: String) -> String? {
        let regions = (try? workspace.plane.regions()) ?? []
        let images = regions.flatMap { (try? workspace.plane.region($0).images(ImageFilter())) ?? [] }
        return ImageHint(among: images, recipes: recipes).near(word)
    }

    /// The content of a parent that is under another key than the build's, or in another region.
    private func move(_ root: Digest, of image: ImageRecord, to store: ObjectStore) throws(Failure) {
        let contents = try workspace.contents(of: image)
        let writer = try StoreWriter(store)
        if writer.holds(root) { return }
        _ = try Transfer(from: contents, to: writer).run(root)
        try writer.publish()
    }

    private func usable(_ image: ImageRecord) throws(Failure) -> Found {
        guard image.state == .available, let root = image.root else {
            throw Failure(
                .conflict, "the parent image \(image.id) is \(image.state)", hint: "only an available image can be built on")
        }
        return .image(image, root: root)
    }
}
