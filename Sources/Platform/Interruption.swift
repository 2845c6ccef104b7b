import Glibc

/// Ctrl-C and SIGTERM as a wish to stop: the first one sets a flag that is seen between two pieces of work, the second ends the process.
package enum Interruption {
    /// What the signals cancel, once they are caught.
    package static let cancellation = Cancellation()

    /// Catches SIGINT and SIGTERM from now on. A signal that the process was started with as ignored, as in a background job of a shell,
    /// stays ignored.
    package static func catchSignals() {
        // Made before a handler can ask for it: a handler must not be the one that initializes it.
        _ = cancellation
        for signal in [SIGINT, SIGTERM] where !isIgnored(signal) { catchSignal(signal) }
    }

    private static func isIgnored(_ signal: Int32) -> Bool {
        var action = sigaction()
        unsafe sigaction(signal, nil, &action)
        return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: UInt.self) == 1
    }

    /// With SA_RESETHAND the second signal does what it does without a handler. With SA_RESTART no read or write of a library fails for it.
    private static func catchSignal(_ signal: Int32) {
        var action = sigaction()
        unsafe action.__sigaction_handler.sa_handler = { _ in Interruption.cancellation.cancel() }
        action.sa_flags = SA_RESTART | Int32(bitPattern: UInt32(SA_RESETHAND))
        unsafe sigaction(signal, &action, nil)
    }
}
