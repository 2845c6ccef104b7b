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
            throw Failure(
                .io, "the store \(store.folder) cannot be collected", hint: "nothing that is needed was removed", cause: error)
        }
    }

    private func collect(dryRun: Bool) throws -> Report {
        try store.reload()
        let packs = store.openPacks
        var stored: Set<Digest> = []
        for pack in packs { for position in 0..<pack.count { stored.insert(pack.digest(at: position)) } }
        var condemned = stored.subtracting(try mark())
        var report = Report(objects: stored.count, removedObjects: condemned.count)
        if dryRun {
            report.freedBytes = freed(condemned, packs)
            return report
        }
        let waiting = try condemn(&condemned)
        if waiting > 0 { return Report(objects: stored.count, waitingFor: waiting) }
        condemned.subtract(try mark())
        report.removedObjects = condemned.count
        report.freedBytes = try sweep(condemned, packs)
        try store.environment.failpoint("collect.swept")
        if Files.exists(Marks.condemnedPath(store.folder)) { try Files.remove(Marks.condemnedPath(store.folder)) }
        return report
    }

    /// Makes sure that no living writer relies on what is to go: narrows `condemned` to what all of them know to be condemned. Returns
    /// how many writers there are that know of no list yet.
    private func condemn(_ condemned: inout Set<Digest>) throws -> Int {
        let writers = try Leases.live(in: store.folder)
        if !writers.isEmpty, let known = try Marks.condemned(in: store.folder) {
            condemned.formIntersection(known.digests)
            return writers.count { $0 != known.generation }
        }
        let generation = try store.environment.random(8).map { String($0, radix: 16) }.joined()
        try Marks.write(Marks.condemnedPath(store.folder), [generation] + condemned.map(\.hex).sorted())
        try store.environment.failpoint("collect.condemned")
        return try Leases.live(in: store.folder).count { $0 != generation }
    }

    /// What the roots reach. A root whose objects are not all there stops the collection: with damage about, nothing is thrown away.
    private func mark() throws(Failure) -> Set<Digest> {
        do throws(Failure) { return try Closure.digests(of: try roots(), in: store) } catch {
            throw Failure(
                error.code, "the collection stopped before it removed anything: an image in \(store.folder) is not whole",
                hint: "run `ingot check`", cause: error)
        }
    }

    // MARK: Sweeping

    /// Packs smaller than this are joined when there are many of them: each pack costs every lookup a search.
    private static let smallPack = 8 << 20
    private static let manySmallPacks = 16

    private func freed(_ condemned: Set<Digest>, _ packs: [Pack]) -> Int {
        packs.reduce(0) { sum, pack in
            sum
                + (0..<pack.count).reduce(0) {
                    condemned.contains(pack.digest(at: $1)) ? $0 + pack.entry(at: $1).storedLength : $0
                }
        }
    }

    private func sweep(_ condemned: Set<Digest>, _ packs: [Pack]) throws -> Int {
        let small = packs.filter { $0.size < Self.smallPack }
        let joined = small.count >= Self.manySmallPacks ? Set(small.map(\.path)) : []
        let affected = packs.filter { pack in
            joined.contains(pack.path) || (0..<pack.count).contains { condemned.contains(pack.digest(at: $0)) }
        }
        if affected.isEmpty { return 0 }
        let before = affected.reduce(0) { $0 + $1.size }
        let (after, kept) = try rewrite(affected, without: condemned)
        try store.environment.failpoint("collect.rewritten")
        for pack in affected where !kept.contains(pack.path) { try Files.remove(pack.path) }
        try Files.synchronizeFolder(store.packsFolder)
        try store.reload()
        return max(0, before - after)
    }

    /// Writes the living objects anew. Returns the size of what remains, and the packs that must stay since they hold damage.
    private func rewrite(_ packs: [Pack], without condemned: Set<Digest>) throws -> (size: Int, kept: Set<String>) {
        var kept: Set<String> = []
        var size = 0
        var done: Set<Digest> = []
        var builder: PackBuilder?
        var sequence = 0
        // A lease of its own names the temporary packs, so that they go away should this process die.
        let lease = try Lease(in: store)
        for pack in packs {
            for position in 0..<pack.count {
                let digest = pack.digest(at: position)
                if condemned.contains(digest) || done.contains(digest) { continue }
                let entry = pack.entry(at: position)
                let stored = try pack.stored(entry)
                guard store.codecs.with({ $0.decode(stored, entry, digest) != nil }) else {
                    kept.insert(pack.path)
                    continue
                }
                done.insert(digest)
                if builder == nil {
                    builder = try PackBuilder("\(store.folder)/tmp/\(lease.token)-\(sequence).pack")
                    sequence += 1
                }
                _ = try builder?.append(digest, stored.span, length: entry.length, isCompressed: entry.isCompressed)
                if let open = builder?.size, open >= PackFormat.targetSize { size += try publish(&builder, &kept) }
            }
            if kept.contains(pack.path) { size += pack.size }
        }
        size += try publish(&builder, &kept)
        return (size, kept)
    }

    /// A pack that comes out as one of the old ones keeps its name, and must not be removed with them.
    private func publish(_ builder: inout PackBuilder?, _ kept: inout Set<String>) throws(SystemError) -> Int {
        guard var pack = builder.take() else { return 0 }
        let name = try pack.close()
        let target = "\(store.packsFolder)/\(name)"
        try Files.rename(pack.path, to: target)
        try Files.synchronizeFolder(store.packsFolder)
        kept.insert(target)
        return pack.size
    }
}
