import Ledger
import Model
import Platform

/// Who holds leases and acts in a workspace. A test passes its own, to play a process that died.
package struct Holder: Sendable {
    package var name: String { named() }
    private let named: @Sendable () -> String
    /// Whether the process that a holder's name means is gone.
    package let isDead: @Sendable (_ name: String) -> Bool

    /// - Parameter name: asked for when something is held; most commands hold nothing.
    package init(name: @autoclosure @escaping @Sendable () -> String, isDead: @escaping @Sendable (_ name: String) -> Bool) {
        named = name
        self.isDead = isDead
    }

    /// This process.
    package static let process = Holder(name: ProcessIdentity.own, isDead: { ProcessIdentity.isDead($0) })
}

extension Workspace {
    /// How long a lease lasts that nobody renews. A dead holder's lease is free at once; this is for holders that hang.
    private static let leaseSpan = TimeSpan.hours(24)

    /// Runs `body` as the only one in this workspace who does `what`; `Failure(.busy)` while somebody else does, for longer than
    /// `patience`.
    package func exclusively<Result>(
        _ what: String, patience: TimeSpan = TimeSpan(seconds: 0), _ body: (LeaseRecord) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let lease = try lease(what, patience: patience)
        let result: Result
        do throws(Failure) { result = try body(lease) } catch {
            try? ledger.release(lease, at: now)
            throw error
        }
        try ledger.release(lease, at: now)
        return result
    }

    private func lease(_ what: String, patience: TimeSpan) throws(Failure) -> LeaseRecord {
        let pause: UInt64 = 50_000_000
        var left = UInt64(patience.seconds) * 1_000_000_000
        while true {
            do throws(Failure) {
                return try ledger.acquire(what, holder: holder.name, for: Self.leaseSpan, at: now, isDead: holder.isDead)
            } catch {
                if error.code != .busy { throw error }
                if left == 0 || environment.cancellation.isCancelled {
                    throw Failure(.busy, "another command is at it: \(what)", hint: "wait until it has ended", cause: error)
                }
                environment.wait(pause)
                left -= min(left, pause)
            }
        }
    }

    /// The lease with a new expiry, where half of its time has passed; `Failure(.busy)` where somebody took it. Work that may take long
    /// calls this now and then.
    func renewed(_ lease: LeaseRecord) throws(Failure) -> LeaseRecord {
        let half = TimeSpan(seconds: Self.leaseSpan.seconds / 2)
        return now + half < lease.expires ? lease : try ledger.renew(lease, for: Self.leaseSpan, at: now)
    }
}
