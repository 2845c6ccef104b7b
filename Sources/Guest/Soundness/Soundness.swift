import ImageStore
import Model

/// Whether an image still starts and lets people in, as far as its configuration says: sshd, sudo, PAM, and the units of the boot.
///
/// Hardening asks before and after its work: what was wrong before is not its doing.
package struct Soundness {
    package struct Problem: Hashable, Sendable {
        /// `sshd`, `sudo`, `PAM`, `units`
        package let area: String
        /// The same problem has the same text before and after an edit, so there are no line numbers in it.
        package let text: String

        package var description: String { "\(area): \(text)" }
    }

    package let problems: Set<Problem>

    package init(of guest: any TreeView) throws(Failure) {
        var problems: Set<Problem> = []
        func add(_ area: String, _ texts: [String]) {
            for text in texts { problems.insert(Problem(area: area, text: text)) }
        }
        add("sshd", try SecureShellConfiguration(guest).broken.map { "\($0.file) has a line that sshd refuses" })
        add("sudo", try SudoPolicy(guest).problems.map { "\($0.place.file): \($0.text)" })
        add("PAM", try AuthenticationSoundness.problems(guest))
        add("units", try BootUnits.problems(guest))
        self.problems = problems
    }

    /// What is wrong here and was not before, in one order.
    package func added(since before: Soundness) -> [Problem] {
        problems.subtracting(before.problems).sorted { ($0.area, $0.text) < ($1.area, $1.text) }
    }
}
