import Cloud
import Model
import Recipes

extension Builder {
    /// A parent image that no build has made yet is built from its recipe, by the pipeline that builds it in this region or by none.
    func buildMissingParent(of pipeline: PipelineDocument) throws(Failure) {
        let recipe = try documents.recipe(pipeline.recipeReference, stages: stageTypes)
        _ = try documents.lineage(of: recipe, stages: stageTypes)
        guard case .catalogue(let name, let versions) = recipe.parentImage,
            documents.names(.recipes).contains(name.description)
        else { return }
        let region = try workspace.plane.makeRegion(pipeline.region)
        if try region.latest(of: name, versions ?? .any) != nil { return }
        watch(.buildingParent(name))
        if let other = self.pipeline(of: name, in: pipeline.region) {
            _ = try build(other)
        } else {
            let parent = try documents.recipe(name.description, stages: stageTypes)
            _ = try build(PipelineDocument(building: parent, in: pipeline.region))
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
