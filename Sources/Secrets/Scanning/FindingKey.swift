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
        let status: Files.Status
        let key: [UInt8]
        do throws(SystemError) {
            status = try Files.status(path)
            key = try Files.read(path, limit: 4096)
        } catch {
            if error.isNotFound { return nil }
            throw Failure(.io, "the key for digests of secrets cannot be read", cause: error)
        }
        guard status.mode & 0o077 == 0 else {
            throw Failure(
                .denied, "other users may read the key for digests of secrets",
                hint: "remove \(path): a new one is made, and digests in later reports are others")
        }
        guard key.count == keySize else {
            throw Failure(.corrupt, "the key for digests of secrets is damaged", hint: "remove \(path): a new one is made")
        }
        return key
    }

    /// Two first scans at once both use the key of the first: a name that exists is not written over.
    private static func make(_ path: String, _ environment: Environment) throws(SystemError) {
        let temporary = "\(path).\(try environment.token()).tmp"
        try Files.makeFolders(Files.parent(of: path), permissions: 0o700)
        try Files.writeDurably(temporary, try environment.random(keySize), permissions: 0o600)
        defer { try? Files.remove(temporary) }
        do throws(SystemError) { try Files.renameNew(temporary, to: path) } catch {
            if !Files.exists(path) { throw error }
        }
        try Files.synchronizeFolder(Files.parent(of: path))
    }

    private static func attempt<Result>(_ body: () throws(SystemError) -> Result) throws(Failure) -> Result {
        do throws(SystemError) { return try body() } catch {
            throw Failure(.io, "the key for digests of secrets cannot be kept", cause: error)
        }
    }
}
