import Text

/// Takes what a step prints to the console log, without secret values.
final class StepConsole {
    private let state: RunState
    private let isSilent: Bool
    private var lines: RedactedLines?
    private var knownSecrets = 0

    init(state: RunState, isSilent: Bool) {
        self.state = state
        self.isSilent = isSilent
    }

    func print(_ line: String) {
        if isSilent { return }
        // The secret values of a step are known when its inputs are rendered, before it prints.
        if knownSecrets != state.redactor.count { finish() }
        if lines == nil {
            lines = RedactedLines(state.redactor)
            knownSecrets = state.redactor.count
        }
        lines?.take(line) { state.emit(.output($0)) }
    }

    /// Gives out what was kept back.
    func finish() {
        lines?.finish { state.emit(.output($0)) }
        lines = nil
    }
}
