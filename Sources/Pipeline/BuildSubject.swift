import Crypto
import ImageStore
import Model
import Recipes

/// What a plan or a run is about: a recipe on a certain parent tree.
package struct BuildSubject: Sendable {
    package var recipe: Recipe
    /// The root digest of the parent image's tree; nil for scratch.
    package var parent: Digest?
    /// What the stages may ask while they say what they read. `earlier` is filled in for each stage.
    package var inputs: InputContext

    package init(recipe: Recipe, parent: Digest?, inputs: InputContext) {
        self.recipe = recipe
        self.parent = parent
        self.inputs = inputs
    }

    /// Nanoseconds since 1970.
    var date: Int64? { recipe.sourceDate.flatMap(\.nanoseconds) }

    /// The tree that the first stage starts from.
    var start: Digest { parent ?? TreeEditor.emptyRoot(date: date) }

    /// The stage of an entry. Entries are decoded from the registry's types, which are all stages.
    func stage(_ entry: StageEntry) throws(Failure) -> any Stage {
        guard let stage = entry.stage as? any Stage else { throw Failure(.bug, "the stage '\(entry.name)' cannot be run") }
        return stage
    }

    func inputs(before entry: StageEntry) -> InputContext {
        var context = inputs
        context.earlier = Array(recipe.stages.prefix(entry.position))
        return context
    }

    /// The key of an entry that starts from a tree. Reads what the stage reads from outside.
    func key(of entry: StageEntry, on tree: Digest) throws(Failure) -> StageKey {
        let read = try stage(entry).inputs(inputs(before: entry))
        return StageKey(
            entry: entry, parent: tree, architecture: recipe.architecture.rawValue, date: date, inputs: read)
    }
}
