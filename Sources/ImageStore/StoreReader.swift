import Crypto
import Model
import Synchronization

/// A store as one thread reads it: with a codec and windows of its own, and the packs that were open when it was made.
final class StoreReader: ObjectReader {
    private let store: ObjectStore
    private let state: Mutex<State>

    private struct State: ~Copyable {
        var codec: ObjectCodec
        let packs: [Pack]

        mutating func find(_ name: Digest) -> [UInt8]? {
            for pack in packs {
                if let entry = pack.find(name), let bytes = codec.object(name, at: entry, in: pack) { return bytes }
            }
            return nil
        }
    }

    init(_ store: ObjectStore) {
        self.store = store
        state = Mutex(State(codec: store.codecs.make(), packs: store.openPacks))
    }

    /// What these packs do not have, the store may have by now.
    func object(_ digest: Digest) throws(Failure) -> [UInt8] {
        let name = store.name(of: digest)
        if let bytes = state.withLock({ $0.find(name) }) { return bytes }
        return try store.object(digest)
    }

    func contains(_ digest: Digest) -> Bool { store.contains(digest) }
}
