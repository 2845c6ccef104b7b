import Cloud
import Crypto
import ImageStore
import Model
import Platform
import TestSupport
import Testing

@Suite("a plane's rules on snapshots and volumes")
struct SnapshotConformance {
    @Test("a volume is blank or of a snapshot, and its snapshot holds what it holds", arguments: PlaneUnderTest.forAccounts)
    func volumes(on plane: PlaneUnderTest) throws {
        try plane.withAccounts { world in
            let owner = try world.actions()
            let blank = try owner.createVolume(
                VolumeCreation(zone: "us-east-1a", size: 10, tags: TagSet([Tag(key: "a", value: "b")])))
            #expect(blank.state == .available && blank.volume.type == .gp2 && blank.volume.iops == 100)
            let first = try owner.createSnapshot(of: blank.id, description: "first", tags: TagSet())
            let second = try owner.createSnapshot(of: blank.id, description: "second", tags: TagSet())
            #expect(first.state == .completed && first.volume == blank.id && first.volumeSize == 10)
            #expect(try world.region().snapshots([first.id, second.id]).map(\.parent) == [nil, first.id])
            let store = try ObjectStore(try world.region().storeFolder, environment: world.clock.environment)
            let root = try #require(try world.root(of: first.id))
            #expect(try Tree(root, in: store).children(of: "/")?.isEmpty == true)
            let image = try world.image("web")
            let snapshot = try #require(try owner.imageAttributes(image).volumes[0].snapshot)
            let restored = try owner.createVolume(VolumeCreation(zone: "us-east-1b", snapshot: snapshot, type: .gp3))
            #expect(restored.volume.size == 8 && restored.volume.iops == 3000)
            #expect(restored.volume.throughput == 125 && restored.snapshot == snapshot)
            let third = try owner.createSnapshot(of: restored.id, description: "", tags: TagSet()).id
            #expect(try world.region().snapshots([third]).map(\.parent) == [snapshot])
            #expect(try world.root(of: third) == digest("content"))
            try owner.deregisterImage(image, deletingSnapshots: true)
            #expect(try world.region().roots().contains(digest("content")), "the volume and its snapshot keep it")
            try owner.deleteVolume(blank.id)
            #expect(refusal { try owner.deleteVolume(blank.id) } == .notFound(volume: blank.id))
            #expect(try owner.describeVolumes(VolumeQuery()).map(\.id) == [restored.id])
        }
    }

    @Test("volumes that EBS does not have are refused, and so are those of others", arguments: PlaneUnderTest.forAccounts)
    func badVolumes(on plane: PlaneUnderTest) throws {
        try plane.withAccounts { world in
            let owner = try world.actions()
            let snapshot = try #require(try owner.imageAttributes(world.image("web")).volumes[0].snapshot)
            let zone = "us-east-1a"
            let cases: [(VolumeCreation, PlaneError.Code)] = [
                (VolumeCreation(zone: "us-east-1z", size: 8), .invalidZoneNotFound),
                (VolumeCreation(zone: zone), .missingParameter),
                (VolumeCreation(zone: zone, size: 0), .invalidParameterValue),
                (VolumeCreation(zone: zone, size: 1, snapshot: snapshot), .invalidBlockDeviceMapping),
                (VolumeCreation(zone: zone, size: 8, type: .io2), .missingParameter),
                (VolumeCreation(zone: zone, size: 8, type: .gp2, iops: 500), .invalidParameterCombination),
                (VolumeCreation(zone: zone, size: 8, type: .gp2, throughput: 200), .invalidParameterCombination),
                (VolumeCreation(zone: zone, size: 8, type: .st1), .invalidParameterValue),
                (VolumeCreation(zone: zone, size: 8, key: "alias/x"), .invalidParameterDependency),
            ]
            for (new, code) in cases { #expect(refusal { _ = try owner.createVolume(new) }?.code == code, "\(new)") }
            let volume = try owner.createVolume(VolumeCreation(zone: zone, size: 8))
            let cousin = try world.actions("cousin")
            #expect(try cousin.describeVolumes(VolumeQuery()).isEmpty)
            #expect(refusal { _ = try cousin.describeVolumes(VolumeQuery(ids: [volume.id])) } == .notFound(volume: volume.id))
            #expect(refusal { try cousin.deleteVolume(volume.id) } == .notFound(volume: volume.id))
            #expect(
                refusal { _ = try cousin.createVolume(VolumeCreation(zone: zone, snapshot: snapshot)) }?.code
                    == .invalidSnapshotNotFound)
            let token = VolumeCreation(zone: zone, size: 9, clientToken: "once")
            #expect(try owner.createVolume(token).id == owner.createVolume(token).id)
        }
    }

    @Test("who sees a snapshot follows from its permissions, and sharing is the owner's", arguments: PlaneUnderTest.forAccounts)
    func sharing(on plane: PlaneUnderTest) throws {
        try plane.withAccounts { world in
            let owner = try world.actions()
            let cousin = try world.actions("cousin")
            let image = try world.image("web", tags: [Tag(key: "Team", value: "a")])
            let id = try #require(try owner.imageAttributes(image).volumes[0].snapshot)
            #expect(refusal { _ = try cousin.describeSnapshots(SnapshotQuery(ids: [id])) } == .notFound(snapshot: id))
            #expect(refusal { try cousin.deleteSnapshot(id) } == .notFound(snapshot: id))
            let permission = LaunchPermission.account(try PlaneWorld.id("cousin"))
            try owner.changeVolumePermissions(of: id, adding: [permission], removing: [])
            let seen = try #require(try cousin.describeSnapshots(SnapshotQuery(restorableBy: [.own])).first)
            #expect(seen.id == id && seen.tags.count == 0 && seen.permissions.isEmpty)
            #expect(try cousin.describeSnapshots(SnapshotQuery(owners: [.own])).isEmpty)
            #expect(refusal { try cousin.deleteSnapshot(id) }?.code == .operationNotPermitted)
            #expect(refusal { _ = try cousin.snapshotAttributes(id) }?.code == .operationNotPermitted)
            #expect(try world.actions("stranger").describeSnapshots(SnapshotQuery()).isEmpty)
            try owner.changeVolumePermissions(of: id, adding: [.everyone], removing: [permission])
            #expect(try owner.snapshotAttributes(id).permissions == [.everyone])
            #expect(try world.actions("stranger").describeSnapshots(SnapshotQuery(restorableBy: [.everyone])).map(\.id) == [id])
            try owner.resetVolumePermissions(of: id)
            #expect(try cousin.describeSnapshots(SnapshotQuery()).isEmpty)
            let unit = LaunchPermission.unit(try name(PlaneWorld.unit))
            #expect(
                refusal { try owner.changeVolumePermissions(of: id, adding: [unit], removing: []) }?.code
                    == .invalidParameterValue)
        }
    }

    @Test(
        "an account that blocks public access makes no snapshot public, and one that blocks all hides those that are",
        arguments: PlaneUnderTest.forAccounts)
    func publicAccess(on plane: PlaneUnderTest) throws {
        try plane.withAccounts { world in
            let owner = try world.actions()
            let stranger = try world.actions("stranger")
            let id = try #require(try owner.imageAttributes(try world.image("web")).volumes[0].snapshot)
            let other = try #require(try owner.imageAttributes(try world.image("api")).volumes[0].snapshot)
            #expect(try owner.publicAccessToSnapshots() == .unblocked)
            try owner.changeVolumePermissions(of: id, adding: [.everyone], removing: [])
            try owner.setPublicAccessToSnapshots(.blockNewSharing)
            #expect(try stranger.publicAccessToSnapshots() == .unblocked, "it is the account's own")
            #expect(try stranger.describeSnapshots(SnapshotQuery(ids: [id])).map(\.id) == [id])
            #expect(
                refusal { try owner.changeVolumePermissions(of: other, adding: [.everyone], removing: []) }
                    == .snapshotPublicAccessBlocked)
            try owner.setPublicAccessToSnapshots(.blockAllSharing)
            #expect(refusal { _ = try stranger.describeSnapshots(SnapshotQuery(ids: [id])) } == .notFound(snapshot: id))
            let copy = SnapshotCopying(sourceRegion: try name("us-east-1"), source: id, description: "")
            #expect(refusal { _ = try stranger.copySnapshot(copy) } == .notFound(snapshot: id))
            #expect(try owner.snapshotAttributes(id).permissions == [.everyone], "what was permitted is not forgotten")
            try owner.setPublicAccessToSnapshots(.unblocked)
            #expect(try stranger.describeSnapshots(SnapshotQuery(ids: [id])).map(\.id) == [id])
            try owner.changeVolumePermissions(of: other, adding: [.everyone], removing: [])
        }
    }

    @Test(
        "with image and snapshot shared, another account copies the image, and owns the copy",
        arguments: PlaneUnderTest.forAccounts)
    func copyShared(on plane: PlaneUnderTest) throws {
        try plane.withAccounts { world in
            let owner = try world.actions()
            let image = try world.image("web", tags: [Tag(key: "Team", value: "a")])
            let snapshot = try #require(try owner.imageAttributes(image).volumes[0].snapshot)
            let cousin = try world.actions("cousin")
            let copy = ImageCopying(name: "web", sourceRegion: try name("us-east-1"), source: image, copiesTags: true)
            #expect(refusal { _ = try cousin.copyImage(copy) } == .notFound(images: [image]))
            let permission = LaunchPermission.account(try PlaneWorld.id("cousin"))
            try owner.changeLaunchPermissions(of: image, adding: [permission], removing: [])
            #expect(refusal { _ = try cousin.copyImage(copy) } == .noStoragePermission)
            try owner.changeVolumePermissions(of: snapshot, adding: [permission], removing: [])
            let id = try cousin.copyImage(copy)
            let made = try cousin.imageAttributes(id)
            #expect(made.owner == (try PlaneWorld.id("cousin")) && made.tags.count == 0 && made.permissions.isEmpty)
            let record = try world.region().image(id)
            #expect(record.root == digest("content") && record.release == nil)
            #expect(try owner.imageReferences([image]).isEmpty)
            try owner.addProductCodes([ProductCode("abc")], to: image)
            let again = ImageCopying(name: "web 2", sourceRegion: try name("us-east-1"), source: image)
            #expect(refusal { _ = try cousin.copyImage(again) } == .marketplaceCopy)
            let own = try owner.copyImage(again)
            #expect(try owner.imageAttributes(own).products == [ProductCode("abc")])
        }
    }

    @Test("a snapshot that an image needs, or that is locked, is not deleted", arguments: PlaneUnderTest.forAccounts)
    func deletion(on plane: PlaneUnderTest) throws {
        try plane.withAccounts { world in
            let owner = try world.actions()
            let image = try world.image("web")
            let id = try #require(try owner.imageAttributes(image).volumes[0].snapshot)
            #expect(
                refusal { try owner.deleteSnapshot(id) }
                    == PlaneError(.invalidSnapshotInUse, "The snapshot \(id) is currently in use by \(image)"))
            try owner.deregisterImage(image, deletingSnapshots: false)
            let end = world.clock.now + .days(2)
            _ = try owner.lockSnapshot(id, mode: .governance, coolOff: nil, until: end)
            #expect(refusal { try owner.deleteSnapshot(id) }?.code == .operationNotPermitted)
            try owner.unlockSnapshot(id)
            #expect(refusal { try owner.unlockSnapshot(id) }?.code == .incorrectState)
            _ = try owner.lockSnapshot(id, mode: .compliance, coolOff: .hours(1), until: end)
            world.clock.advance(.hours(1))
            #expect(refusal { try owner.unlockSnapshot(id) }?.code == .operationNotPermitted)
            #expect(
                refusal { _ = try owner.lockSnapshot(id, mode: .governance, coolOff: nil, until: end) }?.code
                    == .operationNotPermitted)
            #expect(
                refusal { _ = try owner.lockSnapshot(id, mode: .governance, coolOff: .hours(1), until: end) }?.code
                    == .invalidParameterCombination)
            world.clock.advance(.days(2))
            try owner.deleteSnapshot(id)
            #expect(try world.region().roots() == [])
        }
    }

    @Test(
        "the archive takes snapshots that no enabled image needs, and gives them back for days or for good",
        arguments: PlaneUnderTest.forAccounts)
    func archive(on plane: PlaneUnderTest) throws {
        try plane.withAccounts { world in
            let owner = try world.actions()
            let image = try world.image("web")
            let id = try #require(try owner.imageAttributes(image).volumes[0].snapshot)
            #expect(refusal { _ = try owner.archiveSnapshot(id) } == .inUse(id, by: image))
            #expect(refusal { _ = try owner.restoreSnapshotTier(id, days: nil) }?.code == .incorrectState)
            try owner.disableImage(image)
            #expect(try owner.archiveSnapshot(id).tier == .archive)
            let volume = VolumeCreation(zone: "us-east-1a", snapshot: id)
            #expect(refusal { _ = try owner.createVolume(volume) }?.code == .incorrectState)
            #expect(refusal { try owner.enableImage(image) }?.code == .incorrectState)
            #expect(refusal { _ = try owner.restoreSnapshotTier(id, days: 181) }?.code == .invalidParameterValue)
            #expect(try owner.restoreSnapshotTier(id, days: 3).restoredUntil == world.clock.now + .days(3))
            _ = try owner.createVolume(volume)
            world.clock.advance(.days(3))
            #expect(try owner.snapshotAttributes(id).tier == .archive)
            #expect(try owner.describeSnapshots(SnapshotQuery(filters: [ResourceFilter("storage-tier", ["archive"])])).count == 1)
            #expect(refusal { _ = try owner.createVolume(volume) }?.code == .incorrectState)
            #expect(try owner.restoreSnapshotTier(id, days: nil).tier == .standard)
            try owner.enableImage(image)
        }
    }

    @Test("a copy of a snapshot in another region has every byte", arguments: PlaneUnderTest.forAccounts)
    func copies(on plane: PlaneUnderTest) throws {
        try plane.withAccounts { world in
            let (image, root) = try world.imageWithFiles("web")
            let id = try #require(try world.actions().imageAttributes(image).volumes[0].snapshot)
            let west = try world.actions(in: "us-west-2")
            let copy = try west.copySnapshot(SnapshotCopying(sourceRegion: name("us-east-1"), source: id, description: "mine"))
            let made = try west.snapshotAttributes(copy)
            #expect(try world.root(of: copy, in: "us-west-2") == root)
            #expect(made.description == "[Copied \(id) from us-east-1] mine" && made.volumeSize == 8)
            let store = try ObjectStore(try world.region("us-west-2").storeFolder, environment: world.clock.environment)
            #expect(try Tree(root, in: store).read("/hello") == Array("hello".utf8))
            let cousin = try world.actions("cousin", in: "us-west-2")
            #expect(
                refusal { _ = try cousin.copySnapshot(SnapshotCopying(sourceRegion: name("us-east-1"), source: id)) }
                    == .notFound(snapshot: id))
        }
    }

    @Test("the Recycle Bin keeps snapshots too", arguments: PlaneUnderTest.forAccounts)
    func recycleBin(on plane: PlaneUnderTest) throws {
        try plane.withAccounts { world in
            let owner = try world.actions()
            _ = try world.inside().addRetentionRule(RetentionRule(.snapshot, days: 2))
            let volume = try owner.createVolume(VolumeCreation(zone: "us-east-1a", size: 8))
            let id = try owner.createSnapshot(of: volume.id, description: "", tags: TagSet()).id
            try owner.deleteSnapshot(id)
            #expect(try owner.describeSnapshots(SnapshotQuery()).isEmpty)
            #expect(try owner.snapshotsInRecycleBin([id]).map(\.id) == [id])
            #expect(try owner.restoreSnapshot(id).id == id)
            #expect(try owner.describeSnapshots(SnapshotQuery()).map(\.id) == [id])
            try owner.deleteSnapshot(id)
            world.clock.advance(.days(2))
            #expect(try owner.snapshotsInRecycleBin(nil).isEmpty)
            #expect(refusal { _ = try owner.restoreSnapshot(id) } == .notFound(snapshot: id))
            try world.region().emptyRecycleBin(at: world.clock.now)
            #expect(try world.region().roots() == [])
        }
    }

    @Test(
        "tags are added to all or none, removed by key or by value, and described with filters",
        arguments: PlaneUnderTest.forAccounts)
    func tags(on plane: PlaneUnderTest) throws {
        try plane.withAccounts { world in
            let owner = try world.actions()
            let image = try world.image("web")
            let snapshot = try #require(try owner.imageAttributes(image).volumes[0].snapshot)
            let volume = try owner.createVolume(VolumeCreation(zone: "us-east-1a", size: 8)).id
            let resources: [TaggedResource] = [.image(image), .snapshot(snapshot), .volume(volume)]
            try owner.createTags(TagSet([Tag(key: "a", value: "1"), Tag(key: "b", value: "2")]), on: resources)
            #expect(try owner.describeTags([]).count == 6)
            #expect(
                try owner.describeTags([ResourceFilter("resource-type", ["volume"]), ResourceFilter("key", ["a"])]).count == 1)
            #expect(try owner.describeTags([ResourceFilter("tag:a", ["1"])]).count == 3)
            #expect(try owner.describeTags([ResourceFilter("value", ["3"])]).isEmpty)
            #expect(refusal { _ = try owner.describeTags([ResourceFilter("color", ["red"])]) }?.code == .invalidParameterValue)
            try owner.deleteTags([TagRemoval(key: "a"), TagRemoval(key: "b", value: "other")], from: [.image(image)])
            #expect(try owner.imageAttributes(image).tags == TagSet([Tag(key: "b", value: "2")]))
            try owner.deleteTags([], from: [.snapshot(snapshot)])
            #expect(try owner.snapshotAttributes(snapshot).tags.count == 0)
            let many = try TagSet((0..<49).map { try Tag(key: "key\($0)", value: "") })
            #expect(
                refusal { try owner.createTags(many, on: [.snapshot(snapshot), .volume(volume)]) }?.code == .tagLimitExceeded)
            #expect(try owner.snapshotAttributes(snapshot).tags.count == 0, "none of them")
            #expect(refusal { try owner.createTags(TagSet(), on: []) }?.code == .missingParameter)
            #expect(refusal { try world.actions("cousin").createTags(many, on: [.image(image)]) } == .notFound(images: [image]))
            #expect(try world.actions("cousin").describeTags([]).isEmpty)
        }
    }
}
