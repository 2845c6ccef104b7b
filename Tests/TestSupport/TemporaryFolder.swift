import Glibc
import Platform

/// Runs `body` with a new, empty folder, which is removed afterwards with all that is in it.
package func withTemporaryFolder<Result>(_ body: (_ path: String) throws -> Result) throws -> Result {
    let base = Files.absolute(unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp")
    let path = "\(base)/ingot-test-\(try Random.token())"
    try Files.makeFolders(path, permissions: 0o700)
    defer { try? Files.removeTree(path) }
    return try body(path)
}
