import Cloud
import Model
import Orchestration

/// Finds the image that a word of the command line means.
///
/// `[region:]` and an AMI id, an AMI's name, or a recipe's name with or without `/` and a version. Without a region all regions are looked
/// at. Where several have a match, an original wins over copies, and of copies of one content the region that comes first by name. What is
/// left must be one image: two originals that differ are an error that names both.
struct ImageSelection {
    let workspace: Workspace
    /// Looked in alone, where it is given and the word names no region itself.
    let region: RegionName?
    /// Others are not found.
    var isShown: (ImageRecord) -> Bool = { _ in true }

    func image(_ word: String) throws(Failure) -> ImageRecord {
        let (named, name) = Self.split(word)
        let regions: [RegionName]
        if let only = named ?? region { regions = [only] } else { regions = try workspace.plane.regions() }
        var matches: [ImageRecord] = []
        for place in regions {
            let region = try workspace.plane.region(place)
            do throws(Failure) { matches += [try region.resolve(name)].filter(isShown) } catch {
                if error.code != .notFound { throw error }
            }
        }
        if matches.isEmpty { throw try notFound(name, regions) }
        return try one(of: matches, name)
    }

    /// `us-west-2:web-server` into region and rest.
    static func split(_ word: String) -> (region: RegionName?, rest: String) {
        guard let colon = word.firstIndex(of: ":"), let region = try? RegionName(parsing: String(word[..<colon])) else {
            return (nil, word)
        }
        return (region, String(word[word.index(after: colon)...]))
    }

    private func one(of matches: [ImageRecord], _ name: String) throws(Failure) -> ImageRecord {
        let originals = matches.filter { $0.source == nil }
        let candidates = originals.isEmpty ? matches : originals
        let first = candidates[0]
        if candidates.allSatisfy({ $0.root == first.root && $0.release == first.release }) { return first }
        let places = candidates.map { "\($0.region) (\($0.release?.description ?? $0.id.description))" }.joined(separator: ", ")
        throw Failure(
            .conflict, "\"\(name)\" is more than one image: in \(places)", hint: "name the region, as in \(first.region):\(name)")
    }

    private func notFound(_ name: String, _ regions: [RegionName]) throws(Failure) -> Failure {
        if regions.isEmpty {
            return Failure(
                .notFound, "there is no image \"\(name)\": the workspace \(workspace.home) has no images yet",
                hint: "build a pipeline or import an image first")
        }
        var images: [ImageRecord] = []
        for region in regions { images += try workspace.plane.region(region).images(ImageFilter()).filter(isShown) }
        return Failure(
            .notFound, "there is no image \"\(name)\" in \(regions.map(\.description).joined(separator: ", "))",
            hint: ImageHint(among: images).text(for: name) ?? "`ingot images` lists what there is")
    }
}
