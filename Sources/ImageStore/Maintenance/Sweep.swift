import Crypto
import Model
import Platform

/// The last step of a collection: writes the living objects of packs that hold condemned ones anew, and removes those packs.
///
/// A pack with a living object that is damaged here and sound nowhere stays as it is, for what may still be saved from it.
struct Sweep {
    private let store: ObjectStore

    /// Packs smaller than this are joined when there are many of them: each pack costs every lookup a search.
    private static let smallPack = 8 << 20
    private static let manySmallPacks = 16

    init(_ store: ObjectStore) { self.store = store }

    /// Returns the bytes that the packs take less.
    func run(_ condemned: Set<Digest>, _ packs: [Pack]) throws -> Int {
        let old = affected(condemned, packs).filter { canGo($0, condemned) }
        if old.isEmpty { return 0 }
        let before = old.reduce(0) { $0 + $1.size }
        let after = try rewrite(old, without: condemned)
        try store.environment.failpoint("collect.rewritten")
        for pack in old { try Files.remove(pack.path) }
        try Files.synchronizeFolder(store.packsFolder)
        try store.reload()
        return max(0, before - after)
    }

    /// Removes files that are no packs any more. All that is needed has been found in other packs.
    func removeBroken() throws {
        let open = Set(store.openPacks.map(\.path))
        for name in try store.packNames() {
            let path = "\(store.packsFolder)/\(name)"
            if open.contains(path) { continue }
            do throws(Failure) { _ = try Pack(path) } catch { if error.code == .corrupt { try Files.remove(path) } }
        }
    }

    /// The packs that hold condemned objects or have a damaged index, and small ones where there are many.
    private func affected(_ condemned: Set<Digest>, _ packs: [Pack]) -> [Pack] {
        let small = packs.filter { $0.size < Self.smallPack }
        let joined = small.count >= Self.manySmallPacks ? Set(small.map(\.path)) : []
        return packs.filter { pack in
            joined.contains(pack.path) || (0..<pack.count).contains { condemned.contains(pack.digest(at: $0)) }
                || !pack.verifyIndex()
        }
    }

    private func canGo(_ pack: Pack, _ condemned: Set<Digest>) -> Bool {
        (0..<pack.count).allSatisfy { position in
            let digest = pack.digest(at: position)
            return condemned.contains(digest) || sound(digest, pack.entry(at: position), in: pack) != nil
                || store.verifiedStored(digest) != nil
        }
    }

    /// The stored form of an object of a pack; nil where it is damaged there.
    private func sound(_ digest: Digest, _ entry: PackEntry, in pack: Pack) -> [UInt8]? {
        guard let stored = try? pack.stored(entry), store.codecs.with({ $0.decode(stored.span, entry, digest) != nil }) else {
            return nil
        }
        return stored
    }

    /// Writes the living objects anew. Returns the size of the new packs.
    private func rewrite(_ packs: [Pack], without condemned: Set<Digest>) throws -> Int {
        // A lease of its own names the new packs; those that are not published go away with it.
        let lease = try Lease(in: store)
        defer { withExtendedLifetime(lease) {} }
        var size = 0
        var sequence = 0
        var done: Set<Digest> = []
        var builder: PackBuilder?
        for pack in packs {
            for position in 0..<pack.count {
                let digest = pack.digest(at: position)
                if condemned.contains(digest) || done.contains(digest) { continue }
                let entry = pack.entry(at: position)
                // Damaged here means sound in another pack: see `canGo`.
                guard let stored = sound(digest, entry, in: pack) else { continue }
                done.insert(digest)
                if builder == nil {
                    builder = try PackBuilder(lease.temporaryPath(sequence))
                    sequence += 1
                }
                _ = try builder?.append(digest, stored.span, length: entry.length, isCompressed: entry.isCompressed)
                if let full = builder?.size, full >= store.packSize { size += try publish(&builder, lease) }
            }
        }
        return size + (try publish(&builder, lease))
    }

    private func publish(_ builder: inout PackBuilder?, _ lease: Lease) throws(SystemError) -> Int {
        guard var pack = builder.take() else { return 0 }
        let target = lease.publishedPath(try pack.close())
        try Files.renameNew(pack.path, to: target)
        try Files.synchronizeFolder(store.packsFolder)
        return try Files.status(target).size
    }
}
