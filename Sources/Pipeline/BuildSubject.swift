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
    package var start: Digest { parent ?? TreeEditor.emptyRoot(date: date) }

    /// The stage of an entry. Entries are decoded from the registry's types, which are all stages.
    func stage(_ entry: StageEntry) throws(Failure) -> any Stage {
        guard let stage = entry.stage as? any Stage else { throw Failure(.bug, "the stage '\(entry.name)' cannot be run") }
        return stage
    }

    /// What the entry's stage may ask. `tree` is the one it starts from, where that is known.
    func inputs(of entry: StageEntry, on tree: Digest?) -> InputContext {
        var context = inputs
        context.architecture = recipe.architecture.rawValue
        context.earlier = Array(recipe.stages.prefix(entry.position))
        context.tree = tree
        return context
    }

    /// The entries that make the tree, in order.
    package var stages: [StageEntry] { entries(.tree) }

    /// The entries that run on the sealed image.
    package var tests: [StageEntry] { entries(.sealedImage) }

    private func entries(_ subject: StageSubject) -> [StageEntry] {
        recipe.stages.filter { type(of: $0.stage).subject == subject }
    }

    /// What an entry's stage, which started from a tree, demands of the sealed one.
    package func sealDemand(of entry: StageEntry, on tree: Digest) throws(Failure) -> SealDemand? {
        try stage(entry).sealDemand(inputs(of: entry, on: tree))
    }

    /// Fails where one of the entries, from a position on, could not run on this machine.
    package func checkRequirements(from position: Int = 0) throws(Failure) {
        for entry in recipe.stages where entry.position >= position {
            do throws(Failure) { try stage(entry).checkRequirements(inputs(of: entry, on: nil)) } catch {
                throw Failure(error.code, "the stage '\(entry.name)' cannot run here", hint: error.hint, cause: error)
            }
        }
    }

    /// The key of an entry that starts from a tree. Reads what the stage reads from outside.
    func key(of entry: StageEntry, on tree: Digest) throws(Failure) -> StageKey {
        let read = try stage(entry).inputs(inputs(of: entry, on: tree))
        return StageKey(
            entry: entry, parent: tree, architecture: recipe.architecture.rawValue, date: date, inputs: read)
    }
}
