import Model
import Text

extension Region {
    /// The image that a word means: `ami-…`; an AMI's name; or a recipe's name, alone or with `/` and a version (`1.4.x`,
    /// `1.4.2/3`), which means the available image of the highest version. `Failure(.notFound)` says what is near.
    package func resolve(_ word: String) throws(Failure) -> ImageRecord {
        if word.hasPrefix(ImageKind.prefix + "-"), let id = try? ImageID(parsing: word) { return try image(id) }
        if let name = try? AMIName(parsing: word), let found = try image(named: name) { return found }
        if let found = try release(word) { return found }
        let known = try images(ImageFilter()).flatMap {
            [$0.name.description] + ($0.release.map { [$0.recipe.description] } ?? [])
        }
        throw Failure(
            .notFound, "there is no image \"\(word)\" in \(name)",
            hint: Suggestion.hint(for: word, among: Set(known).sorted()))
    }

    private func release(_ word: String) throws(Failure) -> ImageRecord? {
        let parts = word.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let recipe = try? ResourceName(parsing: String(first)) else { return nil }
        guard parts.count == 2 else { return try latest(of: recipe, .any) }
        guard let versions = try? VersionSelector(parsing: String(parts[1])) else { return nil }
        return try latest(of: recipe, versions)
    }
}
