// Ledger: the durable record of what was intended and what happened: builds and their steps, checkpoints, operations, channels,
// scheduled runs, leases and events.
//
// Every change of state appends its event in the same transaction; only a sign of life (`renew`, `touchCheckpoint`) does not, since
// it states no fact. All times are given by the caller. A write that names a lease is refused once somebody else took the lease.

import Model
import Records
import SQLite

/// `ledger.db` of a workspace. It may be used from any thread.
package final class Ledger: Sendable {
    let database: Database

    /// Makes the file where it is missing, or with `readOnly` throws `Failure(.notFound)`.
    package init(path: String, readOnly: Bool = false, lockWait: Int = 10_000) throws(Failure) {
        database = try Database(
            path: path, mode: readOnly ? .reader : .writer, subject: "the ledger", lockWait: lockWait,
            migrations: LedgerSchema.migrations)
    }

    /// `Failure(.corrupt)` where the file is damaged.
    package func verify() throws(Failure) { try database.verify() }

    /// A change, refused when the lease that the caller works under was lost.
    @discardableResult
    func change<T: Sendable>(
        _ task: @autoclosure () -> String, under lease: LeaseRecord?, _ body: (Session) throws -> T
    ) throws(Failure) -> T {
        try database.write(task()) { session in
            if let lease { try session.check(lease) }
            return try body(session)
        }
    }
}
