import Model
import Platform

/// The right to rely on what is in the store: a locked file in `leases/`. The lock goes with the process, so that a lease needs
/// no clock and no renewal, and a stopped process keeps it.
final class Lease: Sendable {
    /// Names the temporary packs of the lease's holder.
    let token: String
    private let path: String
    private let lock: FileLock

    init(in store: ObjectStore) throws(Failure) {
        do throws(SystemError) {
            token = try store.environment.random(8).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
            path = "\(store.folder)/leases/\(token)"
            guard let lock = try FileLock.tryAcquire(path) else { throw SystemError("flock", path, errno: 11) }
            // Only after the lock stands: a collection that publishes marks later sees a lease that does not know them.
            try lock.write(try Marks.generation(in: store.folder))
            self.lock = lock
        } catch {
            throw Failure(
                error.isNoSpace ? .exhausted : .io, "no lease on the store \(store.folder) can be taken",
                hint: error.isNoSpace ? "free some disk space" : nil, cause: error)
        }
    }

    deinit { try? Files.remove(path) }
}

/// The leases in a store's folder, as a collection sees them.
enum Leases {
    /// Removes the leases of dead processes and their temporary packs. Returns the generation that each live one knows.
    static func live(in folder: String) throws(SystemError) -> [String] {
        var generations: [String] = []
        for token in Files.names(in: "\(folder)/leases") {
            let path = "\(folder)/leases/\(token)"
            let lock: FileLock?
            do throws(SystemError) { lock = try FileLock.tryAcquire(path) } catch {
                if error.isNotFound { continue }
                throw error
            }
            if lock == nil {
                generations.append(String(decoding: try Files.read(path), as: UTF8.self))
                continue
            }
            for name in Files.names(in: "\(folder)/tmp") where name.hasPrefix(token) { try Files.remove("\(folder)/tmp/\(name)") }
            try Files.remove(path)
        }
        return generations
    }
}
