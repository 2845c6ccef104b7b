import Model
import Platform
import Text

/// The documents of a folder, by name: `recipes/<name>.yaml` (or `recipes/<name>@<version>.yaml`), `pipelines/<name>.yaml`, `profiles/<name>.yaml`.
package struct DocumentLibrary: Sendable {
    /// The folder that holds `recipes`, `pipelines` and `profiles`.
    package let root: String

    package enum Kind: String, Sendable, CaseIterable {
        case recipes, pipelines, profiles

        /// One of them, for messages.
        var noun: String { String(rawValue.dropLast()) }
    }

    package init(root: String) { self.root = root }

    /// The library that a document belongs to: the folder above the document's, when that has the name of a kind.
    package init(containing file: String) {
        let folder = Files.parent(of: file)
        let isKind = Kind(rawValue: Files.name(of: folder)) != nil
        root = isKind ? Files.parent(of: folder) : folder
    }

    /// The names of all documents of a kind, sorted.
    package func names(_ kind: Kind) -> [String] {
        Files.names(in: folder(kind)).filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(".yaml".count)) }
    }

    /// The file of a document. `reference` is a name, or a path when it has a `/` or ends in `.yaml` or `.yml`; paths are taken from the
    /// working directory. `Failure(.notFound)` where there is no such file.
    package func file(_ kind: Kind, _ reference: String) throws(Failure) -> String {
        if Self.isPath(reference) {
            guard Files.exists(reference) else {
                let near = Suggestion.nearest(to: Files.name(of: reference), among: Files.names(in: Files.parent(of: reference)))
                throw Failure(
                    .notFound, "there is no \(kind.noun) file \(reference)",
                    hint: near.map { "did you mean '\(Self.join(Files.parent(of: reference), $0))'?" })
            }
            return reference
        }
        let file = Self.join(folder(kind), reference + ".yaml")
        guard Files.exists(file) else {
            throw Failure(
                .notFound, "there is no \(kind.noun) '\(reference)': \(file) does not exist",
                hint: Suggestion.hint(for: reference, among: names(kind)))
        }
        return file
    }

    /// The bytes of a document, and its file.
    package func read(_ kind: Kind, _ reference: String) throws(Failure) -> (bytes: [UInt8], file: String) {
        let file = try file(kind, reference)
        do throws(SystemError) {
            return (try Files.read(file), file)
        } catch {
            throw Failure(.io, "the \(kind.noun) \(file) could not be read", cause: error)
        }
    }

    /// The document of one version of a recipe that has one for each.
    package static func reference(_ name: ResourceName, _ version: VersionPattern) -> String { "\(name)@\(version)" }

    package func recipe(_ reference: String, stages: [any StageDefinition.Type]) throws(Failure) -> Recipe {
        let (bytes, file) = try read(.recipes, reference)
        return try Recipe(bytes, file: file, stages: stages)
    }

    package func pipeline(_ reference: String) throws(Failure) -> PipelineDocument {
        let (bytes, file) = try read(.pipelines, reference)
        return try PipelineDocument(bytes, file: file)
    }

    /// A recipe, the recipe of its parent image, and so on, as far as the library has them. Recipes that are each other's parents are
    /// `Failure(.invalid)`.
    package func lineage(of recipe: Recipe, stages: [any StageDefinition.Type]) throws(Failure) -> [Recipe] {
        var lineage = [recipe]
        var last = recipe
        let known = Set(names(.recipes))
        while case .catalogue(let parent, _) = last.parentImage, known.contains(parent.description) {
            if let start = lineage.firstIndex(where: { $0.name == parent }) {
                let circle = (lineage[start...].map { $0.name.description } + [parent.description]).joined(separator: " → ")
                throw Failure(
                    .invalid, "recipes are each other's parent images: \(circle)",
                    hint: "give one of them a parentImage outside of this circle")
            }
            last = try self.recipe(parent.description, stages: stages)
            lineage.append(last)
        }
        return lineage
    }

    private func folder(_ kind: Kind) -> String { Self.join(root, kind.rawValue) }

    private static func isPath(_ reference: String) -> Bool {
        reference.contains("/") || reference.hasSuffix(".yaml") || reference.hasSuffix(".yml")
    }

    /// A name in a folder; the working directory is not written out.
    private static func join(_ folder: String, _ name: String) -> String {
        folder == "." ? name : folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
    }
}
