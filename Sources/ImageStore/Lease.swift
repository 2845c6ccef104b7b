import Crypto
import Model
import Platform

/// The right to rely on what is in the store: a locked file in `leases/`. The lock goes with the process, so that a lease needs
/// no clock and no renewal, and a stopped process keeps it.
final class Lease: Sendable {
    /// Names the packs of the lease's holder.
    let token: String
    private let store: ObjectStore
    private let lock: FileLock

    init(in store: ObjectStore) throws(Failure) {
        self.store = store
        do throws(SystemError) {
            var token = try store.environment.token()
            var lock = try FileLock.tryAcquire(Self.path(token, store))
            // A collection may have taken the new file for a dead writer's before it was locked; what is locked is no lease then.
            while lock == nil || !Files.exists(Self.path(token, store)) {
                token = try store.environment.token()
                lock = try FileLock.tryAcquire(Self.path(token, store))
            }
            guard let lock else { throw SystemError("flock", Self.path(token, store), errno: 11) }
            // Only after the lock stands: a collection that publishes marks later sees a lease that does not know them.
            try lock.write(try Marks.generation(in: store.folder))
            self.token = token
            self.lock = lock
        } catch {
            throw Failure(
                error.isNoSpace ? .exhausted : .io, "no lease on the store \(store.folder) can be taken",
                hint: error.isNoSpace ? "free some disk space" : nil, cause: error)
        }
    }

    private static func path(_ token: String, _ store: ObjectStore) -> String { "\(store.folder)/leases/\(token)" }

    /// Where the holder writes its packs before they are visible. What is still there at the end goes away with the lease.
    func temporaryPath(_ sequence: Int) -> String { "\(store.folder)/tmp/\(token)-\(sequence).pack" }

    func publishedPath(_ index: Digest) -> String { "\(store.packsFolder)/\(PackFormat.fileName(index, token: token))" }

    deinit {
        for name in Files.names(in: "\(store.folder)/tmp") where name.hasPrefix(token) {
            try? Files.remove("\(store.folder)/tmp/\(name)")
        }
        try? Files.remove("\(store.folder)/leases/\(token)")
    }
}

/// The leases in a store's folder, as a collection sees them.
enum Leases {
    /// Removes the leases of dead processes, and packs in `tmp/` whose writer is gone. Returns the generation that each live lease
    /// knows.
    static func live(in folder: String) throws(SystemError) -> [String] {
        // Listed before the leases: who wrote one of these had its lease by then.
        let temporary = try names("\(folder)/tmp")
        var generations: [String: String] = [:]
        for token in try names("\(folder)/leases") {
            let path = "\(folder)/leases/\(token)"
            let lock: FileLock?
            do throws(SystemError) { lock = try FileLock.tryAcquire(path) } catch {
                if error.isNotFound { continue }
                throw error
            }
            // Its holder, or another collection, may end it between two of these lines.
            do throws(SystemError) {
                if lock == nil {
                    generations[token] = String(decoding: try Files.read(path), as: UTF8.self)
                } else {
                    try Files.remove(path)
                }
            } catch { if !error.isNotFound { throw error } }
        }
        for name in temporary where !generations.keys.contains(where: { name.hasPrefix($0) }) {
            do throws(SystemError) { try Files.remove("\(folder)/tmp/\(name)") } catch { if !error.isNotFound { throw error } }
        }
        return generations.values.sorted()
    }

    /// An error is an error here: a folder that cannot be listed must not look like one without writers.
    private static func names(_ folder: String) throws(SystemError) -> [String] {
        try Files.names(inFolder: Array(folder.utf8)).map { String(decoding: $0, as: UTF8.self) }
    }
}
