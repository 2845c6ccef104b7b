import Model
import Pipeline
import Platform

/// Runs mmdebstrap: root directly, an ordinary user in a user namespace. It verifies the archives' signatures itself.
struct Mmdebstrap {
    let stage: BootstrapStage
    let date: Instant
    let context: StageContext

    private static let debianKeyring = "/usr/share/keyrings/debian-archive-keyring.gpg"
    /// Time for the program to take its mounts down and its folder away.
    private static let grace: UInt64 = 60_000_000_000
    private static let shownErrors = 5

    /// Writes the tree as a tar archive. The times in it are at most the date.
    func run(into archive: String) throws(Failure) {
        let message = "the Debian tree of \(stage.suite) could not be made"
        let mmdebstrap = try DebianTools.find("mmdebstrap", package: "mmdebstrap")
        var environment = DebianTools.environment
        environment["SOURCE_DATE_EPOCH"] = "\(date.seconds)"
        let program = Subprocess(
            mmdebstrap, try arguments(archive), environment: environment, input: Array(stage.archives.sourcesList.utf8),
            limits: .init(grace: Self.grace))
        var errors: [String] = []
        let status: Subprocess.ExitStatus
        do throws(SubprocessError) {
            status = try program.run(in: context.environment) { _, line in
                let text = String(decoding: line, as: UTF8.self)
                if text.hasPrefix("I: ") {
                    context.progress(.detail(String(text.dropFirst(3))))
                } else {
                    context.progress(.output(text))
                }
                if text.hasPrefix("E: ") || text.hasPrefix("Err:") { errors.append(text) }
            }
        } catch { throw DebianTools.failure(error, message) }
        guard status.isSuccess else {
            let reasons = errors.prefix(Self.shownErrors).joined(separator: "; ")
            throw Failure(
                .failed, "\(message): mmdebstrap ended with \(status)\(reasons.isEmpty ? "" : ": \(reasons)")",
                hint: "the build's log has all that mmdebstrap printed")
        }
    }

    /// The archives come by standard input, as `-` says.
    private func arguments(_ archive: String) throws(Failure) -> [String] {
        let keyring = stage.keyring?.path ?? Self.debianKeyring
        guard Files.exists(keyring) else {
            throw Failure(
                .unavailable, "the keyring \(keyring) does not exist", hint: "install the package 'debian-archive-keyring'")
        }
        let architecture = context.architecture == "arm64" ? "arm64" : "amd64"
        var arguments = [
            "--variant=\(stage.variant.rawValue)", "--architectures=\(architecture)", "--mode=auto", "--format=tar",
            "--keyring=\(Files.absolute(keyring))",
        ]
        if !stage.include.isEmpty { arguments.append("--include=\(stage.include.joined(separator: ","))") }
        return arguments + [stage.suite, Files.absolute(archive), "-"]
    }
}
