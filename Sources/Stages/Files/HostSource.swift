import Crypto
import ImageStore
import Model
import Pipeline
import Platform

/// A file or a folder of the host that a recipe copies into the image.
///
/// Of a file's mode only the execute bit of its owner counts, of owners and times nothing: they come from umask and checkout, not from
/// the recipe. Symbolic links are kept, not followed; only the path in the recipe itself may be one.
struct HostSource: Sendable {
    /// As the recipe writes it.
    let name: String
    /// The path on the host.
    let path: String

    /// One name beneath the source, or the source itself.
    struct Entry {
        /// From the source on; empty for the source itself.
        let names: [Name]
        let kind: Kind

        enum Kind {
            case directory
            case symlink(target: [UInt8])
            /// `content` is nil where the source was read without a store.
            case file(isExecutable: Bool, content: FileContent?)
        }
    }

    /// What the source holds now, as a part of the stage's key: of a file its SHA-256, of a folder a digest over names, kinds, execute
    /// bits, link targets and contents.
    func input() throws(Failure) -> StageInput { try read(into: nil) { (_: Entry) throws(Failure) in } }

    /// Reads the source, folders before what is in them and names in the order of their bytes. With a writer, contents are stored.
    func read(into writer: (any ObjectWriter)?, _ take: (Entry) throws(Failure) -> Void) throws(Failure) -> StageInput {
        let top = try reading(path) { () throws(SystemError) in try Files.resolved(path) }
        let status = try reading(top) { () throws(SystemError) in try Files.status(top) }
        var reader = HostReader(source: self, writer: writer)
        if status.isDirectory {
            try reader.directory(top, [], take)
            return StageInput("folder \(name)", reader.finish().hex)
        }
        let file = try reader.file(top, [], status, take)
        return StageInput("file \(name)", file.isExecutable ? "\(file.digest.hex) executable" : file.digest.hex)
    }

    /// Runs a call of the operating system on a path of the source.
    func reading<Result: ~Copyable>(_ path: String, _ body: () throws(SystemError) -> Result) throws(Failure) -> Result {
        do throws(SystemError) { return try body() } catch {
            throw Failure(
                error.isNotFound ? .notFound : .io, "'\(name)' cannot be copied into the image",
                hint: error.isNotFound ? "relative paths start at the recipe's folder" : nil, cause: error)
        }
    }
}
