import Model
import Records
import SQLite

/// One effect of a saga: written down before it acts, settled afterwards. After a crash the unfinished ones are finished or undone.
package struct OperationRecord: Sendable, Hashable {
    package enum Kind: String, Sendable, Codable, CaseIterable {
        case register, copy, promote, deregister
    }

    package enum State: String, Sendable, Codable, CaseIterable {
        case intended, done, undone
    }

    package var id: Int64
    /// Names the intention: what is intended twice under one token is one operation. Effects carry it, so that they happen once.
    package var token: String
    package var kind: Kind
    /// What it is about: an image, a recipe and channel.
    package var subject: String
    package var region: RegionName?
    /// All that is needed to finish or undo it, as JSON.
    package var intent: String
    package var state: State
    package var intended: Instant
    package var settled: Instant?
    /// What came of it, as JSON, or why it was undone.
    package var result: String?
}

extension Ledger {
    /// Writes an intention down. With a token that is known it returns the operation of that token, in whatever state it is.
    package func intend(
        _ kind: OperationRecord.Kind, subject: String, region: RegionName? = nil, intent: String, token: String, at now: Instant,
        under lease: LeaseRecord? = nil
    ) throws(Failure) -> OperationRecord {
        try change("record the intention to \(kind.rawValue) \(subject)", under: lease) { session in
            if let known = try session.operations("WHERE token = ?", token).first { return known }
            try session.run(
                "INSERT INTO operations (token, kind, subject, region, intent, state, intended) VALUES (?, ?, ?, ?, ?, 'intended', ?)",
                token, kind.rawValue, subject, region, intent, now)
            let operation = try session.operation(session.lastInsertedRow)
            try session.append(.operationIntended, of: operation, at: now)
            return operation
        }
    }

    /// The effect happened. Saying so twice is no error.
    package func complete(
        _ id: Int64, result: String = "", at now: Instant, under lease: LeaseRecord? = nil
    ) throws(Failure) -> OperationRecord {
        try settle(id, .done, result, .operationDone, at: now, under: lease)
    }

    /// The effect did not happen, or was undone. Saying so twice is no error.
    package func abandon(
        _ id: Int64, reason: String, at now: Instant, under lease: LeaseRecord? = nil
    ) throws(Failure) -> OperationRecord {
        try settle(id, .undone, reason, .operationUndone, at: now, under: lease)
    }

    /// The operations that are neither done nor undone, oldest first.
    package func unfinishedOperations(_ kind: OperationRecord.Kind? = nil) throws(Failure) -> [OperationRecord] {
        let all = try database.read("list the unfinished operations") { session in
            try session.operations("WHERE state = 'intended' ORDER BY id")
        }
        return all.filter { kind == nil || $0.kind == kind }
    }

    /// The operations that are done and whose tokens begin so, oldest first.
    package func doneOperations(tokenPrefix prefix: String) throws(Failure) -> [OperationRecord] {
        try database.read("list the operations of \(prefix)") { session in
            try session.operations(
                "WHERE state = 'done' AND substr(token, 1, ?) = ? ORDER BY id", prefix.unicodeScalars.count, prefix)
        }
    }

    /// The regions in which something was registered or copied that was not undone, each with how much.
    package func regionsOfOperations() throws(Failure) -> [RegionName: Int] {
        try database.read("list the regions of operations") { session in
            let rows = try session.rows(
                """
                SELECT region, count(*) AS number FROM operations
                WHERE state = 'done' AND region IS NOT NULL AND kind IN ('register', 'copy') GROUP BY region
                """
            ) { row in (try row.parsed("region") as RegionName, Int(try row.integer("number"))) }
            return Dictionary(rows, uniquingKeysWith: +)
        }
    }

    private func settle(
        _ id: Int64, _ state: OperationRecord.State, _ result: String, _ event: EventKind, at now: Instant,
        under lease: LeaseRecord?
    ) throws(Failure) -> OperationRecord {
        try change("settle the operation \(id)", under: lease) { session in
            let before = try session.operation(id)
            if before.state == state { return before }
            guard before.state == .intended else {
                throw Failure(.conflict, "the operation \(id) is \(before.state) and cannot become \(state)")
            }
            try session.run(
                "UPDATE operations SET state = ?, settled = ?, result = ? WHERE id = ?", state.rawValue, now, result, id)
            let after = try session.operation(id)
            try session.append(event, of: after, at: now)
            return after
        }
    }
}

extension Session {
    fileprivate func operation(_ id: Int64) throws -> OperationRecord {
        guard let operation = try operations("WHERE id = ?", id).first else {
            throw Failure(.notFound, "there is no operation \(id)")
        }
        return operation
    }

    fileprivate func operations(_ condition: String, _ values: (any Bindable)...) throws -> [OperationRecord] {
        try rows("SELECT * FROM operations \(condition)", values) { row in
            OperationRecord(
                id: try row.integer("id"), token: try row.text("token"), kind: try row.named("kind"),
                subject: try row.text("subject"), region: try row.parsedIfPresent("region"), intent: try row.text("intent"),
                state: try row.named("state"), intended: try row.instant("intended"),
                settled: try row.instantIfPresent("settled"), result: try row.textIfPresent("result"))
        }
    }

    fileprivate func append(_ event: EventKind, of operation: OperationRecord, at now: Instant) throws {
        let detail = [
            "operation": String(operation.id), "kind": operation.kind.rawValue, "region": operation.region?.description,
            "token": operation.token, "result": operation.result,
        ]
        try append(event, subject: operation.subject, detail: detail, at: now)
    }
}
