import Crypto
import Model
import Pipeline
import Platform
import Text

/// Files of the host that a stage declares as inputs.
enum ExternalFile {
    /// What to do where a profile is missing and none of a similar name is there.
    static let profileHint = "copy the folder recipes/profiles of Ingot's sources beside the recipe, or write a profile there"

    /// `missing` is the hint where there is no such file, and none of a similar name.
    static func read(
        _ path: String, what: String, limit: Int = 1 << 30, missing: String = "relative paths start at the recipe's folder"
    ) throws(Failure) -> [UInt8] {
        do throws(SystemError) {
            return try Files.read(path, limit: limit)
        } catch {
            if error.isNotFound {
                let near = Suggestion.nearest(to: Files.name(of: path), among: Files.names(in: Files.parent(of: path)))
                throw Failure(
                    .notFound, "\(what) \(path) does not exist",
                    hint: near.map { "did you mean '\($0)'?" } ?? missing)
            }
            throw Failure(.io, "\(what) \(path) could not be read", cause: error)
        }
    }

    /// Refuses a file that is not as it was when the stage's key was made.
    static func verify(_ name: String, _ digest: Digest, _ context: StageContext) throws(Failure) {
        guard context.declaredInputs.contains(StageInput(name, digest.hex)) else {
            throw Failure(.conflict, "\(name) changed while the build ran", hint: "build again")
        }
    }
}
