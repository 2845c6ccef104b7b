import Cloud
import CommandLineKit
import Crypto
import Ledger
import Model
import Orchestration
import Recipes
import Stages
import Synchronization

/// What becomes of the tree of a stage that fails.
enum FailureChoice: String, ArgumentChoice {
    case shell, keep, clean
}

enum BuildCommand: Command {
    static let onFailure = Option<FailureChoice>(
        "on-failure", value: "what",
        "The tree of a stage that fails: keep it for 'ingot shell build:NUMBER', open that shell at once, or clean it away",
        default: .keep)

    static var specification: Specification {
        Specification(
            "build", "Build a pipeline: run its stages, seal the image, copy it to other regions",
            discussion: """
                Stages whose inputs did not change are not run again: their results are kept. A build that failed or was stopped goes on from the \
                last stage that was done. Where nothing changed at all, no new version is made.
                """,
            examples: [
                Example("ingot build demo", "Builds pipelines/demo.yaml"),
                Example("ingot build pipelines/web-nightly.yaml --output json", "Prints what was built as JSON"),
            ],
            parameters: [PipelineSelection.argument, onFailure, OutputFormat.resultOption],
            exitStatuses: [ExitMeaning(1, "A stage failed"), ExitMeaning(75, "The pipeline is being built by another command")],
            heading: Heading.build)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let selection = try PipelineSelection(arguments[PipelineSelection.argument], context)
        let workspace = try context.writer()
        let progress = BuildProgress(ProgressReport(context))
        let kept = Mutex<Digest?>(nil)
        let builder = Builder(
            workspace, documents: selection.documents, stages: StageRegistry.standard,
            failedTrees: arguments[onFailure] == .clean ? .clean : .keep,
            watch: { event in
                if case .kept(let tree, _) = event { kept.withLock { $0 = tree } }
                progress.show(event)
            })
        let outcome: Builder.Outcome
        do {
            outcome = try progress.report.during {
                do throws(Failure) { return try builder.build(selection.pipeline) } catch { throw resumable(error) }
            }
        } catch {
            if arguments[onFailure] == .shell, let tree = kept.withLock({ $0 }) {
                for line in FailureReport.describe(error).lines { context.note(line) }
                let region = try workspace.plane.region(selection.pipeline.region)
                _ = try ShellCommand.open(tree, in: region, workspace, context)
            }
            throw error
        }
        let summary = try BuildSummary(outcome, selection.pipeline, workspace)
        try context.print(
            as: arguments[OutputFormat.resultOption], json: BuildJSON(outcome), quiet: outcome.sealed.image.id.description,
            text: { summary.text(context) })
        return .success
    }

    /// Says how to go on after Ctrl-C.
    private static func resumable(_ failure: Failure) -> Failure {
        guard failure.code == .cancelled else { return failure }
        return Failure(
            .cancelled, failure.message,
            hint: "nothing is half-made: run the same command again, and the stages that were done are not run again",
            cause: failure.cause)
    }
}
