extension Session {
    /// BEGIN IMMEDIATE, the body, COMMIT; ROLLBACK when any of them throws. The caller holds the writer's lock.
    func transaction<T>(_ body: (Session) throws -> T) throws -> T {
        try execute("BEGIN IMMEDIATE")
        isWriting = true
        defer { isWriting = false }
        let result: T
        do {
            result = try body(self)
        } catch {
            rollBack()
            throw error
        }
        try commit()
        hasWritten = true
        return result
    }

    private func commit() throws(SQLiteError) {
        do {
            try execute("COMMIT")
        } catch {
            rollBack()
            if error.kind == .io { poison = Self.poison(after: error) }
            throw error
        }
    }

    private static func poison(after error: SQLiteError) -> SQLiteError {
        SQLiteError(
            .poisoned, code: error.code, path: error.path,
            "an earlier commit failed (\(error.message)), so what is on disk is unknown until the database is opened anew"
        )
    }

    /// Its own errors are not reported: the transaction is gone with the connection at the latest.
    private func rollBack() {
        if isInTransaction { try? execute("ROLLBACK") }
    }
}
