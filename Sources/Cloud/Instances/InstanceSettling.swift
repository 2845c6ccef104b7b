import ImageStore
import Model
import Platform
import Records
import SQLite

// The end of what programs do: states on their way, restarts, what is durable.
extension EmbeddedActions {
    /// How long somebody who runs programs on an instance is waited for.
    static let patience: UInt64 = 20_000_000_000

    /// Brings what is on its way to where it goes: at the end of an action, or after a crash at the beginning of the next one. An instance
    /// that another process still runs programs on stays on its way.
    func settle(patience: UInt64 = 0) throws(Failure) {
        let changing = try region.database.read("look for changing instances") { session in
            try session.rows("SELECT id, state FROM instances WHERE state IN ('pending', 'shutting-down', 'stopping')") { row in
                (id: try row.parsed("id", as: InstanceID.self), state: try row.named("state", as: InstanceState.self))
            }
        }
        if changing.isEmpty { return }
        let idle = changing.filter { $0.state == .pending || !region.hasRun($0.id) }.map(\.id)
        if !idle.isEmpty { try settle(idle) }
        for (id, _) in changing where !idle.contains(id) {
            plane.host?.end(id, in: region.name)
            guard let lock = try region.lock(id, patience: patience) else { continue }
            let moves = ContentMoves(plane, to: region)
            let disks = try storeDisks(ofEnded: id, moves)
            try settle([id], disks)
            withExtendedLifetime(moves) {}
            _ = consume lock
        }
    }

    private func settle(_ ids: [InstanceID], _ disks: [StoredDisk] = []) throws(Failure) {
        try region.database.write("settle instances") { session in
            for disk in disks { try session.keep(disk) }
            try session.settleInstances(ids, at: now)
        }
        for disk in disks { region.removeDisk(of: disk.volume) }
        try region.sweepDisks()
    }

    /// Ends what runs on the instance, and makes durable what it wrote.
    func restart(_ id: InstanceID) throws(Failure) {
        guard region.hasRun(id) else { return }
        try region.database.write("restart the instance \(id)") { session in
            // During the first boot nothing was captured yet.
            try session.run(
                """
                INSERT INTO live_trees (instance, ending) SELECT id, 1 FROM instances WHERE id = ?
                ON CONFLICT DO UPDATE SET ending = 1
                """, id)
        }
        plane.host?.end(id, in: region.name)
        guard let lock = try region.lock(id, patience: Self.patience) else {
            throw Failure(
                .busy, "another process runs programs on the instance \(id) and does not end them",
                hint: "end it, then try again")
        }
        try region.database.write("make the writes of the instance \(id) durable") { try $0.makeDurable(id) }
        _ = consume lock
    }

    package func synchronizeInstance(_ id: InstanceID) throws(Failure) {
        try settle()
        let account = try account
        _ = try plane.host?.capture(id, in: region.name)
        try plane.host?.flush(id, in: region.name)
        try write("make the writes of the instance \(id) durable") { session in
            guard let instance = try session.instances(of: account, only: id).first else {
                throw Failure(.notFound(instances: [id]))
            }
            if instance.state == .running { try session.makeDurable(id) }
        }
    }

    /// What an image lacks that is made now.
    func missingWrites(of id: InstanceID) throws(Failure) -> MissingWrites {
        var isWriting = false
        if let host = plane.host, host.holds(id, in: region.name) {
            isWriting = try !host.capture(id, in: region.name)
        } else if region.hasRun(id) {
            isWriting = try region.lock(id, patience: 0) == nil
        }
        let machine = try region.machine(id)
        // A tree that nothing was ever written to need not be looked at.
        return try MissingWrites(
            durable: machine.durable, live: machine.live, in: region.store(under: machine.key),
            programsWereRunning: isWriting)
    }
}

extension EmbeddedRegion {
    /// Brings a restart to its end whose process died. The caller has the lock.
    package func finishRestart(_ id: InstanceID) throws(Failure) {
        try database.write("finish the restart of the instance \(id)") { try $0.makeDurable(id) }
    }
}
