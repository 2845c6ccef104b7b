import Crypto
import ImageStore
import Model
import Platform
import Text

/// Calls the action of a step, or takes what it made before from a checkpoint.
final class ActionCall {
    private let action: any Action.Type
    private let document: DocumentRun
    private let isSecret: Bool
    private let console: StepConsole
    /// The report of the document that the action called last.
    private(set) var calledReport: ExecutionReport?
    private var state: RunState { document.state }

    init(action: any Action.Type, document: DocumentRun, isSecret: Bool, console: StepConsole) {
        self.action = action
        self.document = document
        self.isSecret = isSecret
        self.console = console
    }

    /// The outputs of one entry of the inputs, after as many starts of the machine as the action asks for.
    func run(_ inputs: ActionInputs, _ clock: StepClock) throws(Failure) -> [String: String] {
        var clock = clock
        while true {
            try state.checkCancellation()
            if clock.isOver { throw clock.overrun("the step") }
            let result = try inTime(inputs, clock)
            switch result.reboot {
            case .none: return limited(result.outputs)
            case .thenNext:
                try state.reboot()
                return limited(result.outputs)
            case .thenAgain:
                try state.reboot()
                clock = clock.restarted()
            }
        }
    }

    /// What was ended since the step's time was over is told with the limit that the document gives, not with what was left of it.
    private func inTime(_ inputs: ActionInputs, _ clock: StepClock) throws(Failure) -> ActionResult {
        do throws(Failure) { return try resultOrCheckpoint(inputs, clock) } catch {
            guard clock.isOver, !error.endsRun else { throw error }
            var overrun = clock.overrun("the step")
            overrun.cause = error.cause as? ProgramErrors
            throw overrun
        }
    }

    /// Later steps can refer to so much of an output; the console has all of it.
    private func limited(_ outputs: [String: String]) -> [String: String] {
        let limit = ComponentDocument.Limits.output
        return outputs.mapValues { text in
            guard text.utf8.count > limit else { return text }
            state.remark("an output of \(text.utf8.count) bytes is cut to its first \(limit)")
            return String(decoding: text.utf8.prefix(limit), as: UTF8.self)
        }
    }

    // MARK: Checkpoints

    private var isKept: Bool { action.needs.contains(.programs) && !action.needs.contains(.outside) && !isSecret }

    private func resultOrCheckpoint(_ inputs: ActionInputs, _ clock: StepClock) throws(Failure) -> ActionResult {
        guard let checkpoints = state.context.checkpoints, isKept else {
            return try result(inputs, clock)
        }
        let editor = state.context.editor
        let key = ActionKey(
            tree: try editor.finish(), action: action.name, inputs: ActionInputs.Value.map(inputs.fields).json,
            network: state.context.network, architecture: state.context.architecture, date: editor.date
        ).digest
        if let found = try checkpoints.checkpoint(for: key) {
            try editor.reset(to: found.tree)
            state.emit(.remark("cached: \(action.name) made \(found.tree.short) of this tree before"))
            return ActionResult(found.outputs, reboot: found.reboot)
        }
        let result = try result(inputs, clock)
        // A secret value may have come out of the tree itself.
        if result.outputs.values.contains(where: { state.redactor.occurs(in: $0) }) { return result }
        try checkpoints.record(
            ActionCheckpoint(key: key, tree: try editor.finish(), outputs: limited(result.outputs), reboot: result.reboot))
        return result
    }

    // MARK: Calling

    private func result(_ inputs: ActionInputs, _ clock: StepClock) throws(Failure) -> ActionResult {
        guard action.needs.contains(.temporaryFolder) else {
            return try call(inputs, clock, folder: state.context.temporaryFolder)
        }
        return try state.withFolder { (folder) throws(Failure) in try call(inputs, clock, folder: folder) }
    }

    private func call(_ inputs: ActionInputs, _ clock: StepClock, folder: String) throws(Failure) -> ActionResult {
        let documents = CalledDocuments(caller: document)
        defer { calledReport = documents.report ?? calledReport }
        let console = console
        let run = state.context
        let context = ActionContext(
            editor: run.editor, programs: run.programs, timeLeft: clock.left, network: run.network, environment: run.environment,
            transfers: run.transfers, temporaryFolder: folder, documents: documents, print: { console.print($0) })
        return try action.run(inputs, context)
    }
}
