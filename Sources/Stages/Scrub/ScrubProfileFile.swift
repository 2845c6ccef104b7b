import Crypto
import Guest
import Model
import Pipeline
import Platform
import Recipes
import Text

/// A scrub profile of the profiles folder, with the digest of its bytes.
struct ScrubProfileFile {
    let profile: ScrubProfile
    let input: StageInput

    init(_ name: String, _ context: InputContext) throws(Failure) {
        let file = context.profilesFolder + "/scrub-\(name).yaml"
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try Files.read(file) } catch {
            let known = Files.names(in: context.profilesFolder).filter { $0.hasPrefix("scrub-") && $0.hasSuffix(".yaml") }
            throw Failure(
                error.isNotFound ? .notFound : .io, "the scrub profile '\(name)' cannot be read from \(file)",
                hint: Suggestion.hint(for: name, among: known.map { String($0.dropFirst(6).dropLast(5)) })
                    ?? (error.isNotFound ? ExternalFile.profileHint : nil), cause: error)
        }
        profile = try ScrubProfileReader.decode(bytes, file: file)
        input = StageInput("profile scrub-\(name)", SHA256.digest(of: bytes).hex)
    }

    /// As above, while a stage runs: the file must be what the plan has seen.
    init(_ name: String, _ context: StageContext) throws(Failure) {
        try self.init(name, context.inputs)
        guard context.declaredInputs.contains(input) else {
            throw Failure(.conflict, "the scrub profile '\(name)' changed while the build ran", hint: "start the build again")
        }
    }
}
