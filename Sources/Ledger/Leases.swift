import Model
import Records
import SQLite

/// The right to be the only one who does something, until it expires, is released or is taken over.
package struct LeaseRecord: Sendable, Hashable {
    package var name: String
    package var holder: String
    /// The fencing number: every acquisition of the name gets a higher one.
    package var number: Int64
    package var expires: Instant
}

extension Ledger {
    /// Takes the lease. `Failure(.busy)` while somebody holds it who has neither let it expire nor, by `isDead`, died.
    package func acquire(
        _ name: String, holder: String, for span: TimeSpan, at now: Instant,
        isDead: (_ holder: String) -> Bool = { _ in false }
    ) throws(Failure) -> LeaseRecord {
        try change("take the lease \(name)", under: nil) { session in
            let last = try session.lease(name)
            if let last, let other = last.holder, now < last.expires, !isDead(other) {
                throw Failure(
                    .busy, "the lease \(name) is held by \(other) until \(last.expires)", hint: "wait until it is done")
            }
            let lease = LeaseRecord(name: name, holder: holder, number: (last?.number ?? 0) + 1, expires: now + span)
            try session.run(
                "INSERT OR REPLACE INTO leases (name, holder, number, expires) VALUES (?, ?, ?, ?)", name, holder,
                lease.number, lease.expires)
            try session.append(
                .leaseAcquired, subject: name,
                detail: ["holder": holder, "number": String(lease.number), "expires": lease.expires.description], at: now)
            return lease
        }
    }

    /// Moves the expiry. `Failure(.busy)` when the lease was lost; an expired one that nobody took is not lost.
    package func renew(_ lease: LeaseRecord, for span: TimeSpan, at now: Instant) throws(Failure) -> LeaseRecord {
        try change("renew the lease \(lease.name)", under: lease) { session in
            var renewed = lease
            renewed.expires = now + span
            try session.run("UPDATE leases SET expires = ? WHERE name = ?", renewed.expires, lease.name)
            return renewed
        }
    }

    /// Gives the lease back. `Failure(.busy)` when it was lost before.
    package func release(_ lease: LeaseRecord, at now: Instant) throws(Failure) {
        try change("release the lease \(lease.name)", under: lease) { session in
            // The row stays, since it counts the fencing numbers.
            try session.run("UPDATE leases SET holder = NULL WHERE name = ?", lease.name)
            try session.append(
                .leaseReleased, subject: lease.name, detail: ["holder": lease.holder, "number": String(lease.number)], at: now)
        }
    }

    /// `Failure(.busy)` when the lease was lost.
    package func check(_ lease: LeaseRecord) throws(Failure) {
        try database.read("check the lease \(lease.name)") { try $0.check(lease) }
    }
}

extension Session {
    fileprivate func lease(_ name: String) throws -> (holder: String?, number: Int64, expires: Instant)? {
        try first("SELECT holder, number, expires FROM leases WHERE name = ?", name) { row in
            (try row.textIfPresent("holder"), try row.integer("number"), try row.instant("expires"))
        }
    }

    func check(_ lease: LeaseRecord) throws {
        let now = try self.lease(lease.name)
        guard now?.number != lease.number || now?.holder == nil else { return }
        let by = now?.holder.map { "\($0) took it" } ?? "it was released"
        throw Failure(.busy, "the lease \(lease.name) of \(lease.holder) is lost: \(by)", hint: "start the run again")
    }
}
