import Cloud
import Crypto
import Model
import Platform
import TestSupport
import Testing

@Suite("a plane", .serialized)
struct PlaneConformance {
    @Test(
        "regions are listed by name once they were made, and an unknown one is not found", arguments: PlaneUnderTest.forPipelines)
    func regions(of plane: PlaneUnderTest) throws {
        try plane.with { plane, _ in
            _ = try plane.makeRegion(name("ap-northeast-2"))
            _ = try plane.makeRegion(name("us-east-1"))
            #expect(try plane.regions().map(\.description) == ["ap-northeast-2", "us-east-1"])
            #expect(try plane.region(name("ap-northeast-2")).name.description == "ap-northeast-2")
            let missing = failure { _ = try plane.region(name("us-east-2")) }
            #expect(missing?.code == .notFound)
            #expect(missing?.hint == "did you mean 'us-east-1'?")
        }
    }

    @Test(
        "a registered image is pending, with a snapshot, without content, and with everything it was given",
        arguments: PlaneUnderTest.forPipelines)
    func register(on plane: PlaneUnderTest) throws {
        try plane.with { _, region in
            let source = ImageSource(region: try name("eu-west-1"), image: ImageID(random: [1, 2, 3, 4, 5, 6, 7, 8]))
            var new = try newImage(
                "web-1.4.2", release: "web-server/1.4.2/3", source: source, tags: [Tag(key: "Team", value: "a")])
            new.parent = ImageID(random: [8, 7, 6, 5, 4, 3, 2, 1])
            new.volumes.append(
                VolumeMapping(
                    deviceName: "/dev/xvdb",
                    volume: Volume(
                        size: 100, type: .io2, isEncrypted: true, iops: 5000, throughput: nil, isDeletedOnTermination: false)))
            let image = try region.registerPending(new)
            #expect(image.state == .pending && image.root == nil && image.region == region.name)
            #expect(image.name == new.name && image.description == "a test image" && image.release == new.release)
            #expect(image.source == source && image.parent == new.parent && image.created == noon)
            // Without a key's name, an encrypted volume is under the account's default key.
            let key = try #require(image.volumes[1].volume.key)
            new.volumes[1].volume.key = key
            #expect(image.volumes.map(\.volume) == new.volumes.map(\.volume))
            #expect(image.volumes.map { $0.snapshot != nil } == [true, false])
            #expect(image.tags["Team"] == "a")
            #expect(try region.image(image.id) == image)
            let snapshot = try #require(try region.snapshots(nil).first)
            #expect(snapshot.id == image.volumes[0].snapshot && snapshot.state == .pending && snapshot.progress == 0)
            #expect(snapshot.volumeSize == 8 && snapshot.tags["Team"] == "a" && snapshot.root == nil)
            #expect(try region.roots().isEmpty)
        }
    }

    @Test(
        "an available image and its snapshot name the content, and both keep it from collection",
        arguments: PlaneUnderTest.forPipelines)
    func available(on plane: PlaneUnderTest) throws {
        try plane.with { _, region in
            let image = try region.add(newImage("web-1"), content: "one")
            #expect(image.state == .available && image.root == digest("one") && image.logicalSize == 1000)
            let snapshot = try #require(try region.snapshots(image.volumes.compactMap(\.snapshot)).first)
            #expect(snapshot.state == .completed && snapshot.root == digest("one") && snapshot.progress == 100)
            #expect(snapshot.completed == noon)
            try region.deregister(image.id, deletingSnapshots: false)
            #expect(try region.roots() == [digest("one")])
        }
    }

    @Test(
        "deregistering with its snapshots leaves nothing to keep, and the image is remembered",
        arguments: PlaneUnderTest.forPipelines)
    func deregister(on plane: PlaneUnderTest) throws {
        try plane.with { _, region in
            let image = try region.add(newImage("web-1", release: "web/1.0.0/1", tags: [Tag(key: "a", value: "b")]))
            let other = try region.add(newImage("web-2"), content: "other")
            #expect(try region.deregister(image.id, deletingSnapshots: true) == image.volumes.compactMap(\.snapshot))
            #expect(try region.roots() == [digest("other")])
            #expect(try region.images(ImageFilter()).map(\.id) == [other.id])
            #expect(try region.image(image.id).state == .deregistered)
            #expect(try region.snapshots(nil).map(\.id) == other.volumes.compactMap(\.snapshot))
            #expect(try region.versions(of: name("web")).map(\.description) == ["1.0.0/1"])
        }
    }

    @Test(
        "of every pair of states exactly those of the table follow each other", arguments: PlaneUnderTest.forPipelines,
        ImageState.allCases
    )
    func transitions(on plane: PlaneUnderTest, from state: ImageState) throws {
        for next in ImageState.allCases where next != .pending {
            try plane.with { _, region in
                let image = try region.image(in: state)
                let move = { () throws -> Void in
                    switch (state, next) {
                    case (.disabled, .available): _ = try region.enable(image.id)
                    case (_, .available): _ = try region.markAvailable(image.id, root: digest("b"), logicalSize: 2, at: noon)
                    case (_, .disabled): _ = try region.disable(image.id)
                    case (_, .failed): _ = try region.markFailed(image.id, reason: "broken", at: noon)
                    case (_, .deregistered): try region.deregister(image.id, deletingSnapshots: false)
                    case (_, .pending): break
                    }
                }
                if state.successors.contains(next) {
                    try move()
                    #expect(try region.image(image.id).state == next)
                } else {
                    #expect(failure { try move() }?.code == .conflict, "\(state) to \(next)")
                    #expect(try region.image(image.id) == image)
                }
            }
        }
    }

    @Test(
        "an image has the evidence that it got last, and collection keeps it as long as the image",
        arguments: PlaneUnderTest.forPipelines)
    func evidence(on plane: PlaneUnderTest) throws {
        try plane.with { _, region in
            let image = try region.image(in: .available)
            #expect(try region.evidence(of: image.id) == nil)
            try region.attachEvidence(digest("first"), to: image.id)
            try region.attachEvidence(digest("second"), to: image.id)
            #expect(try region.evidence(of: image.id) == digest("second"))
            #expect(try region.roots() == [digest("a"), digest("second")])
            try region.deregister(image.id, deletingSnapshots: true)
            #expect(try region.roots().isEmpty)
            #expect(failure { try region.attachEvidence(digest("third"), to: image.id) }?.code == .conflict)
            #expect(failure { try region.attachEvidence(digest("x"), to: region.image(in: .failed).id) }?.code == .conflict)
        }
    }

    @Test("a disabled image does not get other content by being marked available", arguments: PlaneUnderTest.forPipelines)
    func disabledContent(on plane: PlaneUnderTest) throws {
        try plane.with { _, region in
            let image = try region.image(in: .disabled)
            let refused = failure { _ = try region.markAvailable(image.id, root: digest("other"), logicalSize: 2, at: noon) }
            #expect(refused?.code == .conflict)
            #expect(failure { _ = try region.enable(region.image(in: .pending).id) }?.code == .conflict)
            #expect(try region.image(image.id).root == digest("a"))
        }
    }

    @Test("a failed image and one that goes while pending leave no pending snapshot", arguments: PlaneUnderTest.forPipelines)
    func failedSnapshots(on plane: PlaneUnderTest) throws {
        try plane.with { _, region in
            #expect(try region.image(in: .failed).failureReason == "no space")
            _ = try region.image(in: .deregistered)
            #expect(try region.snapshots(nil).map(\.state) == [.error, .error])
        }
    }

    @Test(
        "a name belongs to one live image of a region, and is free in other regions and after the image",
        arguments: PlaneUnderTest.forPipelines)
    func names(on plane: PlaneUnderTest) throws {
        try plane.with { plane, region in
            let first = try region.add(newImage("web"))
            let taken = failure { _ = try region.registerPending(newImage("web", token: "2")) }
            #expect(taken?.code == .conflict)
            #expect(taken?.message == "the AMI name web is already in use by the AMI \(first.id)")
            _ = try region.disable(first.id)
            #expect(failure { _ = try region.registerPending(newImage("web", token: "3")) }?.code == .conflict)
            _ = try plane.makeRegion(name("us-west-2")).registerPending(newImage("web"))
            try region.deregister(first.id, deletingSnapshots: true)
            let second = try region.registerPending(newImage("web", token: "4"))
            #expect(try region.image(named: name("web"))?.id == second.id)
            _ = try region.markFailed(second.id, reason: "broken", at: noon)
            #expect(try region.image(named: name("web")) == nil)
            _ = try region.registerPending(newImage("web", token: "5"))
        }
    }

    @Test(
        "a version is given out once; only one that failed, or the copy of one that is gone, may come again",
        arguments: PlaneUnderTest.forPipelines)
    func versions(on plane: PlaneUnderTest) throws {
        try plane.with { _, region in
            let source = ImageSource(region: try name("eu-west-1"), image: ImageID(random: [1, 2, 3, 4, 5, 6, 7, 8]))
            let first = try region.registerPending(newImage("web-a", release: "web/1.0.0/1"))
            let taken = failure { _ = try region.registerPending(newImage("web-b", release: "web/1.0.0/1")) }
            #expect(taken?.message == "the version web/1.0.0/1 is already taken by the image \(first.id)")
            #expect(failure { _ = try region.registerPending(newImage("web-b", release: "web/1.0.0/1", source: source)) } != nil)
            _ = try region.markFailed(first.id, reason: "broken", at: noon)
            let second = try region.registerPending(newImage("web-c", release: "web/1.0.0/1"))
            try region.deregister(second.id, deletingSnapshots: true)
            #expect(failure { _ = try region.registerPending(newImage("web-d", release: "web/1.0.0/1")) }?.code == .conflict)
            _ = try region.registerPending(newImage("web-e", release: "web/1.0.0/1", source: source))
            _ = try region.registerPending(newImage("web-f", release: "web/1.0.0/2"))
            _ = try region.registerPending(newImage("database", release: "database/1.0.0/1"))
            #expect(try region.versions(of: name("web")).map(\.description) == ["1.0.0/1", "1.0.0/2"])
        }
    }

    @Test(
        "registering again with the same token gives the same image, and no second snapshot",
        arguments: PlaneUnderTest.forPipelines)
    func tokens(on plane: PlaneUnderTest) throws {
        try plane.with { _, region in
            let first = try region.registerPending(newImage("web"))
            #expect(try region.registerPending(newImage("web")) == first)
            let available = try region.markAvailable(first.id, root: digest("a"), logicalSize: 1, at: noon)
            #expect(try region.registerPending(newImage("web")) == available)
            #expect(try region.snapshots(nil).count == 1)
        }
    }

    @Test("the root device must be one of the volumes", arguments: PlaneUnderTest.forPipelines)
    func rootDevice(on plane: PlaneUnderTest) throws {
        try plane.with { _, region in
            var new = try newImage("web")
            new.rootDeviceName = "/dev/sda1"
            #expect(failure { _ = try region.registerPending(new) }?.code == .invalid)
        }
    }
}
