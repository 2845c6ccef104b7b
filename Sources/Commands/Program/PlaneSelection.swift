import Model
import Platform
import Recipes
import Text

/// The plane that a command works on: what `ingot.yaml` says, and in whose name the command acts.
enum PlaneSelection {
    /// `file` must be there where it is named; without a name, `ingot.yaml` counts if it is there.
    static func settings(_ file: String?, actor word: String?) throws(Failure) -> PlaneSettings {
        var settings = PlaneSettings.single
        if let file = file ?? (Files.exists(PlaneDocument.fileName) ? PlaneDocument.fileName : nil) {
            settings = try PlaneDocument.settings(try read(file), file: file)
        }
        if let word { settings.actor = try account(word, settings).id }
        return settings
    }

    private static func read(_ file: String) throws(Failure) -> [UInt8] {
        do throws(SystemError) { return try Files.read(file) } catch {
            throw Failure(
                error.isNotFound ? .notFound : .io, "the document \(file) of the plane cannot be read",
                hint: "write its accounts into it, or name another file by --config or INGOT_CONFIG", cause: error)
        }
    }

    /// The account of an id or a name.
    static func account(_ word: String, _ settings: PlaneSettings) throws(Failure) -> Account {
        if let account = settings.directory.accounts.first(where: { $0.id.description == word || $0.name == word }) {
            return account
        }
        let known = settings.directory.accounts.flatMap { [$0.name, $0.id.description] }
        throw Failure(
            .notFound, "there is no account \"\(word)\" in the plane",
            hint: Suggestion.hint(for: word, among: known) ?? "`ingot accounts` lists what there is")
    }
}
