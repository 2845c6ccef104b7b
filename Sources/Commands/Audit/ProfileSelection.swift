import Model
import Platform
import Recipes
import Text

extension CommandContext {
    /// The file of a hardening profile: a name in `recipes/profiles` or `profiles` below the working directory, or a path.
    func profileFile(_ word: String) throws(Failure) -> String {
        if word.contains("/") || word.hasSuffix(".yaml") || word.hasSuffix(".yml") { return word }
        for folder in ProfileSelection.folders where Files.exists("\(folder)/\(word).yaml") { return "\(folder)/\(word).yaml" }
        throw Failure(
            .notFound, "there is no profile '\(word)' in \(ProfileSelection.folders.joined(separator: " or "))",
            hint: Suggestion.hint(for: word, among: ProfileSelection.names) ?? "name the profile's file")
    }
}

/// Where hardening profiles are looked for.
enum ProfileSelection {
    static let folders = ["recipes/profiles", "profiles"]

    /// The names of all hardening profiles.
    static var names: [String] {
        folders.flatMap { Files.names(in: $0) }.filter { $0.hasSuffix(".yaml") && !$0.hasPrefix("scrub-") }.map {
            String($0.dropLast(5))
        }
    }
}
