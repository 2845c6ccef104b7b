import Cloud
import CommandLineKit
import FoundationEssentials
import Guest
import ImageStore
import Model
import Orchestration
import Pipeline
import Recipes
import Text
import Vulnerabilities

/// What a build tells at its end.
struct BuildSummary {
    let outcome: Builder.Outcome
    private let pipeline: PipelineDocument
    /// The version before, where there is one in the region.
    private let previous: ImageRecord?

    init(_ outcome: Builder.Outcome, _ pipeline: PipelineDocument, _ workspace: Workspace) throws(Failure) {
        self.outcome = outcome
        self.pipeline = pipeline
        let image = outcome.sealed.image
        guard outcome.sealed.isNew, let release = image.release else {
            previous = nil
            return
        }
        let images = try workspace.plane.region(image.region).images(ImageFilter(recipe: release.recipe, states: [.available]))
        let versions = images.compactMap { image in image.release.map { (image: image, version: $0.version) } }
        previous = versions.filter { $0.version < release.version }.max { $0.version < $1.version }?.image
    }

    func text(_ context: CommandContext) -> String {
        let image = outcome.sealed.image
        guard outcome.sealed.isNew else { return unchanged(image) }
        var lines = ["\(context.bold("Built \(image.id)")): \(image.release?.description ?? image.name.description)", ""]
        lines += FactList(facts(image, context)).lines(context.console.outputTerminal)
        lines += ["", context.bold("Try next")]
        lines += next(image, context).map { "  " + $0 }
        return lines.map { $0 + "\n" }.joined()
    }

    private func unchanged(_ image: ImageRecord) -> String {
        let release = image.release?.description ?? image.name.description
        let ran = outcome.stages.count { $0.outcome != .cached }
        let stages = ran == 0 ? "no stage ran" : "\(Amount.count(ran, "stage")) ran and made the same image"
        let copies = outcome.copies.filter(\.isNew).map { "copied to \($0.image.region) as \($0.image.id)\n" }
        let retired = outcome.retired.map { $0.text + "\n" }
        return "nothing changed: \(image.id) (\(release)) is the newest version; \(stages)\n" + copies.joined() + retired.joined()
    }

    private func facts(_ image: ImageRecord, _ context: CommandContext) -> [FactList.Fact] {
        var facts = ImageFacts.identity(image)
        for stage in outcome.stages where type(of: stage.entry.stage).name == "scrub" {
            facts.append(.init("scrubbed", [stage.report.summary] + Self.scrubbed(stage.report.detail)))
        }
        if let proof = outcome.proof {
            facts.append(
                .init("proven", [ProofText.line(proof), "signed certificate: " + context.commandLine("certificate \(image.id)")]))
        }
        facts += outcome.packages.map { [.init("packages", $0.summary)] } ?? []
        facts.append(
            .init(
                "stages",
                outcome.stages.map { "\($0.entry.name): \($0.outcome == .cached ? "cached" : "ran")" }.joined(separator: ", ")))
        facts.append(
            .init(
                "copies",
                outcome.copies.map {
                    "\($0.image.region): \($0.image.id)" + ($0.isNew ? ", \(Amount.bytes($0.moved.storedBytes)) moved" : "")
                }))
        facts.append(
            .init("retired", outcome.retired.map { "\($0.image.region): \($0.action.rawValue) \($0.image.id), \($0.reason)" }))
        facts += outcome.channel.map { [.init("channel", $0.description)] } ?? []
        return facts.filter { !$0.values.isEmpty }
    }

    /// The operations that removed something, the largest first.
    private static func scrubbed(_ detail: String) -> [String] {
        guard let report = try? JSONDecoder().decode(ScrubReport.self, from: Data(detail.utf8)) else { return [] }
        let effective = report.operations.filter { !$0.removed.isEmpty }.sorted { $0.bytes > $1.bytes }
        return effective.map { operation in
            let paths = operation.removed.map(\.path)
            let shown = paths.prefix(2).joined(separator: ", ") + (paths.count > 2 ? " and \(paths.count - 2) more" : "")
            return "\(operation.id): \(Amount.bytes(operation.bytes)) in \(shown)"
        }
    }

    /// Three commands that go on from here.
    private func next(_ image: ImageRecord, _ context: CommandContext) -> [String] {
        let word = image.id.description
        let second =
            if let previous { "diff \(previous.id) \(word)" } else if let parent = image.parent {
                "diff \(parent) \(word) --stat"
            } else { "ls \(word) /etc" }
        let channels = pipeline.promotion.channels
        let third =
            if let recipe = image.release?.recipe, let current = outcome.channel, let place = channels.firstIndex(of: current),
                place + 1 < channels.count
            {
                "promote \(recipe) --to \(channels[place + 1])"
            } else { "export \(word) --format tar --output \(image.release?.recipe.description ?? "image").tar.zst" }
        return ["show \(word)", second, third].map(context.commandLine)
    }
}
