import Components
import Model
import Pipeline
import Recipes

/// `component: {use: nginx, parameters: {WorkerProcesses: "4"}, network: true}`
///
/// Runs the phase `build` of an AWSTOE document on the tree. Its phase `validate` is run by the stage `validate`, and its phase `test` by
/// the stage `test`. The detail is the run's `detailedoutput.json`.
package struct ComponentStage: Stage {
    package static let name = "component"
    package static let summary = "Runs the phase 'build' of an AWSTOE component document"
    package static let options =
        [OptionHelp("use", "the component: a document in components/ beside the recipe, or a path")] + ComponentUse.options
    package static let revision = 1
    static let phase = "build"

    let use: ComponentUse

    package init?(from reader: StageReader) {
        guard let fields = reader.fields() else { return nil }
        let use = ComponentUse(fields, key: "use")
        fields.finish()
        guard let use else { return nil }
        self.use = use
    }

    package func inputs(_ context: InputContext) throws(Failure) -> [StageInput] { try use.inputs(in: context) }

    package func checkRequirements(_ context: InputContext) throws(Failure) {
        guard try use.document(in: context).startsPrograms(in: [Self.phase]) else { return }
        try context.services.checkPrograms()
    }

    package func run(_ context: StageContext) throws(Failure) -> StageOutcome {
        let execution = try ComponentExecution(context, [use], name: use.reference)
        return StageOutcome(report: try execution.run(phase: Self.phase))
    }
}
