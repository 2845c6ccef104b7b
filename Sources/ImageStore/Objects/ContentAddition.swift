import Crypto
import Model

/// What an image adds to others: the objects that they do not reach.
package struct ContentAddition: Sendable {
    /// Of every kind.
    package private(set) var objects: Set<Digest> = []
    /// Bytes of the contents of files among them, uncompressed, each object once. Directories and other facts about files do not count.
    package private(set) var contentBytes: Int64 = 0

    /// - Parameter isKnown: whether another image reaches the object. What an object names that is known is known too, so it is not asked.
    package init(of root: Digest, in store: ObjectStore, unless isKnown: (Digest) -> Bool) throws(Failure) {
        var objects: Set<Digest> = []
        var bytes: Int64 = 0
        try Closure.forEach(from: root, in: store) { (digest, kind, _) throws(Failure) in
            guard !isKnown(digest), objects.insert(digest).inserted else { return false }
            guard kind == .data else { return true }
            guard let entry = store.entry(digest) else {
                throw Failure(
                    .corrupt, "the object \(digest.hex) is missing in the store \(store.folder)", hint: "run `ingot check`")
            }
            bytes += Int64(entry.length)
            return true
        }
        self.objects = objects
        contentBytes = bytes
    }
}
