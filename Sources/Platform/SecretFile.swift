import Glibc

/// Files that only their owner may read: keys and credentials. What others could have read or made is not taken.
package enum SecretFile {
    /// Why a file is not taken, or not made.
    package enum Problem: Error, Sendable {
        case system(SystemError)
        /// Other users may read or write it.
        case exposed
        /// It belongs neither to who runs this, nor to root, nor to the owner of its folder.
        case foreign(owner: UInt32)
        /// It is larger than asked for.
        case large(bytes: Int)
    }

    /// The bytes of a file; nil where there is none. What is checked is the file that is read: a symbolic link is refused, and a file that is
    /// put in its place meanwhile does not count.
    package static func read(_ path: String, limit: Int) throws(Problem) -> [UInt8]? {
        let result: Result<[UInt8], Problem>
        do throws(SystemError) { result = try whole(path, limit) } catch {
            if error.isNotFound { return nil }
            throw .system(error)
        }
        return try result.get()
    }

    /// Makes a file with these bytes, durable when this returns, and its folder for the owner alone. False where there is one already, which
    /// is not written over: of two that do this at once one makes it.
    package static func make(_ path: String, _ bytes: [UInt8], token: String) throws(SystemError) -> Bool {
        let folder = Files.parent(of: path)
        try Files.makeFolders(folder, permissions: 0o700)
        let temporary = "\(path).\(token).tmp"
        defer { try? Files.remove(temporary) }
        let file = try FileDescriptor.open(temporary, .create, permissions: 0o600)
        try file.write(bytes)
        try file.synchronize()
        var isMine = true
        do throws(SystemError) { try Files.renameNew(temporary, to: path) } catch {
            if !Files.exists(path) { throw error }
            isMine = false
        }
        try Files.synchronizeFolder(folder)
        return isMine
    }

    private static func whole(_ path: String, _ limit: Int) throws(SystemError) -> Result<[UInt8], Problem> {
        let file = try FileDescriptor.openForReading(bytes: Array(path.utf8))
        let status = try file.status()
        if status.mode & 0o077 != 0 { return .failure(.exposed) }
        let owners = [geteuid(), 0, try Files.status(Files.parent(of: path)).uid]
        guard owners.contains(status.uid) else { return .failure(.foreign(owner: status.uid)) }
        let size = try file.size()
        guard size <= limit else { return .failure(.large(bytes: size)) }
        var buffer = [UInt8](repeating: 0, count: size)
        let count = try file.read(into: &buffer, count: size, at: 0)
        return .success(Array(buffer.prefix(count)))
    }
}
