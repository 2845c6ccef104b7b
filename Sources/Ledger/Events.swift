import FoundationEssentials
import Model
import Records
import SQLite

/// What kind of thing happened, as `noun.verb`.
package struct EventKind: RawRepresentable, Hashable, Sendable {
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }

    package static let buildStarted = EventKind(rawValue: "build.started")
    package static let buildFinished = EventKind(rawValue: "build.finished")
    package static let stepFinished = EventKind(rawValue: "step.finished")
    package static let checkpointRecorded = EventKind(rawValue: "checkpoint.recorded")
    package static let checkpointForgotten = EventKind(rawValue: "checkpoint.forgotten")
    package static let operationIntended = EventKind(rawValue: "operation.intended")
    package static let operationDone = EventKind(rawValue: "operation.done")
    package static let operationUndone = EventKind(rawValue: "operation.undone")
    package static let channelMoved = EventKind(rawValue: "channel.moved")
    package static let imageRetired = EventKind(rawValue: "image.retired")
    package static let scheduleClaimed = EventKind(rawValue: "schedule.claimed")
    package static let scheduleFinished = EventKind(rawValue: "schedule.finished")
    package static let leaseAcquired = EventKind(rawValue: "lease.acquired")
    package static let leaseReleased = EventKind(rawValue: "lease.released")
}

/// One line of the log.
package struct EventRecord: Sendable, Hashable {
    /// Counts up, and is never used twice.
    package var seq: Int64
    package var at: Instant
    package var kind: EventKind
    /// What it happened to: a build's id, a recipe and channel, a digest.
    package var subject: String
    /// A JSON object of strings, keys sorted.
    package var detail: String
}

/// Which events to list: all conditions must hold, and a nil or empty one holds always.
package struct EventFilter: Sendable {
    package var kinds: [EventKind] = []
    package var subject: String?
    package var since: Instant?
    /// Later than this sequence number.
    package var after: Int64?
    /// At most so many: the last ones, or with `after` the first ones.
    package var limit: Int?

    package init(
        kinds: [EventKind] = [], subject: String? = nil, since: Instant? = nil, after: Int64? = nil, limit: Int? = nil
    ) {
        self.kinds = kinds
        self.subject = subject
        self.since = since
        self.after = after
        self.limit = limit
    }
}

extension Ledger {
    /// Records something that happened outside of the ledger's own tables.
    package func append(
        _ kind: EventKind, subject: String, detail: [String: String] = [:], at instant: Instant, under lease: LeaseRecord? = nil
    ) throws(Failure) {
        try change("record the event \(kind.rawValue)", under: lease) { session in
            try session.append(kind, subject: subject, detail: detail, at: instant)
        }
    }

    /// The events that the filter lets through, oldest first.
    package func events(_ filter: EventFilter = EventFilter()) throws(Failure) -> [EventRecord] {
        try database.read("list the events") { try $0.events(filter) }
    }
}

extension Session {
    func append(_ kind: EventKind, subject: String, detail: [String: String?] = [:], at instant: Instant) throws {
        let json = try CanonicalJSON.text(of: detail.compactMapValues(\.self))
        try run(
            "INSERT INTO events (at, kind, subject, detail) VALUES (?, ?, ?, ?)", instant, kind.rawValue, subject, json)
    }

    fileprivate func events(_ filter: EventFilter) throws -> [EventRecord] {
        var conditions = ["seq > ?"]
        var values: [any Bindable] = [filter.after ?? 0]
        if !filter.kinds.isEmpty {
            conditions.append("kind IN (\(repeatElement("?", count: filter.kinds.count).joined(separator: ", ")))")
            values += filter.kinds.map { $0.rawValue as any Bindable }
        }
        if let subject = filter.subject {
            conditions.append("subject = ?")
            values.append(subject)
        }
        if let since = filter.since {
            conditions.append("at >= ?")
            values.append(since)
        }
        let order = filter.after == nil ? "DESC" : "ASC"
        let sql = "SELECT * FROM events WHERE \(conditions.joined(separator: " AND ")) ORDER BY seq \(order) LIMIT ?"
        // A negative limit is none.
        let found = try rows(sql, values + [filter.limit ?? -1]) { row in
            EventRecord(
                seq: try row.integer("seq"), at: try row.instant("at"), kind: try row.named("kind"),
                subject: try row.text("subject"), detail: try row.text("detail"))
        }
        return filter.after == nil ? found.reversed() : found
    }
}
