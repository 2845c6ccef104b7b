import ImageStore

/// One line of PAM's configuration, see pam.conf(5).
package struct PAMEntry: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case account, auth, password, session
    }

    /// What becomes of a module's answer.
    package enum Control: Hashable, Sendable, CustomStringConvertible {
        case required, requisite, sufficient, optional
        /// `[success=1 default=ignore]`: pairs of answer and action, in their order.
        case actions([Action])

        package struct Action: Hashable, Sendable {
            /// `success`, `default`
            package let answer: String
            /// `ignore`, `die`, or how many modules to jump over.
            package let action: String
        }

        package var description: String {
            switch self {
            case .required: "required"
            case .requisite: "requisite"
            case .sufficient: "sufficient"
            case .optional: "optional"
            case .actions(let actions): "[" + actions.map { "\($0.answer)=\($0.action)" }.joined(separator: " ") + "]"
            }
        }

        /// By how many modules the most an answer jumps.
        package var longestJump: Int {
            guard case .actions(let actions) = self else { return 0 }
            return actions.compactMap { Int($0.action) }.max() ?? 0
        }
    }

    package let kind: Kind
    package let control: Control
    /// `pam_unix.so`, or an absolute path.
    package let module: String
    package let arguments: [String]
    /// Whether a leading `-` says that a module that is not there does not matter.
    package let mayBeMissing: Bool
    package let place: LinePlace

    /// In one form for comparing: kind, control, module, arguments.
    package var text: String {
        ([(mayBeMissing ? "-" : "") + kind.rawValue, control.description, module] + arguments).joined(separator: " ")
    }
}
