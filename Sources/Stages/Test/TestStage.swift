import Components
import Model
import Pipeline
import Recipes

/// `test`, or `test: {component: smoke, parameters: {Port: "80"}}`
///
/// Runs the phase `test` on a fresh instance of the sealed image, and throws away what it changes: of the named component, or of all
/// components of the recipe. An image whose test fails is never available.
package struct TestStage: Stage {
    package static let name = "test"
    package static let summary = "Runs the phase 'test' of components on a fresh instance of the sealed image"
    package static let options =
        [OptionHelp("component", "the component; without it, all components of the recipe")] + ComponentUse.options
    package static let revision = 1
    package static let subject = StageSubject.sealedImage
    private static let phase = "test"

    /// Nil: the components of the stages before.
    private let use: ComponentUse?

    package init?(from reader: StageReader) {
        guard reader.value != nil else {
            use = nil
            return
        }
        guard let fields = reader.fields() else { return nil }
        use = ComponentUse(fields, key: "component")
        fields.finish()
    }

    package func inputs(_ context: InputContext) throws(Failure) -> [StageInput] {
        var inputs: [StageInput] = []
        for use in uses(context) { inputs += try use.inputs(in: context) }
        return inputs
    }

    package func checkRequirements(_ context: InputContext) throws(Failure) {
        for use in uses(context) where try use.document(in: context).startsPrograms(in: [Self.phase]) {
            return try context.services.checkPrograms()
        }
    }

    package func run(_ context: StageContext) throws(Failure) -> StageOutcome {
        let name = use?.reference ?? "test"
        let execution = try ComponentExecution(context, uses(context.inputs), name: name)
        return StageOutcome(report: try execution.run(phase: Self.phase))
    }

    private func uses(_ context: InputContext) -> [ComponentUse] {
        if let use { return [use] }
        return context.earlier.compactMap { ($0.stage as? ComponentStage)?.use }
    }
}
