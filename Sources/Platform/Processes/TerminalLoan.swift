import Glibc

/// The terminal in the hands of another program: as long as this is not taken back, its signals are left to that program.
package struct TerminalLoan {
    private let group: pid_t
    private let interrupt: Disposition
    private let quit: Disposition

    package init() {
        group = tcgetpgrp(STDIN_FILENO)
        interrupt = Disposition(ignoring: SIGINT)
        quit = Disposition(ignoring: SIGQUIT)
    }

    /// Becomes the terminal's foreground again, whatever the program left.
    package func takeBack() {
        if group > 0 {
            // A process in the background is stopped when it does this, unless it does not care.
            let output = Disposition(ignoring: SIGTTOU)
            tcsetpgrp(STDIN_FILENO, group)
            output.restore()
        }
        interrupt.restore()
        quit.restore()
    }

    /// What a signal did before it was ignored.
    private struct Disposition {
        private let signal: Int32
        private let before: sigaction

        init(ignoring signal: Int32) {
            var before = sigaction()
            var ignored = sigaction()
            unsafe ignored.__sigaction_handler.sa_handler = unsafe unsafeBitCast(1, to: __sighandler_t.self)
            unsafe sigaction(signal, &ignored, &before)
            self.signal = signal
            self.before = before
        }

        func restore() {
            var action = before
            unsafe sigaction(signal, &action, nil)
        }
    }
}
