import Cloud
import Model
import Recipes

/// Where a pipeline's parent image is.
package enum ParentSource: Sendable {
    /// In the pipeline's region, or no image of the catalogue; or nowhere, and preparing the build says so.
    case here
    /// In another region alone: a build copies it first.
    case elsewhere(ImageRecord)
    /// Nowhere, but its recipe is there: a build builds it first.
    case recipe(Recipe, PipelineDocument)
}

extension Builder {
    /// Where the parent image of a pipeline is, with all documents of its lineage checked.
    package func parentSource(of pipeline: PipelineDocument) throws(Failure) -> ParentSource {
        let recipe = try documents.recipe(pipeline.recipeReference, stages: stageTypes)
        _ = try documents.lineage(of: recipe, stages: stageTypes)
        guard case .catalogue(let name, let selector) = recipe.parentImage else { return .here }
        let versions = selector ?? .any
        let parents = Parents(workspace: workspace, region: try workspace.plane.makeRegion(pipeline.region))
        if try parents.region.latest(of: name, versions) != nil { return .here }
        if let image = try parents.latestElsewhere(of: name, versions) { return .elsewhere(image) }
        guard documents.names(.recipes).contains(name.description) else { return .here }
        let parent = try documents.recipe(name.description, stages: stageTypes)
        return .recipe(
            parent,
            self.pipeline(of: name, in: pipeline.region) ?? PipelineDocument(building: parent, in: pipeline.region))
    }

    /// The recipes that a build of the pipeline builds first, in that order.
    package func builtFirst(_ pipeline: PipelineDocument) throws(Failure) -> [Recipe] {
        guard case .recipe(let parent, let other) = try parentSource(of: pipeline) else { return [] }
        return try builtFirst(other) + [parent]
    }

    /// A parent image that is in another region alone is copied from there, so that a region has all that it builds on. One that no build
    /// has made yet is built from its recipe, by the pipeline that builds it in this region or by none.
    func provideParent(of pipeline: PipelineDocument) throws(Failure) {
        switch try parentSource(of: pipeline) {
        case .here: return
        case .elsewhere(let image):
            watch(.copyingParent(image, pipeline.region))
            let watch = watch
            let distributor = Distributor(workspace) { watch(.copying($0, done: $1, total: $2)) }
            watch(.copied(try distributor.copy(image, to: pipeline.region)))
        case .recipe(let parent, let other):
            watch(.buildingParent(parent.name))
            _ = try build(other)
        }
    }

    /// The first pipeline, by document, that builds a recipe in a region. A document that cannot be read is no such pipeline.
    private func pipeline(of recipe: ResourceName, in region: RegionName) -> PipelineDocument? {
        for document in documents.names(.pipelines) {
            if let pipeline = try? documents.pipeline(document), pipeline.recipe == recipe, pipeline.region == region {
                return pipeline
            }
        }
        return nil
    }
}
