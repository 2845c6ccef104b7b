import CommandLineKit
import Model
import Sandbox

extension ExitStatus {
    /// How a program ended, as a shell tells of it; `Failure(.exhausted)` for one that was stopped at a limit.
    init(_ end: ProgramResult.End, of program: String, hint: String? = nil) throws(Failure) {
        switch end {
        case .exited(let status): self.init(status)
        case .signalled(let signal): self.init(128 + signal)
        case .stopped(let limit): throw Failure(.exhausted, "\(program) was ended at \(limit)", hint: hint)
        }
    }
}
