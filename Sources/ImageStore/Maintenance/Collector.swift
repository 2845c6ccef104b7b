import Crypto
import Model
import Platform

/// Takes away objects that no image, checkpoint or running writer needs.
///
/// A writer reuses what it finds in the store, so an object that nothing names yet may be about to be named. Therefore:
///
/// 1. mark what the roots reach; the rest is condemned, and the list of it is made durable: writers that begin from now on store
///    those objects anew instead of relying on them;
/// 2. go on only if no writer is alive that began before the list: each holds a locked lease file, which says which list it knows;
/// 3. mark again: what a writer named meanwhile is spared;
/// 4. write the living objects of the affected packs to a new pack, publish it, and remove the old ones.
///
/// No step trusts a clock. A crash between any two leaves either the old packs or both.
package struct Collector {
    /// What a collection did, or with `dryRun` would do.
    package struct Report: Sendable, Equatable, Codable {
        package var objects = 0
        package var removedObjects = 0
        /// Bytes that the packs take less.
        package var freedBytes = 0
        /// Writers that must end before the rest can be removed.
        package var waitingFor = 0

        /// Of a store that nothing was done with.
        package static let nothing = Report()
    }

    private let store: ObjectStore
    private let roots: () throws(Failure) -> [Digest]

    /// `roots` is asked twice, and must read what is recorded then.
    package init(_ store: ObjectStore, roots: @escaping () throws(Failure) -> [Digest]) {
        self.store = store
        self.roots = roots
    }

    package func run(dryRun: Bool = false) throws(Failure) -> Report {
        do {
            guard let lock = try FileLock.tryAcquire(store.folder + "/collector.lock") else {
                throw Failure(.busy, "another collection of \(store.folder) is running", hint: "wait until it has ended")
            }
            defer { withExtendedLifetime(lock) {} }
            return try collect(dryRun: dryRun)
        } catch let error as Failure { throw error } catch {
            let isFull = (error as? SystemError)?.isNoSpace ?? false
            throw Failure(
                isFull ? .exhausted : .io, "the store \(store.folder) cannot be collected",
                hint: isFull ? "free some disk space: living objects are written anew before old packs go" : nil, cause: error)
        }
    }

    private func collect(dryRun: Bool) throws -> Report {
        try store.reload()
        let packs = store.openPacks
        var stored: Set<Digest> = []
        for pack in packs { for position in 0..<pack.count { stored.insert(pack.digest(at: position)) } }
        let names = Set(packs.map { Files.name(of: $0.path) })
        var condemned = Marks.Condemned(generation: "", packs: names, digests: stored.subtracting(try mark()))
        var report = Report(objects: stored.count, removedObjects: condemned.digests.count)
        if dryRun {
            report.freedBytes = freed(condemned.digests, packs)
            return report
        }
        let waiting = try condemn(&condemned)
        if waiting > 0 { return Report(objects: stored.count, waitingFor: waiting) }
        condemned.digests.subtract(try mark())
        report.removedObjects = condemned.digests.count
        let old = packs.filter { condemned.packs.contains(Files.name(of: $0.path)) }
        report.freedBytes = try Sweep(store).run(condemned.digests, old)
        try Sweep(store).removeBroken()
        try store.environment.failpoint("collect.swept")
        if Files.exists(Marks.condemnedPath(store.folder)) { try Files.remove(Marks.condemnedPath(store.folder)) }
        return report
    }

    /// Makes sure that no living writer relies on what is to go: narrows `condemned` to what all of them know to be condemned, and to
    /// packs that are older than their knowing: what they store anew is not to be touched. Returns how many writers there are that
    /// know of no list yet.
    private func condemn(_ condemned: inout Marks.Condemned) throws -> Int {
        let writers = try Leases.live(in: store.folder)
        if !writers.isEmpty, let known = try Marks.condemned(in: store.folder) {
            condemned.digests.formIntersection(known.digests)
            condemned.packs.formIntersection(known.packs)
            return writers.count { $0 != known.generation }
        }
        condemned.generation = try store.environment.token()
        try Marks.write(condemned, in: store.folder)
        try store.environment.failpoint("collect.condemned")
        return try Leases.live(in: store.folder).count { $0 != condemned.generation }
    }

    /// What the roots reach, by the names that packs have. A root whose objects are not all there stops the collection: with damage about, nothing is thrown away.
    private func mark() throws(Failure) -> Set<Digest> {
        do throws(Failure) {
            let needed = try Closure.digests(of: try roots(), in: store)
            if let missing = needed.first(where: { !store.contains($0) }) {
                throw Failure(.corrupt, "the object \(missing.hex) is missing")
            }
            return store.isEncrypted ? Set(needed.map { store.name(of: $0) }) : needed
        } catch {
            throw Failure(
                error.code, "the collection stopped before it removed anything: an image in \(store.folder) is not whole",
                hint: "run `ingot check`", cause: error)
        }
    }

    private func freed(_ condemned: Set<Digest>, _ packs: [Pack]) -> Int {
        packs.reduce(0) { sum, pack in
            sum
                + (0..<pack.count).reduce(0) {
                    condemned.contains(pack.digest(at: $1)) ? $0 + pack.entry(at: $1).storedLength : $0
                }
        }
    }
}
