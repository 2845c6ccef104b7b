import Model
import Platform

extension SecretScanner {
    /// The key for digests that a workspace keeps, made where there is none; with it, equal credentials have equal digests in all its scans.
    /// Without a folder a key for this scan.
    package static func key(in folder: String?, _ environment: Environment) throws(Failure) -> [UInt8] {
        guard let folder else { return try attempt { () throws(SystemError) in try environment.random(keySize) } }
        let path = folder + "/findings.key"
        if let key = try known(path) { return key }
        try attempt { () throws(SystemError) in try make(path, environment) }
        guard let key = try known(path) else {
            throw Failure(.io, "the key for digests of secrets went away while it was read", hint: "try again")
        }
        return key
    }

    private static func known(_ path: String) throws(Failure) -> [UInt8]? {
        let found: [UInt8]?
        do throws(SecretFile.Problem) { found = try SecretFile.read(path, limit: 4096) } catch {
            throw Failure(
                error, of: "the key for digests of secrets", at: path,
                remedy: "remove \(path): a new one is made, and digests in later reports are others")
        }
        guard let key = found else { return nil }
        guard key.count == keySize else {
            throw Failure(.corrupt, "the key for digests of secrets is damaged", hint: "remove \(path): a new one is made")
        }
        return key
    }

    /// Two first scans at once both use the key of the first: a name that exists is not written over.
    private static func make(_ path: String, _ environment: Environment) throws(SystemError) {
        _ = try SecretFile.make(path, try environment.random(keySize), token: try environment.token())
    }

    private static func attempt<Result>(_ body: () throws(SystemError) -> Result) throws(Failure) -> Result {
        do throws(SystemError) { return try body() } catch {
            throw Failure(.io, "the key for digests of secrets cannot be kept", cause: error)
        }
    }
}
