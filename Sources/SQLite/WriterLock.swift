import Glibc

/// The lock of a database file: `flock` on `<database>.lock`, so that at most one connection of all processes writes.
///
/// `flock` belongs to the open file, so two connections of one process exclude each other too; and it goes when the process dies.
struct WriterLock: ~Copyable {
    private let databasePath: String
    private let descriptor: Int32

    /// Opens the lock file, and makes it where it is missing; nothing is locked yet.
    init(databasePath: String) throws(SQLiteError) {
        self.databasePath = databasePath
        descriptor = unsafe open(databasePath + ".lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw SQLiteError.of(errno, path: databasePath, "the lock file \(databasePath).lock cannot be opened")
        }
    }

    deinit { close(descriptor) }

    /// Waits at most `milliseconds`, then throws `.busy`.
    func lock(milliseconds: Int) throws(SQLiteError) {
        var waited = 0
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let error = errno
            guard error == EWOULDBLOCK || error == EINTR else {
                throw SQLiteError.of(error, path: databasePath, "the lock file \(databasePath).lock cannot be locked")
            }
            guard waited < milliseconds else {
                throw SQLiteError(
                    .busy, path: databasePath, "another writer has held \(databasePath).lock for \(milliseconds) ms"
                )
            }
            let pause = min(waited < 20 ? 1 : 10, milliseconds - waited)
            usleep(UInt32(pause * 1000))
            waited += pause
        }
    }

    func unlock() { flock(descriptor, LOCK_UN) }
}

extension SQLiteError {
    /// The error of a failed system call.
    static func of(_ error: Int32, path: String, _ message: String) -> SQLiteError {
        let reason = unsafe String(cString: strerror(error))
        let kind: Kind =
            switch error {
            case ENOSPC, EDQUOT: .full
            case ENOENT: .missing
            case EACCES, EPERM, EROFS: .readOnly
            default: .io
            }
        return SQLiteError(kind, code: error, path: path, "\(message): \(reason)")
    }
}
