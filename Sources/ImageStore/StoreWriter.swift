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
    /// Objects that are in the store but must not be relied on.
    private let avoided: Set<Digest>
    private let state: Mutex<State>

    private struct State: ~Copyable {
        var open: PackBuilder?
        /// Packs that are complete and durable, but not visible yet: their temporary paths and their names.
        var closed: [(path: String, name: String)] = []
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
        avoided = try Marks.avoided(in: store)
        state = Mutex(State())
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
        let isStored = !avoided.contains(digest) && store.contains(digest)
        let count = UInt64(bytes.count)
        let isNew = state.withLock { state in
            state.statistics.objects += 1
            state.statistics.bytes += count
            if isStored || state.pending[digest] != nil { return false }
            state.pending[digest] = .claimed
            return true
        }
        guard isNew else { return digest }
        let length = bytes.count
        let outcome: Result<Void, Failure> = try store.codecs.with { (codec) throws(Failure) in
            try codec.encode(bytes) { stored, isCompressed in
                self.append(digest, stored, length: length, isCompressed: isCompressed)
            }
        }
        try outcome.get()
        return digest
    }

    /// Takes an object in its stored form, verified by the caller.
    func putStored(_ digest: Digest, _ stored: [UInt8], _ entry: PackEntry) throws(Failure) {
        let isNew = state.withLock { state in
            if state.pending[digest] != nil { return false }
            state.pending[digest] = .claimed
            return true
        }
        if isNew { try append(digest, stored.span, length: entry.length, isCompressed: entry.isCompressed).get() }
    }

    /// Whether the object need not be written: it is in the store and may be relied on, or this writer has it.
    func holds(_ digest: Digest) -> Bool {
        if !avoided.contains(digest) && store.contains(digest) { return true }
        return state.withLock { $0.pending[digest] != nil }
    }

    private func append(_ digest: Digest, _ stored: Span<UInt8>, length: Int, isCompressed: Bool) -> Result<Void, Failure> {
        // A span cannot go into the lock's closure, since that may not outlive it; the bytes are written from a copy of no more
        // than one object.
        let copy = Self.copy(stored)
        return state.withLock { state in
            if let poison = state.poison { return .failure(Self.failed(poison)) }
            do throws(SystemError) {
                if state.open == nil {
                    state.open = try PackBuilder("\(store.folder)/tmp/\(lease.token)-\(state.sequence).pack")
                    state.sequence += 1
                }
                guard let entry = try state.open?.append(digest, copy.span, length: length, isCompressed: isCompressed) else {
                    return .success(())
                }
                state.pending[digest] = .written(pack: state.sequence - 1, entry)
                state.statistics.newObjects += 1
                state.statistics.newBytes += UInt64(length)
                state.statistics.storedBytes += UInt64(copy.count)
                if let open = state.open?.size, open >= PackFormat.targetSize { try Self.close(&state) }
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
        let outcome: Result<Bool, Failure> = state.withLock { state in
            if let poison = state.poison { return .failure(Self.failed(poison)) }
            do throws(SystemError) {
                try Self.close(&state)
                try store.environment.failpoint("store.packs-durable")
                if state.closed.isEmpty { return .success(false) }
                // One at a time and in their order: what a pack's objects name is in it or in one before it.
                for (path, name) in state.closed {
                    try Files.rename(path, to: "\(store.packsFolder)/\(name)")
                    try store.environment.failpoint("store.pack-renamed")
                    try Files.synchronizeFolder(store.packsFolder)
                }
                state.closed = []
                return .success(true)
            } catch {
                state.poison = error
                return .failure(Self.failed(error))
            }
        }
        if try outcome.get() {
            try store.reload()
            state.withLock { $0.pending = [:] }
        }
    }

    // MARK: Reading

    package func contains(_ digest: Digest) -> Bool { store.contains(digest) || state.withLock { $0.pending[digest] != nil } }

    package func object(_ digest: Digest) throws(Failure) -> [UInt8] {
        if let pending = try pending(digest) { return pending }
        return try store.object(digest)
    }

    private func pending(_ digest: Digest) throws(Failure) -> [UInt8]? {
        let outcome: Result<(stored: [UInt8], entry: PackEntry)?, Failure> = state.withLock { state in
            guard case .written(let pack, let entry)? = state.pending[digest] else { return .success(nil) }
            do throws(SystemError) {
                if pack == state.sequence - 1, let stored = try state.open?.read(entry) { return .success((stored, entry)) }
                let file = try FileDescriptor.open("\(store.folder)/tmp/\(lease.token)-\(pack).pack", .read)
                var stored = [UInt8](repeating: 0, count: entry.storedLength)
                _ = try file.read(into: &stored, count: entry.storedLength, at: entry.offset)
                return .success((stored, entry))
            } catch { return .failure(Failure(.io, "an object that was just stored cannot be read", cause: error)) }
        }
        guard let (stored, entry) = try outcome.get() else { return nil }
        guard let bytes = store.codecs.with({ $0.decode(stored, entry, digest) }) else {
            throw Failure(.corrupt, "the object \(digest.hex) changed between writing and reading it")
        }
        return bytes
    }
}
