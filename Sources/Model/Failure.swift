import Platform

/// The one error of everything above the wrappers: what was tried, on what, what happened, and what to do.
package struct Failure: Error, Sendable, CustomStringConvertible {
    package var code: Code
    /// What was tried, on what, and what happened, as one sentence without a full stop. Never a secret.
    package var message: String
    /// What the user can do about it, as one sentence without a full stop.
    package var hint: String?
    /// The error below this one. It is not part of `message`: one printer prints the chain.
    package var cause: (any Error)?
    /// Where the plane refused something: the error as AWS words it.
    package var planeError: PlaneError?

    /// What would be `.io`, and was refused by the operating system, is `.denied`.
    package init(_ code: Code, _ message: String, hint: String? = nil, cause: (any Error)? = nil) {
        self.code = code == .io && (cause as? SystemError)?.isDenied == true ? .denied : code
        self.message = message
        self.hint = hint
        self.cause = cause
    }

    package var description: String { message }

    /// The message, then each cause, innermost last.
    package var chain: [String] {
        var lines = [message]
        var next = cause
        while let error = next {
            if let failure = error as? Failure {
                lines.append(failure.message)
                next = failure.cause
            } else {
                lines.append(String(describing: error))
                next = nil
            }
        }
        return lines
    }
}

extension Failure {
    /// What kind of thing went wrong. One table maps it to an exit status.
    package enum Code: String, Sendable, CaseIterable {
        /// The command line is wrong.
        case usage
        /// A document, archive or argument does not hold what it must.
        case invalid
        /// What was named does not exist.
        case notFound
        /// What was to be made exists, or changed meanwhile.
        case conflict
        /// A stage, script or check said no.
        case failed
        /// A program, mirror or facility that this needs is missing or cannot be reached.
        case unavailable
        /// The disk is full, a limit is reached.
        case exhausted
        /// Reading or writing failed.
        case io
        /// Stored data is not what its digest says.
        case corrupt
        /// Somebody else holds the lease.
        case busy
        /// The operating system or a policy refuses.
        case denied
        /// The user pressed Ctrl-C, or the run was cancelled.
        case cancelled
        /// A fault of Ingot itself.
        case bug

        /// The exit status of a command that ends with this code; the values of sysexits.h where it has a name for them.
        package var exitStatus: Int32 {
            switch self {
            case .usage: 64
            case .invalid: 65
            case .notFound: 66
            case .unavailable: 69
            case .bug: 70
            case .conflict: 73
            case .io, .exhausted: 74
            case .busy: 75
            case .corrupt: 76
            case .denied: 77
            case .failed: 1
            case .cancelled: 130
            }
        }
    }
}
