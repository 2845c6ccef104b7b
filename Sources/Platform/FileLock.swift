import Glibc

/// An exclusive lock between processes on a file, by flock(2): gone when it is released or when its process dies.
package struct FileLock: ~Copyable, Sendable {
    private let file: FileDescriptor

    /// Unlocked and not only closed: a child that was forked at this moment and has not yet begun its program has the file open too.
    deinit { _ = flock(file.raw, LOCK_UN) }

    /// Nil where somebody else holds it. The file is made where it is missing.
    package static func tryAcquire(_ path: String) throws(SystemError) -> FileLock? {
        let file = try FileDescriptor.open(path, .readWrite, permissions: 0o600)
        do throws(SystemError) {
            let raw = file.raw
            try retrying("flock", path) { flock(raw, LOCK_EX | LOCK_NB) }
        } catch {
            if error.errno == EWOULDBLOCK { return nil }
            throw error
        }
        return FileLock(file: file)
    }

    /// Waits until the lock is free.
    package static func acquire(_ path: String) throws(SystemError) -> FileLock {
        let file = try FileDescriptor.open(path, .readWrite, permissions: 0o600)
        let raw = file.raw
        try retrying("flock", path) { flock(raw, LOCK_EX) }
        return FileLock(file: file)
    }

    package func write(_ text: String) throws(SystemError) {
        try file.truncate(to: 0)
        try file.seek(to: 0)
        try file.write(Array(text.utf8))
    }
}

extension FileDescriptor {
    /// Locks the file by flock(2) for as long as it is open, shared with others or alone; a lock that is held is changed. False where
    /// somebody else's lock does not allow it.
    package func tryLock(shared: Bool) throws(SystemError) -> Bool {
        do throws(SystemError) {
            try retrying("flock", path) { flock(raw, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB) }
            return true
        } catch {
            if error.errno == EWOULDBLOCK { return false }
            throw error
        }
    }
}
