import Cloud
import Model
import Text

/// What to do about a word that means none of some images: one of the recipe that is not available, the versions that there are, or a
/// name that is near.
package struct ImageHint {
    private let images: [ImageRecord]
    /// Names of recipes that may have no image yet.
    private let recipes: [String]

    private static let maximumVersions = 8

    package init(among images: [ImageRecord], recipes: [String] = []) {
        self.images = images
        self.recipes = recipes
    }

    /// As `near`, or all names where none is near and they are few.
    package func text(for word: String) -> String? { near(word) ?? Suggestion.hint(for: word, among: names) }

    /// `word` is a recipe's name, with or without `/` and a version, or an AMI's name. Nil where nothing is known that helps.
    package func near(_ word: String) -> String? {
        let parts = word.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let ofRecipe = images.filter { $0.release?.recipe.description == parts[0] }
        if !ofRecipe.isEmpty { return text(parts[0], parts.count > 1 ? try? VersionSelector(parsing: parts[1]) : .any, ofRecipe) }
        if let near = Suggestion.nearest(to: word, among: names) { return "did you mean '\(near)'?" }
        guard parts.count > 1, let near = Suggestion.nearest(to: parts[0], among: names) else { return nil }
        return "did you mean '\(near)/\(parts[1])'?"
    }

    private var names: [String] {
        let known = images.flatMap { [$0.name.description] + ($0.release.map { [$0.recipe.description] } ?? []) }
        return Set(recipes + known).sorted()
    }

    /// Of a recipe that has images. `versions` is nil where what is asked for is no version.
    private func text(_ recipe: String, _ versions: VersionSelector?, _ images: [ImageRecord]) -> String? {
        let asked = images.filter { image in image.release.map { versions?.matches($0.version) ?? false } ?? false }
        if let image = asked.max(by: Self.isOlder), image.state != .available {
            let name = "\(image.release?.description ?? recipe) (\(image.id) in \(image.region)) is \(image.state)"
            return image.state == .disabled ? "\(name): `ingot enable \(image.id)`" : name
        }
        let there = Set(images.filter { $0.state == .available }.compactMap { $0.release?.version }).sorted()
        if there.isEmpty { return nil }
        let last = there.suffix(Self.maximumVersions).map(\.description).joined(separator: ", ")
        return "the \(there.count > Self.maximumVersions ? "newest " : "")versions of \(recipe) are \(last)"
    }

    private static func isOlder(_ a: ImageRecord, _ b: ImageRecord) -> Bool {
        guard let a = a.release?.version, let b = b.release?.version else { return false }
        return a < b
    }
}
