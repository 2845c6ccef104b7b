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
    /// The value of a parameter of the region; nil where there is none of that name.
    package var parameter: @Sendable (_ name: String) throws(Failure) -> StoredParameter?
    /// The value of a secret. Never to be written anywhere.
    package var secret: @Sendable (_ reference: SecretReference) throws(Failure) -> String
    /// The environment of the command that builds: credentials, proxies.
    package var variables: [String: String]

    package init(
        programs: @escaping @Sendable (_ folder: String) throws(Failure) -> any ProgramRunner,
        openScratch: @escaping @Sendable (_ root: Digest) throws(Failure) -> TreeEditor,
        parameter: @escaping @Sendable (_ name: String) throws(Failure) -> StoredParameter?,
        secret: @escaping @Sendable (_ reference: SecretReference) throws(Failure) -> String, variables: [String: String]
    ) {
        self.programs = programs
        self.openScratch = openScratch
        self.parameter = parameter
        self.secret = secret
        self.variables = variables
    }

    /// Refuses all of it.
    package static let none = StageServices(
        programs: { _ throws(Failure) in NoPrograms(Failure(.unavailable, "no programs can be run here")) },
        openScratch: { _ throws(Failure) in throw Failure(.unavailable, "there is no store to open a tree from") },
        parameter: { _ throws(Failure) in nil },
        secret: { secret throws(Failure) in throw Failure(.unavailable, "the secret \(secret) cannot be read here") },
        variables: [:])
}
