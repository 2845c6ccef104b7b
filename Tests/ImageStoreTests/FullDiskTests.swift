import Crypto
import ImageStore
import Model
import Platform
import TestSupport
import Testing

@Suite struct FullDiskTests {
    private static let canMount: Bool = {
        (try? withTemporaryFolder { try Shell.run("mkdir m; mount -t tmpfs -o size=1m none m; umount m", in: $0) }) != nil
    }()

    @Test(.enabled(if: canMount, "a tmpfs cannot be mounted here: needs root"))
    func `a full disk loses nothing that was stored, and what was begun is cleaned away`() throws {
        try withTemporaryFolder { folder in
            try Shell.run("mkdir small; mount -t tmpfs -o size=8m none small", in: folder)
            defer { _ = try? Shell.run("umount small", in: folder) }
            let store = try ObjectStore("\(folder)/small/store", environment: .system())
            var random = SeededRandom(1)
            let kept = try store.add(["/a": random.bytes(1 << 20)])
            do {
                let writer = try StoreWriter(store)
                var error: Failure?
                for _ in 0..<20 where error == nil { error = failure { try writer.put(random.bytes(1 << 20)) } }
                #expect(error?.code == .exhausted)
                // After a failed write nothing is acknowledged, not even what would fit.
                #expect(failure { try writer.put([1]) }?.code == .exhausted)
                #expect(failure { try writer.publish() }?.code == .exhausted)
            }
            try readAll(kept, in: try store.reopened())
            #expect(Files.names(in: store.folder + "/tmp").isEmpty)
            _ = try collect(store, keeping: [kept])
            #expect(try check(store, [("image", kept)]).isSound)
            try store.add(["/b": random.bytes(1 << 20)])
        }
    }

    @Test(arguments: ["store.packs-durable", "store.pack-renamed"])
    func `after a failed publish the writer acknowledges nothing more`(point: String) throws {
        try withStore(.failing(at: point)) { store in
            let writer = try StoreWriter(store)
            try writer.put([1])
            #expect(failure { try writer.publish() }?.code == .io)
            #expect(failure { try writer.put([2]) }?.code == .io)
            #expect(failure { try writer.publish() }?.code == .io)
        }
    }

    @Test func `an object whose writing failed is not taken for stored`() throws {
        try withStore(.failing(at: "store.packs-durable")) { store in
            let writer = try StoreWriter(store)
            try writer.put([1])
            #expect(failure { try writer.publish() } != nil)
            #expect(failure { try writer.put([2]) } != nil)
            #expect(failure { try writer.put([2]) } != nil)
            #expect(!writer.contains(SHA256.digest(of: [2])))
        }
    }
}
