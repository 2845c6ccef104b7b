import Cloud
import CommandLineKit
import Evidence
import ImageStore
import Model
import Orchestration
import Pipeline
import Recipes
import Text

/// Shows the events of a build.
struct BuildProgress: Sendable {
    let report: ProgressReport

    init(_ report: ProgressReport) { self.report = report }

    func show(_ event: Builder.Event) {
        switch event {
        case .buildingParent(let name):
            report.note("the parent image \(name) is not there yet: it is built first, from its recipe")
        case .copyingParent(let image, let region):
            report.note("the parent image \(image.id) is in \(image.region) alone: it is copied to \(region) first")
        case .parent(let parent): report.note("parent image: \(parent.description)")
        case .asking(let what, let detail?): report.update(what, detail: detail)
        case .asking(let what, nil): report.finish(what, .succeeded, detail: nil)
        case .stage(let event): show(event)
        case .testing(let image): report.note("registered as \(image.id); its tests run before it is available")
        case .kept(_, let build): report.note("the tree of the failed stage is kept as build:\(build)")
        case .proving: report.begin("proof", detail: "searching what is to be sealed")
        case .proven(let proof, let isNew):
            report.finish("proof", isNew ? .succeeded : .skipped, detail: (isNew ? "" : "known: ") + ProofText.line(proof))
        case .judging(let source): report.update("packages", detail: source)
        case .judged(let found, let isNew):
            report.finish("packages", isNew ? .succeeded : .skipped, detail: (isNew ? "" : "known: ") + found)
        case .madeKey(let name, let key):
            report.note("made the key '\(name)' (\(key.id.prefix(16))), which signs certificates: `ingot keys list` shows it")
        case .sealed(let sealed):
            if sealed.isNew { report.note("sealed as \(sealed.image.id)") }
        case .copying(let region, let done, let total):
            report.update(Self.copyStep(region), done: ProgressAmount(done, of: total))
        case .copied(let copy): show(copy)
        case .recovered(let operations):
            for operation in operations { report.note("settled after a crash: \(operation)") }
        }
    }

    private func show(_ event: BuildEvent) {
        switch event {
        case .stageBegan(let entry, _, let reasons):
            report.begin(entry.name, detail: reasons.first)
        case .stageProgress(let entry, .detail(let text)), .stageProgress(let entry, .output(let text)):
            report.update(entry.name, detail: text)
        case .stageProgress(let entry, .amount(let done, let total)):
            report.update(entry.name, done: ProgressAmount(done, of: total, unit: .items))
        case .stageEnded(let result): show(result)
        }
    }

    /// The reasons stand below the stage that they are about.
    private func show(_ result: StageResult) {
        switch result.outcome {
        case .cached:
            report.finish(result.entry.name, .skipped, detail: "cached, no input changed: \(result.report.summary)")
        case .ran(let reasons):
            report.finish(result.entry.name, .succeeded, detail: result.report.summary)
            for reason in reasons { report.note("    ran because \(reason)") }
        }
    }

    private func show(_ copy: Distributor.Copy) {
        let step = Self.copyStep(copy.image.region)
        if copy.isNew {
            report.finish(step, .succeeded, detail: "\(copy.image.id), \(Amount.bytes(copy.moved.storedBytes)) moved")
        } else {
            report.finish(step, .skipped, detail: "\(copy.image.id) is there already")
        }
    }

    static func copyStep(_ region: RegionName) -> String { "copy to \(region)" }
}
