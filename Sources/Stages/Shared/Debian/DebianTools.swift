import Model
import Platform

/// Debian's own programs on the host: how they are found, and what they get to see.
enum DebianTools {
    /// Fixed, so that no locale and no time zone reaches the tree: postgresql, for one, writes them into its configuration. What is
    /// needed to reach a mirror and to find room on the disk comes from the host.
    static var environment: [String: String] {
        var environment = [
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC",
            "DEBIAN_FRONTEND": "noninteractive",
        ]
        for name in ["http_proxy", "https_proxy", "no_proxy", "TMPDIR"] {
            if let value = Programs.variable(name) { environment[name] = value }
        }
        return environment
    }

    /// The path of a program; `Failure(.unavailable)` names the package that has it.
    static func find(_ program: String, package: String) throws(Failure) -> String {
        guard let path = Programs.find(program) else {
            throw Failure(
                .unavailable, "\(program) is not on this machine",
                hint: "install it with 'apt-get install \(package)'; bootstrapping needs a Debian or a system made from it")
        }
        return path
    }

    static func failure(_ error: SubprocessError, _ message: String) -> Failure {
        switch error {
        case .cancelled: Failure(.cancelled, "the build was cancelled", cause: error)
        case .timedOut: Failure(.unavailable, message, cause: error)
        case .tooMuchOutput: Failure(.failed, message, cause: error)
        case .notStarted, .system: Failure(.io, message, cause: error)
        }
    }
}
