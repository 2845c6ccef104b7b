import CommandLineKit
import Model

/// The one printer of errors: what happened, why, what to do about it.
enum FailureReport {
    /// The lines for standard error, and the status that the program ends with.
    static func describe(_ error: any Error) -> (lines: [String], status: ExitStatus) {
        switch error {
        case let failure as Failure: (lines(failure), ExitStatus(failure.code.exitStatus))
        case let error as OutputError: (["ingot: error: \(error)"], ExitStatus(Failure.Code.io.exitStatus))
        default:
            (
                ["ingot: error: \(error)", "hint: this is a fault of Ingot: please report it"],
                ExitStatus(Failure.Code.bug.exitStatus)
            )
        }
    }

    /// A message can have several lines, as the errors of a document have: those after the first keep their form.
    static func lines(_ failure: Failure) -> [String] {
        var lines = shown(failure.message, "ingot: error: ")
        for cause in failure.chain.dropFirst() { lines += shown(cause, "  because ") }
        if let hint = failure.hint { lines += shown(hint, "hint: ") }
        return lines
    }

    private static func shown(_ text: String, _ lead: String) -> [String] {
        let parts = text.split(separator: "\n", omittingEmptySubsequences: false).map { PlainText.oneLine(String($0)) }
        return [lead + (parts.first ?? "")] + parts.dropFirst()
    }
}
