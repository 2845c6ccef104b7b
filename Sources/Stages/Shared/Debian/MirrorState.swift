import Crypto
import Guest
import Model
import Pipeline
import Platform

/// Asks the mirrors which packages they have now. The download is apt's own, so that the system's proxy settings hold.
struct MirrorState {
    let archives: DebianArchives
    let context: InputContext

    static let helper = "/usr/lib/apt/apt-helper"
    /// Release files have about 150 KB.
    private static let maximumSize = 16 << 20
    private static let timeLimit: UInt64 = 120_000_000_000
    private static let dateName = "date of the suite"

    /// The date of the first archive, which dates the image, and for each archive the digest of its package indexes.
    func inputs() throws(Failure) -> [StageInput] {
        var inputs: [StageInput] = []
        for (archive, release) in try releases() {
            if inputs.isEmpty { inputs.append(StageInput(Self.dateName, release.date.description)) }
            inputs.append(try Self.packages(of: archive, release))
        }
        return inputs
    }

    /// For each archive the digest of its package indexes.
    func packages() throws(Failure) -> [StageInput] {
        try releases().map { (archive, release) throws(Failure) in try Self.packages(of: archive, release) }
    }

    private func releases() throws(Failure) -> [(DebianArchives.Archive, InRelease)] {
        let helper = try DebianTools.find(Self.helper, package: "apt")
        return try archives.archives.map { (archive) throws(Failure) in (archive, try release(archive, helper)) }
    }

    private static func packages(of archive: DebianArchives.Archive, _ release: InRelease) throws(Failure) -> StageInput {
        let state = try release.state(of: archive.components, url: archive.releaseURL)
        return StageInput("packages of \(archive.mirror) \(archive.suite)", state.hex)
    }

    /// The date among what `inputs` gave.
    static func date(in inputs: [StageInput]) throws(Failure) -> Instant {
        guard let input = inputs.first(where: { $0.name == dateName }) else {
            throw Failure(.bug, "the inputs of 'bootstrap' have no date")
        }
        return try Instant(parsing: input.value)
    }

    private func release(_ archive: DebianArchives.Archive, _ helper: String) throws(Failure) -> InRelease {
        let file: String
        do throws(SystemError) {
            try Files.makeFolders(context.downloadsFolder, permissions: 0o700)
            let token = try context.environment.random(8).map { String($0, radix: 16) }.joined()
            file = "\(context.downloadsFolder)/release-\(token)"
        } catch { throw Failure(.io, "the mirror cannot be asked", cause: error) }
        defer { try? Files.remove(file) }
        try download(archive.releaseURL, to: file, helper)
        let text: [UInt8]
        do throws(SystemError) { text = try Files.read(file, limit: Self.maximumSize) } catch {
            throw Failure(.io, "\(archive.releaseURL) cannot be read after its download", cause: error)
        }
        return try InRelease(parsing: String(decoding: text, as: UTF8.self), url: archive.releaseURL)
    }

    private func download(_ url: String, to file: String, _ helper: String) throws(Failure) {
        let message = "the mirror cannot be asked for \(url)"
        var errors: [String] = []
        let status: Subprocess.ExitStatus
        do throws(SubprocessError) {
            let program = Subprocess(
                helper, ["download-file", url, file], environment: DebianTools.environment,
                limits: .init(time: Self.timeLimit, output: 1 << 20))
            status = try program.run(in: context.environment) { _, line in
                let text = String(decoding: line, as: UTF8.self)
                if text.hasPrefix("E: ") { errors.append(String(text.dropFirst(3))) }
            }
        } catch { throw DebianTools.failure(error, message) }
        guard status.isSuccess else {
            throw Failure(
                .unavailable, errors.first.map { "\(message): \($0)" } ?? message,
                hint: "check the network, the proxy in apt's configuration, and the recipe's mirror and suite")
        }
    }
}
