import CommandLineKit
import Model
import Orchestration
import Platform
import Recipes
import Stages

/// What a server does when it is due, beside its requests: pipelines, copies and lifecycle policies, as `ingot schedule run` does them.
struct ServerSchedules: Sendable {
    private let workspace: Workspace
    private let scheduler: Scheduler
    private let context: CommandContext

    /// After a failure of the scheduler itself it is begun anew after this, in nanoseconds.
    private static let pause: UInt64 = 30_000_000_000

    init(_ workspace: Workspace, _ context: CommandContext) {
        self.workspace = workspace
        self.context = context
        scheduler = Scheduler(
            workspace, documents: context.documents,
            builder: Builder(workspace, documents: context.documents, stages: StageRegistry.standard)
        ) { subject, kind, due in context.note("\(workspace.now)  \(subject) \(kind), due \(due)") }
    }

    /// Until cancelled. What fails is noted, and ends no server.
    func run() {
        var last: [String] = []
        while !workspace.environment.cancellation.isCancelled {
            do throws(Failure) { try scheduler.run({ note($0) }, warn: { context.note($0) }) } catch {
                let lines = FailureReport.lines(error)
                if lines != last { for line in lines { context.note(line) } }
                last = lines
                workspace.environment.wait(Self.pause)
            }
        }
    }

    private func note(_ run: Scheduler.Run) {
        context.note("\(workspace.now)  \(run.subject) \(run.kind)  \(PlainText.oneLine(run.outcome))")
        guard let failure = run.failure else { return }
        for line in FailureReport.lines(failure) { context.note(line) }
    }
}
