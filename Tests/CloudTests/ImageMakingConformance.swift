import Cloud
import Crypto
import ImageStore
import Model
import Platform
import TestSupport
import Testing

@Suite("a plane's rules on making images")
struct ImageMakingConformance {
    @Test(
        "an image of an instance has its content in a completed snapshot, and says where it is from",
        arguments: PlaneUnderTest.forAccounts)
    func create(on plane: PlaneUnderTest) throws {
        try plane.withAccounts { world in
            let owner = try world.actions()
            let base = try world.image("base")
            _ = try owner.attachWatermark("approved", to: base)
            let instance = InstanceID(random: [1, 2, 3, 4, 5, 6, 7, 8])
            let id = try world.inside().createImage(
                ImageCreation(
                    name: "made", instance: instance, launchedFrom: base, root: digest("changed"), logicalSize: 77,
                    volumes: [VolumeMapping(deviceName: "/dev/xvda", volume: Volume(size: 8))],
                    virtualDevices: [VirtualDevice(deviceName: "/dev/sdb", virtualName: "ephemeral0")],
                    tags: TagSet([Tag(key: "a", value: "b")]), snapshotTags: TagSet([Tag(key: "c", value: "d")])))
            let image = try owner.imageAttributes(id)
            let record = try world.region().image(id)
            #expect(image.state == .available && record.root == digest("changed") && record.logicalSize == 77)
            #expect(image.sourceInstance == instance && image.watermarks.map(\.key) == ["111111111111:approved"])
            let snapshot = try #require(try world.region().snapshots(image.volumes.compactMap(\.snapshot)).first)
            #expect(snapshot.state == .completed && snapshot.root == digest("changed") && snapshot.tags["c"] == "d")
            #expect(try owner.imageAncestry(id).map(\.image) == [id, base])
            let found = ImageQuery(filters: [ResourceFilter("source-instance-id", [instance.description])])
            #expect(try world.ids("owner", found) == [id])
            #expect(try world.ids("owner", ImageQuery(filters: [ResourceFilter("source-image-id", [base.description])])) == [id])
        }
    }

    @Test("names are checked: their form, and that they are free in region and account", arguments: PlaneUnderTest.forAccounts)
    func names(on plane: PlaneUnderTest) throws {
        try plane.withAccounts { world in
            let image = try world.image("web")
            let copy = { (name: String, account: String) throws -> ImageID in
                try world.actions(account).copyImage(
                    ImageCopying(name: name, sourceRegion: RegionName(parsing: "us-east-1"), source: image))
            }
            for bad in ["ab", "a$b", String(repeating: "x", count: 129)] {
                #expect(refusal { _ = try copy(bad, "owner") } == .malformedName)
            }
            #expect(refusal { _ = try copy("web", "owner") } == .nameTaken(try name("web"), by: image))
            try world.share(image, with: .account(PlaneWorld.id("cousin")))
            #expect(refusal { _ = try copy("web", "cousin") } == .noStoragePermission)
        }
    }

    @Test(
        "a copy in another region has every byte, and is its own image with its own snapshot",
        arguments: PlaneUnderTest.forAccounts)
    func copyElsewhere(on plane: PlaneUnderTest) throws {
        try plane.withAccounts { world in
            let (image, root) = try world.imageWithFiles("web", tags: [Tag(key: "Team", value: "a")])
            let west = try world.actions(in: "us-west-2")
            let id = try west.copyImage(
                ImageCopying(name: "web", sourceRegion: name("us-east-1"), source: image, copiesTags: true))
            let copy = try west.imageAttributes(id)
            #expect(copy.state == .available && copy.tags["Team"] == "a")
            #expect(try world.root(of: id, in: "us-west-2") == root)
            #expect(copy.source == ImageSource(region: try name("us-east-1"), image: image))
            let store = try ObjectStore(try world.region("us-west-2").storeFolder, environment: world.clock.environment)
            #expect(try Tree(root, in: store).read("/hello") == Array("hello".utf8))
            #expect(try world.region().image(image).volumes[0].snapshot != copy.volumes[0].snapshot)
            let plain = try west.copyImage(ImageCopying(name: "plain", sourceRegion: name("us-east-1"), source: image))
            #expect(try west.imageAttributes(plain).tags.count == 0)
            try world.actions().deregisterImage(image, deletingSnapshots: true)
            #expect(try west.imageAttributes(id) == copy)
        }
    }

    @Test("a client token makes one copy, and refuses another request", arguments: PlaneUnderTest.forAccounts)
    func clientToken(on plane: PlaneUnderTest) throws {
        try plane.withAccounts { world in
            let image = try world.image("web")
            let owner = try world.actions()
            var copy = ImageCopying(name: "copy", sourceRegion: try name("us-east-1"), source: image, clientToken: "token")
            let first = try owner.copyImage(copy)
            #expect(try owner.copyImage(copy) == first)
            copy.name = "another"
            #expect(refusal { _ = try owner.copyImage(copy) } == .tokenMismatch)
            world.clock.advance(.days(2))
            _ = try owner.copyImage(copy)
        }
    }

    @Test("unknown regions, images and keys are refused with AWS's codes", arguments: PlaneUnderTest.forAccounts)
    func refusals(on plane: PlaneUnderTest) throws {
        try plane.withAccounts { world in
            let image = try world.image("web")
            let owner = try world.actions()
            var copy = ImageCopying(name: "copy", sourceRegion: try name("xx-nowhere-1"), source: image)
            #expect(refusal { _ = try owner.copyImage(copy) }?.code == .invalidRegion)
            copy.sourceRegion = try name("eu-west-1")
            #expect(refusal { _ = try owner.copyImage(copy) } == .notFound(images: [image]))
            copy.sourceRegion = try name("us-east-1")
            copy.key = "alias/golden"
            #expect(refusal { _ = try owner.copyImage(copy) }?.code == .invalidParameterDependency)
            #expect(refusal { _ = try world.actions(in: "xx-nowhere-1").describeImages(ImageQuery()) }?.code == .invalidRegion)
            #expect(refusal { _ = try world.actions("stranger").imageAncestry(image) } == .notFound(images: [image]))
        }
    }

    @Test("a dry run checks everything, changes nothing, and says so", arguments: PlaneUnderTest.forAccounts)
    func dryRun(on plane: PlaneUnderTest) throws {
        try plane.withAccounts { world in
            let image = try world.image("web")
            let dry = try world.actions(isDryRun: true)
            let copy = ImageCopying(name: "copy", sourceRegion: try name("us-east-1"), source: image)
            let attempts: [() throws -> Void] = [
                { _ = try dry.describeImages(ImageQuery()) }, { _ = try dry.copyImage(copy) },
                { _ = try dry.deregisterImage(image, deletingSnapshots: true) }, { try dry.disableImage(image) },
                { try dry.enableDeprecation(of: image, at: world.clock.now + .days(1)) },
                { try dry.setDescription("other", of: image) },
            ]
            let before = try world.actions().imageAttributes(image)
            for attempt in attempts { #expect(refusal { try attempt() } == .dryRun) }
            #expect(try world.actions().describeImages(ImageQuery()).map(\.image) == [before])
            #expect(refusal { try world.actions("stranger", isDryRun: true).disableImage(image) }?.code == .authFailure)
        }
    }

    @Test("registering checks root device, snapshot and size", arguments: PlaneUnderTest.forAccounts)
    func register(on plane: PlaneUnderTest) throws {
        try plane.withAccounts { world in
            let owner = try world.actions()
            let snapshot = try #require(try owner.imageAttributes(world.image("web")).volumes[0].snapshot)
            let register = { (account: String, size: Int, device: String, snapshot: SnapshotID?) throws -> ImageID in
                let volume = VolumeMapping(deviceName: device, volume: Volume(size: size), snapshot: snapshot)
                return try world.actions(account).registerImage(ImageRegistration(name: "new", volumes: [volume]))
            }
            #expect(refusal { _ = try register("owner", 1, "/dev/xvda", snapshot) } == .smaller(1, than: snapshot, needing: 8))
            #expect(refusal { _ = try register("owner", 8, "/dev/xvdb", snapshot) }?.code == .invalidBlockDeviceMapping)
            #expect(refusal { _ = try register("owner", 8, "/dev/xvda", nil) }?.code == .invalidBlockDeviceMapping)
            #expect(refusal { _ = try register("cousin", 8, "/dev/xvda", snapshot) } == .notFound(snapshot: snapshot))
            let id = try register("owner", 20, "/dev/xvda", snapshot)
            let image = try owner.imageAttributes(id)
            #expect(image.volumes[0].volume.size == 20 && image.state == .available)
            #expect(try world.root(of: id) == digest("content"))
        }
    }

    @Test("parameters that hold an image's id refer to it", arguments: PlaneUnderTest.forAccounts)
    func references(on plane: PlaneUnderTest) throws {
        try plane.withAccounts { world in
            let image = try world.image("web")
            let parameters = try world.region().parameters
            for value in [image.description, "other"] {
                let name = try ParameterName(parsing: "/golden/\(value == "other")")
                _ = try parameters.put(NewParameter(name, value, type: .string, user: "test"), at: noon)
            }
            let references = try world.actions().imageReferences([image])
            #expect(references.map(\.arn) == ["arn:aws:ssm:us-east-1:111111111111:parameter/golden/false"])
            #expect(try world.actions("cousin").imageReferences([image]) == [])
        }
    }
}

extension PlaneWorld {
    /// An available image with a file `/hello`, whose content is in the region's store.
    func imageWithFiles(_ imageName: String, of account: String = "owner", tags: [Tag] = []) throws -> (ImageID, Digest) {
        let region = try region()
        let store = try ObjectStore(region.storeFolder, environment: clock.environment)
        let writer = try StoreWriter(store)
        let editor = try TreeEditor(root: nil, in: writer, date: 0)
        try editor.write("hello", to: "/hello")
        let root = try editor.finish()
        try writer.publish()
        var new = try newImage(imageName, created: clock.now, tags: tags)
        new.owner = try Self.id(account)
        let pending = try region.registerPending(new)
        return (try region.markAvailable(pending.id, root: root, logicalSize: 5, at: clock.now).id, root)
    }
}
