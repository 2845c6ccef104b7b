import CommandLineKit
import Model
import Pipeline
import Recipes

/// A pipeline as a command line names it, and the documents that belong to it.
struct PipelineSelection {
    static let argument = Argument<String>(
        "pipeline", "The pipeline: a name, for pipelines/NAME.yaml, or the path of a file", values: .dynamic("pipeline"))

    let documents: DocumentLibrary
    let pipeline: PipelineDocument

    init(_ word: String, _ context: CommandContext) throws(Failure) {
        let isPath = word.contains("/") || word.hasSuffix(".yaml") || word.hasSuffix(".yml")
        documents = isPath ? DocumentLibrary(containing: word) : context.documents
        pipeline = try documents.pipeline(word)
    }

    func recipe(_ stages: [any Stage.Type]) throws(Failure) -> Recipe {
        try documents.recipe(pipeline.recipeReference, stages: stages)
    }
}
