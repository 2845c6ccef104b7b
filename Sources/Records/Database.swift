import Model
import SQLite

/// A database of the workspace: every error comes out as a `Failure` that says what was tried, and on which database.
package struct Database: Sendable {
    private let connection: Connection
    /// For messages: `the ledger`, `the catalogue of us-east-1`.
    private let subject: String

    /// Opens the database; a writer makes it where it is missing, a reader throws `Failure(.notFound)`. With `mustHold` one that is
    /// missing or empty is `Failure(.corrupt)`.
    package init(
        path: String, mode: Connection.Mode, subject: String, lockWait: Int = 10_000, migrations: [Migration],
        mustHold: Bool = false
    ) throws(Failure) {
        self.subject = subject
        do throws(SQLiteError) {
            connection = try Connection(path: path, mode: mode, lockWait: lockWait, migrations: migrations, mustHold: mustHold)
        } catch {
            throw Failure(error, task: "open \(subject)", subject: subject)
        }
    }

    package var path: String { connection.path }

    /// Reads one consistent state. `task` completes "cannot …" in a message.
    package func read<T: Sendable>(_ task: @autoclosure () -> String, _ body: (Session) throws -> T) throws(Failure) -> T {
        do { return try connection.read(body) } catch { throw failure(error, task()) }
    }

    /// Changes everything in `body` or nothing; on return the change is on disk.
    @discardableResult
    package func write<T: Sendable>(_ task: @autoclosure () -> String, _ body: (Session) throws -> T) throws(Failure) -> T {
        do { return try connection.write(body) } catch { throw failure(error, task()) }
    }

    /// Has SQLite look at all pages and indexes; `Failure(.corrupt)` where something is wrong with them.
    package func verify() throws(Failure) {
        let found = try read("check \(subject)") { session in
            try session.first("PRAGMA integrity_check(1)") { row in try row.text("integrity_check") }
        }
        guard found == "ok" else {
            throw Failure(
                .corrupt, "\(subject) is damaged: \(found ?? "it cannot be read")", hint: "restore the file from a copy")
        }
    }

    private func failure(_ error: any Error, _ task: String) -> Failure {
        switch error {
        case let failure as Failure: failure
        case let error as SQLiteError: Failure(error, task: task, subject: subject)
        default: Failure(.bug, "cannot \(task) in \(subject)", cause: error)
        }
    }
}

extension Failure {
    init(_ error: SQLiteError, task: String, subject: String) {
        let (code, reason, hint) = Self.meaning(of: error.kind, subject: subject)
        self.init(code, "cannot \(task): \(reason)", hint: hint, cause: error)
    }

    private static func meaning(of kind: SQLiteError.Kind, subject: String) -> (Code, String, String?) {
        switch kind {
        case .missing: (.notFound, "\(subject) does not exist", nil)
        case .busy: (.busy, "another command is writing to \(subject)", "wait until it is done, then try again")
        case .full: (.exhausted, "the disk with \(subject) is full", "free some space, then try again: nothing was changed")
        case .io: (.io, "reading or writing \(subject) failed", "see the kernel's log for errors of the disk")
        case .corrupt: (.corrupt, "\(subject) is damaged", "restore the file from a copy")
        case .readOnly: (.denied, "\(subject) may not be written", "look at the permissions of the file and of its folder")
        case .poisoned: (.io, "an earlier write to \(subject) failed", "run the command again: it starts from what is on disk")
        case .newer: (.unavailable, "\(subject) was made by a newer version of this program", "use that version")
        case .constraint: (.conflict, "\(subject) holds something that excludes it", nil)
        case .mismatch: (.corrupt, "\(subject) holds something that this program cannot read", nil)
        case .other: (.bug, "\(subject) refused a statement", nil)
        }
    }
}
