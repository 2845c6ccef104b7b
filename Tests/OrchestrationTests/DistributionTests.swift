import Cloud
import Crypto
import ImageStore
import Ledger
import Model
import Orchestration
import Platform
import Recipes
import TestSupport
import Testing

@Suite struct DistributionTests {
    /// A server with one large file that does not compress.
    private func prepare(_ fixture: Fixture, _ workspace: Workspace, small: String = "one") throws -> ImageRecord {
        var random = SeededRandom(7)
        try Files.writeDurably("\(fixture.folder)/recipes/blob", random.bytes(300_000))
        try fixture.recipe(
            "- files: [{copy: {from: blob, to: /blob}}, {write: {path: /etc/small, text: \(small)}}]",
            fields: "tags: {Team: web, Tier: one}")
        try fixture.pipeline()
        fixture.test.advance(.minutes(1))
        return try fixture.build(in: workspace).sealed.image
    }

    private func west() throws -> RegionName { try RegionName(parsing: "us-west-2") }

    @Test("a copy has the same content, version, description and tags; what it is called may be its own")
    func naming() throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace()
            let image = try prepare(fixture, workspace)
            let tags = try TagSet([Model.Tag(key: "Tier", value: "two")])
            let name = try AMIName(parsing: "web in the west")
            let copy = try Distributor(workspace).copy(
                image, to: try west(), naming: Distributor.Naming(name: name, description: "a copy", tags: tags))
            #expect(copy.isNew && copy.image.root == image.root && copy.image.release == image.release)
            #expect(copy.image.name == name && copy.image.description == "a copy" && copy.image.id != image.id)
            #expect(copy.image.source == ImageSource(region: image.region, image: image.id))
            #expect(copy.image.tags["Team"] == "web" && copy.image.tags["Tier"] == "two")
            #expect(copy.image.tags["ingot:version"] == "1.0.0/1")
            #expect(try workspace.tree(of: copy.image).text("/etc/small") == "one")
            try expectOrder(workspace)
        }
    }

    @Test("a second copy moves nothing; a copy of the next version moves what changed")
    func incremental() throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace()
            let image = try prepare(fixture, workspace)
            let distributor = Distributor(workspace)
            let first = try distributor.copy(image, to: try west())
            #expect(first.moved.bytes > 300_000)
            let second = try distributor.copy(image, to: try west())
            #expect(!second.isNew && second.image.id == first.image.id && second.moved.objects == 0)
            let next = try prepare(fixture, workspace, small: "two")
            let third = try distributor.copy(next, to: try west())
            #expect(third.isNew && third.moved.objects > 0 && third.moved.bytes < 2000)
            try expectOrder(workspace)
        }
    }

    @Test(
        "a copy that fails leaves no image; what had arrived is not moved again",
        arguments: ["copy.intended", "copy.pending", "store.packs-durable", "store.pack-renamed", "copy.moved"])
    func resuming(point: String) throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace()
            let image = try prepare(fixture, workspace)
            fixture.test.plan(.fail, at: point)
            failure(.io) { _ = try Distributor(workspace).copy(image, to: try west()) }
            #expect(try fixture.images("us-west-2", of: workspace).isEmpty)
            try expectOrder(workspace)
            let copy = try Distributor(try fixture.workspace()).copy(image, to: try west())
            #expect(copy.isNew && (copy.moved.objects == 0) == ["store.pack-renamed", "copy.moved"].contains(point))
            try expectOrder(workspace)
        }
    }

    @Test("a damaged object of the source is not copied, and leaves no image")
    func damage() throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace()
            let image = try prepare(fixture, workspace)
            try fixture.damageLargestPack(of: "us-east-1")
            let fresh = try fixture.workspace()
            let error = failure(.corrupt) { _ = try Distributor(fresh).copy(image, to: try west()) }
            #expect(error?.message.contains(image.id.description) == true)
            #expect(try fixture.images("us-west-2", of: fresh).isEmpty)
            #expect(try fresh.ledger.unfinishedOperations().isEmpty)
        }
    }

    @Test("an unknown region, the image's own, and an image that is gone are refused")
    func refused() throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace()
            let image = try prepare(fixture, workspace)
            let distributor = Distributor(workspace)
            failure(.notFound) { _ = try distributor.copy(image, to: try RegionName(parsing: "us-mars-1")) }
            #expect(try workspace.plane.regions().map(\.description) == ["us-east-1"])
            failure(.invalid) { _ = try distributor.copy(image, to: image.region) }
            let copy = try distributor.copy(image, to: try west()).image
            try fixture.region(of: workspace).deregister(image.id, deletingSnapshots: true)
            let gone = try fixture.region(of: workspace).image(image.id)
            failure(.conflict) { _ = try distributor.copy(gone, to: try RegionName(parsing: "eu-west-1")) }
            // The copy lives on, and can be copied itself.
            let further = try distributor.copy(copy, to: try RegionName(parsing: "eu-west-1"))
            #expect(further.image.root == image.root && further.image.release == image.release)
            try expectOrder(workspace)
        }
    }

    @Test("a copy of a copy is the same image: by another way, and back, nothing is made twice")
    func copyOfCopy() throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace()
            let image = try prepare(fixture, workspace)
            let distributor = Distributor(workspace)
            let west = try distributor.copy(image, to: try west()).image
            let north = try RegionName(parsing: "eu-north-1")
            let second = try distributor.copy(west, to: north)
            #expect(second.isNew)
            let direct = try distributor.copy(image, to: north)
            #expect(!direct.isNew && direct.image.id == second.image.id)
            let back = try distributor.copy(west, to: image.region)
            #expect(!back.isNew && back.image.id == image.id)
            try expectOrder(workspace)
        }
    }
}

extension Fixture {
    /// Turns a bit in the middle of the largest pack of a region.
    func damageLargestPack(of region: String) throws {
        let packs = "\(home)/regions/\(region)/store/plain/packs"
        let all = try Files.names(in: packs).map { (path: "\(packs)/\($0)", bytes: try Files.read("\(packs)/\($0)")) }
        var largest = try #require(all.max { $0.bytes.count < $1.bytes.count })
        largest.bytes[largest.bytes.count / 2] ^= 1
        try Files.writeDurably(largest.path, largest.bytes)
    }
}
