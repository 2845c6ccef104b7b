/// A connection to one database file. It may be used from any thread; one transaction runs at a time.
package final class Connection: Sendable {
    package enum Mode: Sendable {
        /// May write, and makes the file where it is missing. The writer's lock is held during write transactions alone, so a
        /// connection that is merely open keeps nobody waiting.
        case writer
        /// `query_only`, and takes no lock, except to bring an older schema up to date. A missing file is an error.
        case reader
    }

    package let path: String
    package let mode: Mode
    /// How long a write transaction waits for another writer, in milliseconds.
    package let lockWait: Int
    private let gate = Gate()
    /// Touched inside of `gate` alone.
    private nonisolated(unsafe) let session: Session

    /// Opens the database, and brings its schema up to date: the n-th migration (from 1) makes schema version n.
    ///
    /// With `mustHold` the database is known to have been filled before: one that is missing or empty is damage, not a new one.
    package init(
        path: String, mode: Mode = .writer, lockWait: Int = 10_000, migrations: [Migration] = [], mustHold: Bool = false
    ) throws(SQLiteError) {
        self.path = path
        self.mode = mode
        self.lockWait = lockWait
        if mustHold && !NewDatabase.exists(path: path) { throw SQLiteError(.corrupt, path: path, "the file is gone") }
        try Self.makeFile(path, mode: mode, lockWait: lockWait)
        unsafe session = try Session(opening: path)
        unsafe try Self.configure(session, mode: mode, lockWait: lockWait)
        if !migrations.isEmpty { try migrate(migrations, mustHold: mustHold) }
    }

    deinit { unsafe session.emptyLog() }

    /// Runs `body` on one consistent state of the database.
    package func read<T: Sendable>(_ body: (Session) throws -> T) throws -> T {
        try gate.withLock {
            let session = unsafe session
            if let poison = session.poison { throw poison }
            try session.run("BEGIN")
            defer { _ = try? session.run("COMMIT") }
            return try body(session)
        }
    }

    /// Runs `body` in a write transaction. When this returns, the changes are on disk; when it throws, nothing was changed.
    ///
    /// Throws `.busy` when another writer holds the lock for longer than `lockWait`. After a commit that failed with an I/O error
    /// nobody knows what is on disk: every later call throws `.poisoned`, until the database is opened anew.
    @discardableResult
    package func write<T: Sendable>(_ body: (Session) throws -> T) throws -> T {
        guard mode == .writer else { throw SQLiteError(.readOnly, path: path, "a write through a reader") }
        return try gate.withLock {
            let session = unsafe session
            if let poison = session.poison { throw poison }
            try session.takeLock(milliseconds: lockWait)
            defer { session.releaseLock() }
            return try session.transaction(body)
        }
    }
}

// Opening.
extension Connection {
    private static func makeFile(_ path: String, mode: Mode, lockWait: Int) throws(SQLiteError) {
        guard !NewDatabase.exists(path: path) else { return }
        guard mode == .writer else { throw SQLiteError(.missing, path: path, "there is no such file") }
        let lock = try WriterLock(databasePath: path)
        try lock.lock(milliseconds: lockWait)
        defer { lock.unlock() }
        guard !NewDatabase.exists(path: path) else { return }
        try NewDatabase.create(path: path)
    }

    private static func configure(_ session: Session, mode: Mode, lockWait: Int) throws(SQLiteError) {
        guard mode == .writer else { return try session.execute("PRAGMA query_only = ON") }
        if try session.pragma("journal_mode") != .text("wal") {
            let lock = try WriterLock(databasePath: session.path)
            try lock.lock(milliseconds: lockWait)
            defer { lock.unlock() }
            guard try session.pragma("journal_mode = wal") == .text("wal") else {
                throw SQLiteError(.other, path: session.path, "the file system does not carry a write-ahead log")
            }
        }
        // A short log, so that the first command after a crash or a restart has little to read.
        try session.execute("PRAGMA wal_autocheckpoint = 200; PRAGMA journal_size_limit = 1048576")
        try session.execute("PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL")
    }
}
