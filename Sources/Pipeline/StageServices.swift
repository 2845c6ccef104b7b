import Crypto
import ImageStore
import Model
import Sandbox

/// What stages may use besides trees and files: whoever runs a build provides it.
package struct StageServices: Sendable {
    /// Something that runs programs of one tree; what it needs meanwhile lies in the folder, which is its own. It runs nothing before
    /// it is asked to.
    package var programs: @Sendable (_ folder: String) throws(Failure) -> any ProgramRunner
    /// A copy of a tree to try something in. What is changed there is thrown away with the editor.
    package var openScratch: @Sendable (_ root: Digest) throws(Failure) -> TreeEditor

    package init(
        programs: @escaping @Sendable (_ folder: String) throws(Failure) -> any ProgramRunner,
        openScratch: @escaping @Sendable (_ root: Digest) throws(Failure) -> TreeEditor
    ) {
        self.programs = programs
        self.openScratch = openScratch
    }

    /// Refuses all of it.
    package static let none = StageServices(
        programs: { _ throws(Failure) in throw Failure(.unavailable, "no programs can be run here") },
        openScratch: { _ throws(Failure) in throw Failure(.unavailable, "there is no store to open a tree from") })
}
