import Cloud
import Model
import TestSupport
import Testing

/// What lists cost, in statements on the catalogue.
@Suite struct ListLengthTests {
    private typealias Lister = @Sendable (any RegionActions) throws -> Int

    private static let lists: [(name: String, count: Lister)] = [
        ("instances", { try $0.instances().count }),
        ("volumes", { try $0.describeVolumes(VolumeQuery()).count }),
        ("network interfaces", { try $0.networkInterfaces().count }),
        ("elastic addresses", { try $0.elasticAddresses().count }),
        ("security groups", { try $0.securityGroups().count }),
        ("snapshots", { try $0.describeSnapshots(SnapshotQuery()).count }),
        ("images", { try $0.describeImages(ImageQuery()).count }),
    ]

    @Test("a long list takes as many statements as a short one")
    func statements() throws {
        try PlaneUnderTest.embedded.withAccounts { world in
            let actions = try world.inside()
            let region = try #require(try world.region() as? EmbeddedRegion)
            let image = try world.image("image", tags: [Tag(key: "a", value: "b")])
            func add(_ number: Int) throws {
                var launch = InstanceLaunch(image: image, type: "t3.micro", least: number, most: number)
                launch.tags = try TagSet([Tag(key: "Name", value: "web")])
                (launch.volumeTags, launch.interfaceTags) = (launch.tags, launch.tags)
                // An account has five at most.
                for _ in 0..<min(number, 3) { _ = try actions.allocateAddress(tags: launch.tags) }
                for instance in try actions.runInstances(launch) {
                    _ = try actions.createSnapshot(
                        of: #require(instance.volumes.first).id, description: "", tags: launch.tags)
                }
            }
            func cost() throws -> [String: (statements: Int, length: Int)] {
                var costs: [String: (Int, Int)] = [:]
                for list in Self.lists {
                    let before = try region.statements()
                    let length = try list.count(actions)
                    costs[list.name] = (try region.statements() - before, length)
                }
                return costs
            }
            try add(2)
            let few = try cost()
            try add(20)
            let many = try cost()
            for (name, cost) in many {
                let earlier = try #require(few[name])
                #expect(cost.statements == earlier.statements, "\(name)")
            }
            #expect(many["instances"]?.length == 22)
            let one = try #require(try actions.instances().last)
            #expect(try actions.instances([one.id]) == [one])
        }
    }
}
