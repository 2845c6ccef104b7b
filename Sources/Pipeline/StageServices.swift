import Crypto
import ImageStore
import Model
import Sandbox

/// What stages may use besides trees and files: whoever runs a build provides it.
package struct StageServices: Sendable {
    /// Fails with what is missing where no program can be run in an image.
    package var checkPrograms: @Sendable () throws(Failure) -> Void
    /// Something that runs programs of one tree; what it needs meanwhile lies in the folder, which is its own. It runs nothing before
    /// it is asked to. `base` is a tree that those will be near to whose programs are run: the one that the stage began with.
    package var programs: @Sendable (_ folder: String, _ base: Digest) throws(Failure) -> any ProgramRunner
    /// A tree, for looking at it.
    package var tree: @Sendable (_ root: Digest) throws(Failure) -> Tree
    /// Runs the body with a copy of a tree, and with something that runs its programs. What is changed there is thrown away.
    package var withScratch: @Sendable (_ root: Digest, _ body: ScratchBody) throws(Failure) -> Void

    package typealias ScratchBody = (TreeEditor, any ProgramRunner) throws(Failure) -> Void
    /// The value of a parameter of the region; nil where there is none of that name.
    package var parameter: @Sendable (_ name: String) throws(Failure) -> StoredParameter?
    /// The value of a secret. Never to be written anywhere.
    package var secret: @Sendable (_ reference: SecretReference) throws(Failure) -> String
    /// The environment of the command that builds: credentials, proxies.
    package var variables: [String: String]

    package init(
        checkPrograms: @escaping @Sendable () throws(Failure) -> Void,
        programs: @escaping @Sendable (_ folder: String, _ base: Digest) throws(Failure) -> any ProgramRunner,
        tree: @escaping @Sendable (_ root: Digest) throws(Failure) -> Tree,
        withScratch: @escaping @Sendable (_ root: Digest, _ body: ScratchBody) throws(Failure) -> Void,
        parameter: @escaping @Sendable (_ name: String) throws(Failure) -> StoredParameter?,
        secret: @escaping @Sendable (_ reference: SecretReference) throws(Failure) -> String, variables: [String: String]
    ) {
        self.checkPrograms = checkPrograms
        self.programs = programs
        self.tree = tree
        self.withScratch = withScratch
        self.parameter = parameter
        self.secret = secret
        self.variables = variables
    }

    /// Refuses all of it.
    package static let none = StageServices(
        checkPrograms: { () throws(Failure) in throw noPrograms },
        programs: { _, _ throws(Failure) in NoPrograms(noPrograms) },
        tree: { _ throws(Failure) in throw Failure(.unavailable, "there is no store to open a tree from") },
        withScratch: { _, _ throws(Failure) in throw Failure(.unavailable, "there is no store to open a tree from") },
        parameter: { _ throws(Failure) in nil },
        secret: { secret throws(Failure) in throw Failure(.unavailable, "the secret \(secret) cannot be read here") },
        variables: [:])

    private static let noPrograms = Failure(.unavailable, "no programs can be run here")
}
