/// One step of a schema's history: the statements that make the next schema version. A released migration is never changed.
package struct Migration: Sendable {
    package let script: String

    package init(_ script: String) { self.script = script }
}

extension Connection {
    /// Runs the migrations that `user_version` does not count yet, each in a transaction of its own. An up-to-date database costs
    /// one read.
    func migrate(_ migrations: [Migration], mustHold: Bool) throws(SQLiteError) {
        do {
            let version = try read { try $0.schemaVersion() }
            guard version <= migrations.count else {
                throw SQLiteError(
                    .newer, path: path, "its schema version is \(version), and this program knows \(migrations.count) at most"
                )
            }
            guard version > 0 || !mustHold else { throw SQLiteError(.corrupt, path: path, "the file is empty") }
            guard version < migrations.count else { return }
            guard mode == .writer else {
                _ = try Connection(path: path, mode: .writer, lockWait: lockWait, migrations: migrations)
                return
            }
            for next in version..<migrations.count { try apply(migrations[next], version: next + 1) }
        } catch let error as SQLiteError {
            throw error
        } catch {
            throw SQLiteError(.other, path: path, "migration failed: \(error)")
        }
    }

    private func apply(_ migration: Migration, version: Int) throws {
        try write { session in
            // Another process may have been here between the check and the lock.
            guard try session.schemaVersion() < version else { return }
            try session.execute(migration.script)
            try session.execute("PRAGMA user_version = \(version)")
        }
    }
}

extension Session {
    fileprivate func schemaVersion() throws(SQLiteError) -> Int {
        guard case .integer(let version) = try pragma("user_version") else { return 0 }
        return Int(version)
    }
}
