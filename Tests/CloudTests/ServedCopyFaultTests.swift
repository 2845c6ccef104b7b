import Cloud
import Crypto
import EndpointPlane
import ImageStore
import Model
import Platform
import TestSupport
import Testing

/// An encrypted copy that a client asks for, and that fails at each point of its order of writes: keys, data key, packs.
@Suite("an encrypted copy through the endpoint that fails") struct ServedCopyFaultTests {
    @Test("at any failure point leaves no image and no snapshot, and the same request makes one copy afterwards")
    func everyPoint() throws {
        let points = try Self.reached()
        #expect(Set(points).isSuperset(of: ["domains.keyed", "store.packs-durable", "store.pack-renamed"]), "\(points)")
        for (index, point) in points.enumerated() {
            let time = points[...index].count { $0 == point }
            try Self.withImage { world, copy in
                world.clock.plan(.fail, at: point, time: time)
                let west = try world.actions(in: "us-west-2")
                #expect(throws: Failure.self, "\(point), \(time)") { _ = try west.copyImage(copy) }
                #expect(try west.describeImages(ImageQuery(includesDisabled: true)) == [])
                #expect(try west.describeSnapshots(SnapshotQuery()) == [])
                let id = try west.copyImage(copy)
                #expect(try west.copyImage(copy) == id, "the token is remembered")
                #expect(try west.describeImages(ImageQuery()).map(\.image.id) == [id])
                let region = try world.region("us-west-2")
                let record = try region.image(id)
                #expect(record.state == .available && record.key != nil)
                let root = try #require(record.root)
                #expect(try Tree(root, in: region.contents(of: record)).read("/hello") == Array("hello".utf8))
            }
        }
    }

    /// The failure points of a copy that nothing keeps from succeeding.
    private static func reached() throws -> [String] {
        try withTemporaryFolder { folder in
            let note = folder + "/points"
            try withImage { world, copy in
                world.clock.forgetReached()
                _ = try world.actions(in: "us-west-2").copyImage(copy)
                try Files.writeDurably(note, Array(world.clock.reached.joined(separator: "\n").utf8))
            }
            return String(decoding: try Files.read(note), as: UTF8.self).split(separator: "\n").map(String.init)
        }
    }

    /// An image with a file in us-east-1, and the request of a copy under a key of us-west-2 that nothing is under yet.
    private static func withImage(_ body: @escaping @Sendable (PlaneWorld, ImageCopying) throws -> Void) throws {
        try PlaneUnderTest.served.withAccounts { world in
            let (image, _) = try world.imageWithFiles("web")
            let keys = try world.plane.actions(in: name("us-west-2"), as: PlaneWorld.id("owner"))
            let key = try keys.createKey(KeyCreation()).key.id
            var copy = ImageCopying(name: "copy", sourceRegion: try name("us-east-1"), source: image)
            copy.isEncrypted = true
            copy.key = key.description
            copy.clientToken = "once"
            try body(world, copy)
        }
    }
}
