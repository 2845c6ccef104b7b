import Glibc

/// Finds programs of the host.
package enum Programs {
    /// Searched after `PATH`, which often lacks them for ordinary users.
    private static let systemFolders = ["/usr/sbin", "/sbin"]

    /// The path of a program that may be executed; nil where there is none. `searchPath` nil takes `PATH` of this process. A name with
    /// a `/` is a path already.
    package static func find(_ name: String, searchPath: String? = nil) -> String? {
        if name.contains("/") { return isExecutable(name) ? name : nil }
        let path = searchPath ?? variable("PATH") ?? "/usr/local/bin:/usr/bin:/bin"
        // An empty part means the working directory, which is no place to look for programs.
        let folders = path.split(separator: ":").map(String.init) + systemFolders
        return folders.lazy.map { "\($0)/\(name)" }.first { isExecutable($0) }
    }

    /// A variable of this process's environment.
    package static func variable(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }

    private static func isExecutable(_ path: String) -> Bool {
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
        return unsafe access(path, X_OK) == 0
    }
}
