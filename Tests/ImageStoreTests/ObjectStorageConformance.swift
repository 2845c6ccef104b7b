import Crypto
import ImageStore
import Model
import Platform
import TestSupport
import Testing

/// What every store of objects promises.
@Suite struct ObjectStorageConformance {
    enum Kind: CaseIterable {
        case memory, writer, published, rolling, oneThread, encryptedWriter, encrypted, encryptedOneThread
    }

    /// Gives `body` somewhere to write, and what then reads it.
    private func with(_ kind: Kind, _ body: (any ObjectWriter, _ settled: () throws -> any ObjectReader) throws -> Void) throws {
        if kind == .memory {
            let objects = MemoryObjects()
            return try body(objects) { objects }
        }
        let isEncrypted = [.encrypted, .encryptedWriter, .encryptedOneThread].contains(kind)
        let seal = isEncrypted ? EncryptedStoreTests.seal(1) : nil
        try withTemporaryFolder { folder in
            func open() throws -> ObjectStore {
                try ObjectStore(
                    "\(folder)/store", environment: .system(), seal: seal, packSize: kind == .rolling ? 100_000 : 256 << 20)
            }
            let writer = try StoreWriter(open())
            try body(writer) {
                if kind == .writer || kind == .rolling || kind == .encryptedWriter { return writer }
                try writer.publish()
                let reader = try open()
                return kind == .oneThread || kind == .encryptedOneThread ? reader.forOneThread() : reader
            }
        }
    }

    @Test(arguments: Kind.allCases)
    func `an object comes back by its SHA-256`(kind: Kind) throws {
        try with(kind) { writer, settled in
            var random = SeededRandom(1)
            let samples = [
                [], [0], Array(repeating: 7, count: 100_000), random.bytes(63), random.bytes(64), random.bytes(5 << 20),
            ]
            let digests = try samples.map { try writer.put($0) }
            #expect(digests == samples.map { SHA256.digest(of: $0) })
            let reader = try settled()
            for (digest, bytes) in zip(digests, samples) {
                #expect(reader.contains(digest))
                #expect(try reader.object(digest) == bytes)
            }
        }
    }

    @Test(arguments: Kind.allCases)
    func `an object that is missing is an error that names it`(kind: Kind) throws {
        try with(kind) { writer, settled in
            try writer.put([1])
            let missing = SHA256.digest(of: "nowhere")
            let reader = try settled()
            #expect(!reader.contains(missing))
            let error = failure { _ = try reader.object(missing) }
            #expect(error?.code == .corrupt)
            #expect(error?.message.contains(missing.hex.prefix(12)) == true)
        }
    }

    @Test(arguments: Kind.allCases)
    func `many threads may write the same and different objects at once`(kind: Kind) throws {
        try with(kind) { writer, settled in
            let samples = (0..<200).map { index in
                var random = SeededRandom(UInt64(index))
                return random.bytes(1 + index * 37)
            }
            try Threads.forEach(below: 1000) { (index) throws(Failure) in try writer.put(samples[index % 200]) }
            let reader = try settled()
            for bytes in samples { #expect(try reader.object(SHA256.digest(of: bytes)) == bytes) }
        }
    }

    @Test func `a reader for one thread finds what was written after it was made`() throws {
        try withStore { store in
            let early = try store.add([1, 2, 3])
            let reader = store.forOneThread()
            let late = try store.add([4, 5, 6])
            #expect(try reader.object(early) == [1, 2, 3])
            #expect(try reader.object(late) == [4, 5, 6])
            #expect(reader.contains(late))
        }
    }

    @Test func `an object is stored once, however often and by whomever it is put`() throws {
        try withStore { store in
            let bytes = Array("the same".utf8)
            try store.add(bytes)
            let writer = try StoreWriter(store)
            for _ in 0..<3 { try writer.put(bytes) }
            try writer.put([1, 2, 3])
            try writer.put([1, 2, 3])
            #expect(writer.statistics.objects == 5)
            #expect(writer.statistics.newObjects == 1)
            try writer.publish()
            #expect(store.objectCount == 2)
        }
    }

    @Test func `nothing is visible before it is published`() throws {
        try withStore { store in
            let writer = try StoreWriter(store)
            let digest = try writer.put([1])
            #expect(writer.contains(digest))
            #expect(try !store.reopened().contains(digest))
            try writer.publish()
            #expect(try store.reopened().contains(digest))
        }
    }

    @Test func `a writer that ends without publishing leaves nothing behind`() throws {
        try withStore(packSize: 1000) { store in
            var random = SeededRandom(1)
            do {
                let writer = try StoreWriter(store)
                for _ in 0..<5 { try writer.put(random.bytes(900)) }
                #expect(!Files.names(in: store.folder + "/tmp").isEmpty)
            }
            #expect(Files.names(in: store.folder + "/tmp").isEmpty)
            #expect(Files.names(in: store.folder + "/leases").isEmpty)
        }
    }

    @Test func `an object that is too large is refused`() throws {
        try withStore { store in
            let writer = try StoreWriter(store)
            #expect(failure { try writer.put([UInt8](repeating: 0, count: (64 << 20) + 1)) }?.code == .exhausted)
        }
    }
}
