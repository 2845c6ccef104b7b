import Synchronization

/// Codecs for as many threads as ask at once: contexts of libzstd and libcrypto cost more to make than to use.
final class CodecPool: Sendable {
    private let free = Mutex<[Box]>([])
    private let level: Int32
    private let seal: ObjectSeal?

    /// An array cannot hold values that are not copied, so each codec has a box, which one thread has at a time.
    private final class Box: Sendable {
        let codec: Mutex<ObjectCodec>
        init(_ codec: consuming sending ObjectCodec) { self.codec = Mutex(codec) }
    }

    init(level: Int32, seal: ObjectSeal?) {
        self.level = level
        self.seal = seal
    }

    /// A codec outside of the pool.
    func make() -> sending ObjectCodec { ObjectCodec(level: level, seal: seal) }

    func with<Result: ~Copyable, Failure>(_ body: (inout ObjectCodec) throws(Failure) -> sending Result) throws(Failure)
        -> sending Result
    {
        let box = free.withLock { $0.popLast() } ?? Box(make())
        defer { free.withLock { $0.append(box) } }
        return try box.codec.withLock { (codec) throws(Failure) in try body(&codec) }
    }
}
