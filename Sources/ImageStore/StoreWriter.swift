import Crypto
import Model
import Platform
import Synchronization

/// Takes new objects into packs, for any number of threads. Nothing is durable or visible until `publish` has returned.
///
/// It holds a lease from before its first look at the store until it is released, so that no collection takes away an object that
/// it found there and did not write again.
package final class StoreWriter: ObjectWriter {
    private let store: ObjectStore
    private let lease: Lease
    /// Whether a check found damage in the store that nothing has healed since. Then it cannot be told from an object that is there
    /// that all it names is there and sound.
    let knowsDamage: Bool
    private let state: Mutex<State>

    private struct State: ~Copyable {
        var open: PackBuilder?
        /// Packs that are complete and durable, but not visible yet: their temporary paths and their indexes.
        var closed: [(path: String, index: Digest)] = []
        /// Objects that are in the store but must not be relied on, until this writer has published them anew.
        var avoided: Set<Digest>
        /// By the names that the store calls them.
        var pending: [Digest: PendingObject] = [:]
        var sequence = 0
        var statistics = Statistics()
        /// After a failed write or fsync the kernel may have dropped what was written: nothing from here on may be acknowledged.
        var poison: SystemError?
    }

    /// Where an object is that is not visible yet.
    private enum PendingObject {
        /// A thread is about to write it.
        case claimed
        case written(pack: Int, PackEntry)
    }

    /// What went through a writer.
    package struct Statistics: Sendable, Equatable {
        /// Objects and bytes that were offered, before deduplication.
        package var objects = 0
        package var bytes: UInt64 = 0
        package var newObjects = 0
        package var newBytes: UInt64 = 0
        /// Bytes that the new objects take in packs.
        package var storedBytes: UInt64 = 0
    }

    package init(_ store: ObjectStore) throws(Failure) {
        self.store = store
        lease = try Lease(in: store)
        let marks = try Marks.avoided(in: store)
        knowsDamage = marks.knowsDamage
        state = Mutex(State(avoided: marks.digests))
    }

    package var statistics: Statistics { state.withLock { $0.statistics } }

    // MARK: Writing

    @discardableResult
    package func put(_ bytes: Span<UInt8>) throws(Failure) -> Digest {
        guard bytes.count <= PackFormat.maximumObject else {
            throw Failure(
                .exhausted, "an object of \(bytes.count) bytes is larger than the \(PackFormat.maximumObject) bytes of the limit")
        }
        let digest = store.codecs.with { $0.digest(bytes) }
        let name = store.name(of: digest)
        let isThere = store.contains(name: name)
        let count = UInt64(bytes.count)
        let isNew = state.withLock { state in
            state.statistics.objects += 1
            state.statistics.bytes += count
            if (isThere && !state.avoided.contains(name)) || state.pending[name] != nil { return false }
            state.pending[name] = .claimed
            return true
        }
        guard isNew else { return digest }
        let length = bytes.count
        do throws(Failure) {
            let outcome: Result<Void, Failure> = try store.codecs.with { (codec) throws(Failure) in
                try codec.encode(bytes, as: name) { stored, isCompressed in
                    self.append(name, stored, length: length, isCompressed: isCompressed)
                }
            }
            try outcome.get()
        } catch {
            // Nobody may take the object for one that is there.
            state.withLock { $0.pending[name] = nil }
            throw error
        }
        return digest
    }

    /// Whether the stored form of an object is the same in that store and here.
    func shares(storedFormOf other: ObjectStore) -> Bool { !store.isEncrypted && !other.isEncrypted }

    /// Takes an object of a store that shares the stored form, verified by the caller.
    func putStored(_ digest: Digest, _ stored: [UInt8], _ entry: PackEntry) throws(Failure) {
        let isNew = state.withLock { state in
            if state.pending[digest] != nil { return false }
            state.pending[digest] = .claimed
            return true
        }
        if isNew { try append(digest, stored.span, length: entry.length, isCompressed: entry.isCompressed).get() }
    }

    /// Whether the object need not be written: it is in the store and may be relied on, or this writer has it.
    package func holds(_ digest: Digest) -> Bool {
        let name = store.name(of: digest)
        let isThere = store.contains(name: name)
        return state.withLock { $0.pending[name] != nil || (isThere && !$0.avoided.contains(name)) }
    }

    private func append(_ name: Digest, _ stored: Span<UInt8>, length: Int, isCompressed: Bool) -> Result<Void, Failure> {
        // A span cannot go into the lock's closure, since that may not outlive it; the bytes are written from a copy of no more
        // than one object.
        let copy = Self.copy(stored)
        return state.withLock { state in
            if let poison = state.poison { return .failure(Self.failed(poison)) }
            do throws(SystemError) {
                if state.open == nil {
                    state.open = try PackBuilder(lease.temporaryPath(state.sequence))
                    state.sequence += 1
                }
                guard let entry = try state.open?.append(name, copy.span, length: length, isCompressed: isCompressed) else {
                    return .success(())
                }
                state.pending[name] = .written(pack: state.sequence - 1, entry)
                state.statistics.newObjects += 1
                state.statistics.newBytes += UInt64(length)
                state.statistics.storedBytes += UInt64(copy.count)
                if let open = state.open?.size, open >= store.packSize { try Self.close(&state) }
                return .success(())
            } catch {
                state.poison = error
                return .failure(Self.failed(error))
            }
        }
    }

    private static func copy(_ bytes: Span<UInt8>) -> [UInt8] {
        unsafe bytes.withUnsafeBufferPointer { unsafe Array($0) }
    }

    private static func close(_ state: inout State) throws(SystemError) {
        guard var pack = state.open.take() else { return }
        let path = pack.path
        state.closed.append((path, try pack.close()))
    }

    private static func failed(_ error: SystemError) -> Failure {
        Failure(
            error.isNoSpace ? .exhausted : .io, "the store cannot take new objects",
            hint: error.isNoSpace
                ? "free some disk space and run the command again: nothing that was stored is lost"
                : "nothing that was stored is lost; run the command again once the disk is well", cause: error)
    }

    // MARK: Publishing

    /// Makes all that was put durable and visible: fsync of the packs, rename, fsync of their folder.
    package func publish() throws(Failure) {
        let outcome: Result<[Digest], Failure> = state.withLock { state in
            if let poison = state.poison { return .failure(Self.failed(poison)) }
            do throws(SystemError) {
                try Self.close(&state)
                try store.environment.failpoint("store.packs-durable")
                if state.closed.isEmpty { return .success([]) }
                // One at a time and in their order: what a pack's objects name is in it or in one before it.
                for (path, index) in state.closed {
                    try Files.renameNew(path, to: lease.publishedPath(index))
                    try store.environment.failpoint("store.pack-renamed")
                    try Files.synchronizeFolder(store.packsFolder)
                }
                state.closed = []
                // Another thread may be about to write: what it has claimed is not published.
                return .success(state.pending.compactMap { if case .written = $0.value { $0.key } else { nil } })
            } catch {
                state.poison = error
                return .failure(Self.failed(error))
            }
        }
        let published = try outcome.get()
        if published.isEmpty { return }
        try store.reload()
        state.withLock { state in
            for digest in published { state.pending[digest] = nil }
            state.avoided.subtract(published)
        }
    }

    // MARK: Reading

    package func contains(_ digest: Digest) -> Bool {
        let name = store.name(of: digest)
        return store.contains(name: name) || state.withLock { $0.pending[name] != nil }
    }

    package func object(_ digest: Digest) throws(Failure) -> [UInt8] {
        if let pending = try pending(digest) { return pending }
        return try store.object(digest)
    }

    private func pending(_ digest: Digest) throws(Failure) -> [UInt8]? {
        let name = store.name(of: digest)
        let outcome: Result<(stored: [UInt8], entry: PackEntry)?, Failure> = state.withLock { state in
            guard case .written(let pack, let entry)? = state.pending[name] else { return .success(nil) }
            do throws(SystemError) {
                if pack == state.sequence - 1, let stored = try state.open?.read(entry) { return .success((stored, entry)) }
                let file = try FileDescriptor.open(lease.temporaryPath(pack), .read)
                var stored = [UInt8](repeating: 0, count: entry.storedLength)
                _ = try file.read(into: &stored, count: entry.storedLength, at: entry.offset)
                return .success((stored, entry))
            } catch { return .failure(Failure(.io, "an object that was just stored cannot be read", cause: error)) }
        }
        guard let (stored, entry) = try outcome.get() else { return nil }
        guard let bytes = store.codecs.with({ $0.decode(stored.span, entry, name) }) else {
            throw Failure(.corrupt, "the object \(digest.hex) changed between writing and reading it")
        }
        return bytes
    }
}
