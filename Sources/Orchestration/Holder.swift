import Glibc
import Ledger
import Model
import Platform

/// Who holds leases and acts in a workspace. A test passes its own, to play a process that died.
package struct Holder: Sendable {
    package let name: String
    /// Whether the process that a holder's name means is gone.
    package let isDead: @Sendable (_ name: String) -> Bool

    package init(name: String, isDead: @escaping @Sendable (_ name: String) -> Bool) {
        self.name = name
        self.isDead = isDead
    }

    /// This process, told from a later one of the same number by the time it started: `pid:started`, where `started` is in clock ticks
    /// since the machine booted.
    package static let process = Holder(
        name: "\(getpid()):\(started(Int(getpid())) ?? "0")",
        isDead: { name in
            // A name of another form is taken to live.
            let parts = name.split(separator: ":")
            guard parts.count == 2, let process = Int(parts[0]) else { return false }
            return started(process) != String(parts[1])
        })

    /// Field 22 of /proc/PID/stat; nil also for a process that has ended and waits for its parent to ask how (a zombie), which under
    /// an init that never asks is for ever. The name in field 2 may hold blanks and parentheses, so counting starts after the last `)`.
    private static func started(_ process: Int) -> String? {
        guard let bytes = try? Files.readStream("/proc/\(process)/stat", limit: 4096) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 19, fields[0] != "Z", fields[0] != "X" else { return nil }
        return String(fields[19])
    }
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
