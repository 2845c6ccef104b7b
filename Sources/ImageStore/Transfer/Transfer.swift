import Crypto
import Model
import Platform
import Synchronization

/// Copies an image from one store to another: only the objects that are missing there, each verified on arrival.
///
/// What was copied before a crash is found again, since packs are published in pieces whose objects are complete in themselves:
/// data first, then what names it.
package struct Transfer: Sendable {
    /// What a transfer moved.
    package struct Result: Sendable, Equatable {
        package var objects = 0
        /// Bytes as they are stored, compressed.
        package var storedBytes: UInt64 = 0
        /// Bytes of the objects themselves.
        package var bytes: UInt64 = 0

        package init() {}
    }

    private let source: ObjectStore
    private let target: StoreWriter
    private let batch: Int
    private let progress: @Sendable (_ done: UInt64, _ total: UInt64) -> Void

    /// `batch` is the number of stored bytes that are published together, so that a killed copy need not begin again.
    package init(
        from source: ObjectStore, to target: StoreWriter, batch: Int = 64 << 20,
        progress: @escaping @Sendable (_ done: UInt64, _ total: UInt64) -> Void = { _, _ in }
    ) {
        self.source = source
        self.target = target
        self.batch = batch
        self.progress = progress
    }

    package func run(_ root: Digest) throws(Failure) -> Result {
        let missing = try missingObjects(root)
        var result = Result()
        let total = missing.reduce(0) { $0 + UInt64($1.entry.storedLength) }
        var start = 0
        while start < missing.count {
            if source.environment.cancellation.isCancelled { throw Failure(.cancelled, "the copy was cancelled") }
            var end = start
            var size = 0
            while end < missing.count && size < batch {
                size += missing[end].entry.storedLength
                end += 1
            }
            let part = Array(missing[start..<end])
            try Threads.forEach(below: part.count) { (index) throws(Failure) in try move(part[index].digest) }
            for object in part {
                result.objects += 1
                result.storedBytes += UInt64(object.entry.storedLength)
                result.bytes += UInt64(object.entry.length)
            }
            // A batch is visible before the next begins; its objects name nothing that is not visible already.
            if end < missing.count { try target.publish() }
            progress(result.storedBytes, total)
            start = end
        }
        return result
    }

    private struct Missing: Sendable {
        let digest: Digest
        let entry: PackEntry
    }

    /// In an order in which all that an object names comes before it. What the target has is whole, so that nothing is looked for
    /// below it; but where the target knows of damage, all of the image is looked at.
    private func missingObjects(_ root: Digest) throws(Failure) -> [Missing] {
        var found: [Missing] = []
        var seen: Set<Digest> = []
        func take(_ digest: Digest) throws(Failure) {
            if target.holds(digest) { return }
            guard let entry = source.entry(digest) else {
                throw Failure(
                    .corrupt, "the object \(digest.hex) is missing in the store \(source.folder)", hint: "run `ingot check`")
            }
            found.append(Missing(digest: digest, entry: entry))
        }
        try Closure.forEach(from: root, in: source, leave: take) { (digest, _, _) throws(Failure) in
            seen.insert(digest).inserted && (target.knowsDamage || !target.holds(digest))
        }
        return found
    }

    private func move(_ digest: Digest) throws(Failure) {
        guard target.shares(storedFormOf: source) else {
            try target.put(try source.object(digest))
            return
        }
        guard let (stored, entry) = source.verifiedStored(digest) else {
            throw Failure(
                .corrupt, "the object \(digest.hex) in the store \(source.folder) is damaged, so it was not copied",
                hint: "`ingot check` names the images that need it")
        }
        try target.putStored(digest, stored, entry)
    }
}

extension ObjectStore {
    /// Where an object is, in the newest pack that has it.
    func entry(_ digest: Digest) -> PackEntry? {
        let name = name(of: digest)
        for pack in openPacks {
            if let entry = pack.find(name) { return entry }
        }
        return nil
    }

    /// The stored form of an object whose bytes are what its name says; nil where no pack has a sound one.
    func verifiedStored(_ name: Digest) -> (stored: [UInt8], entry: PackEntry)? {
        for pack in openPacks {
            guard let entry = pack.find(name), let stored = try? pack.stored(entry) else { continue }
            if codecs.with({ $0.decode(stored.span, entry, name) != nil }) { return (stored, entry) }
        }
        return nil
    }
}
