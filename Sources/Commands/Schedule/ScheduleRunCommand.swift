import CommandLineKit
import Model
import Orchestration
import Recipes
import Stages

enum ScheduleRunCommand: Command {
    static let once = Flag("once", "Do what is due now, and end")

    static var specification: Specification {
        Specification(
            "run", "Build, copy and carry out lifecycle policies when it is due, until Ctrl-C",
            discussion: """
                Runs in the foreground; a service manager can keep it running. Any number may run on one workspace: each due time is taken by one of \
                them. A pipeline's schedule that is seen for the first time counts from then on. Documents are read anew, so changes are seen.
                """,
            examples: [
                Example("ingot schedule run", "Works until Ctrl-C"),
                Example("ingot schedule run --once", "For a cron job or a timer"),
            ],
            parameters: [once],
            exitStatuses: [
                ExitMeaning(0, "Stopped, or with --once: all that was due was done"),
                ExitMeaning(1, "With --once: a run failed, or a pipeline's document cannot be read"),
            ])
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let workspace = try context.recoveredWriter()
        let progress = BuildProgress(ProgressReport(context, isTicking: false))
        let builder = Builder(
            workspace, documents: context.documents, stages: StageRegistry.standard, watch: { progress.show($0) })
        let scheduler = Scheduler(workspace, documents: context.documents, builder: builder) { subject, kind, due in
            // What a run before left open has failed: its error is told with its outcome.
            progress.report.failRunning()
            progress.report.note("\(workspace.now)  \(subject) \(kind), due \(due)")
        }
        return try progress.report.during {
            if arguments[once] {
                let tick = try scheduler.tick()
                progress.report.failRunning()
                for run in tick.runs { try print(run, workspace.now, context) }
                for problem in tick.problems { context.note(problem) }
                let isFine = tick.problems.isEmpty && tick.runs.allSatisfy { $0.failure == nil }
                return ExitStatus(isFine ? 0 : Failure.Code.failed.exitStatus)
            }
            var outputError: (any Error)?
            try scheduler.run(
                { run in
                    progress.report.failRunning()
                    do { try print(run, workspace.now, context) } catch { outputError = outputError ?? error }
                },
                warn: { context.note($0) })
            if let outputError { throw outputError }
            return .success
        }
    }

    private static func print(_ run: Scheduler.Run, _ now: Instant, _ context: CommandContext) throws {
        try context.printLine("\(now)  \(run.subject) \(run.kind)  \(PlainText.oneLine(run.outcome))")
        guard let failure = run.failure else { return }
        for line in FailureReport.lines(failure) { context.note(line) }
    }
}

extension CommandContext {
    /// Says which pipeline's document cannot be read, and why.
    func note(_ problem: ScheduleBook.Problem) {
        for line in FailureReport.lines(problem.failure) { note(line) }
    }
}
