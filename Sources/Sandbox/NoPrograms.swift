import ImageStore
import Model
import Platform

/// Where no programs can be run, for the reason it is given.
package final class NoPrograms: ProgramRunner {
    private let reason: Failure

    package init(_ reason: Failure) { self.reason = reason }

    package func checkAvailable() throws(Failure) { throw reason }

    package func run(
        _ program: GuestProgram, on editor: TreeEditor, onLine: (Subprocess.Stream, [UInt8]) -> Void
    ) throws(Failure) -> ProgramResult { throw reason }
}
