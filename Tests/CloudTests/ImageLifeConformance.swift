import Cloud
import Model
import Platform
import TestSupport
import Testing

@Suite("a plane's rules on the life of images")
struct ImageLifeConformance {
    @Test(
        "a deprecated image is hidden from others' lists, and found by its id or on request",
        arguments: PlaneUnderTest.forAccounts)
    func deprecation(on plane: PlaneUnderTest) throws {
        try plane.withAccounts { world in
            let image = try world.image("web")
            try world.share(image, with: .account(PlaneWorld.id("cousin")))
            try world.actions().enableDeprecation(of: image, at: world.clock.now + .hours(1))
            #expect(try world.ids("cousin") == [image])
            world.clock.advance(.minutes(61))
            #expect(try world.ids("cousin") == [])
            #expect(try world.ids("cousin", ImageQuery(ids: [image])) == [image])
            #expect(try world.ids("cousin", ImageQuery(includesDeprecated: true)) == [image])
            #expect(try world.ids("owner") == [image])
            try world.actions().disableDeprecation(of: image)
            #expect(try world.ids("cousin") == [image])
        }
    }

    @Test(
        "the time of a deprecation is rounded to the minute, not past, and not too far away",
        arguments: PlaneUnderTest.forAccounts)
    func deprecationTimes(on plane: PlaneUnderTest) throws {
        try plane.withAccounts { world in
            let owner = try world.actions()
            let image = try world.image("web")
            let now = world.clock.now
            try owner.enableDeprecation(of: image, at: now + .hours(1) + TimeSpan(seconds: 29))
            let base = ImageDeprecationTimes.minute(of: now + .hours(1))
            let stored = try #require(try owner.imageAttributes(image).deprecation)
            #expect(stored.seconds % 60 == 0 && abs(stored.seconds - base.seconds) <= 60)
            #expect(refusal { try owner.enableDeprecation(of: image, at: now - .minutes(2)) }?.code == .invalidParameterValue)
            try owner.enableDeprecation(of: image, at: now + .days(3652))
            #expect(refusal { try owner.enableDeprecation(of: image, at: now + .days(3654)) }?.code == .invalidParameterValue)
            try world.share(image, with: .everyone)
            let latest = try #require(try owner.imageAttributes(image).deprecation)
            #expect(latest <= now + .days(731) + .minutes(1))
            #expect(refusal { try owner.enableDeprecation(of: image, at: now + .days(732)) }?.code == .invalidParameterValue)
            try owner.enableDeprecation(of: image, at: now + .days(729))
        }
    }

    @Test(
        "a disabled image is private, hidden and not copied; enabling it does not share it again",
        arguments: PlaneUnderTest.forAccounts)
    func disable(on plane: PlaneUnderTest) throws {
        try plane.withAccounts { world in
            let owner = try world.actions()
            let image = try world.image("web")
            try world.share(image, with: .account(PlaneWorld.id("cousin")))
            try owner.disableImage(image)
            #expect(try world.ids("owner") == [])
            #expect(try world.ids("owner", ImageQuery(includesDisabled: true)) == [image])
            #expect(refusal { _ = try world.ids("cousin", ImageQuery(ids: [image])) }?.code == .invalidAMIIDNotFound)
            let disabled = ResourceFilter("state", ["disabled"])
            #expect(refusal { _ = try world.ids("owner", ImageQuery(filters: [disabled])) } == .disabledNeedsInclude)
            #expect(try world.ids("owner", ImageQuery(filters: [disabled], includesDisabled: true)) == [image])
            let share = { try world.share(image, with: .account(PlaneWorld.id("cousin"))) }
            #expect(
                refusal { try share() }
                    == PlaneError(.invalidAMIIDUnavailable, "The image id '[\(image)]' is no longer available"))
            let copy = ImageCopying(name: "copy", sourceRegion: try name("us-east-1"), source: image)
            #expect(refusal { _ = try owner.copyImage(copy) } == .unavailable(image))
            try owner.enableImage(image)
            #expect(try owner.imageAttributes(image).permissions == [])
            #expect(try world.ids("cousin") == [])
            try share()
        }
    }

    @Test(
        "a protected image is not deregistered, nor for a day after a protection with cooldown ended",
        arguments: PlaneUnderTest.forAccounts)
    func protection(on plane: PlaneUnderTest) throws {
        try plane.withAccounts { world in
            let owner = try world.actions()
            let image = try world.image("web")
            let deregister = { try owner.deregisterImage(image, deletingSnapshots: true) }
            #expect(try owner.enableDeregistrationProtection(of: image, withCooldown: false) == .enabled(withCooldown: false))
            #expect(refusal { _ = try deregister() } == .protected(image))
            #expect(try owner.enableDeregistrationProtection(of: image, withCooldown: true) == .enabled(withCooldown: true))
            let end = world.clock.now + .days(1)
            #expect(try owner.disableDeregistrationProtection(of: image) == .cooling(until: end))
            world.clock.advance(.hours(12))
            #expect(try owner.disableDeregistrationProtection(of: image) == .cooling(until: end), "it does not begin anew")
            world.clock.advance(TimeSpan(seconds: 12 * 3600 - 1))
            #expect(refusal { _ = try deregister() } == .protected(image))
            world.clock.advance(TimeSpan(seconds: 1))
            #expect(try deregister().map(\.outcome) == [.success])
        }
    }

    @Test(
        "deregistering leaves snapshots that other images use, and deletes the rest on request",
        arguments: PlaneUnderTest.forAccounts)
    func sharedSnapshots(on plane: PlaneUnderTest) throws {
        try plane.withAccounts { world in
            let owner = try world.actions()
            let first = try world.image("first")
            let snapshot = try #require(try owner.imageAttributes(first).volumes[0].snapshot)
            let volume = VolumeMapping(deviceName: "/dev/xvda", volume: Volume(size: 0), snapshot: snapshot)
            let second = try owner.registerImage(ImageRegistration(name: "second", volumes: [volume]))
            #expect(try owner.imageAttributes(second).volumes[0].volume.size == 8)
            #expect(try owner.deregisterImage(first, deletingSnapshots: true) == [SnapshotDeletion(snapshot, .skipped)])
            #expect(try world.region().roots() == [digest("content")])
            #expect(refusal { _ = try owner.deregisterImage(first, deletingSnapshots: true) } == .unavailable(first))
            #expect(try owner.deregisterImage(second, deletingSnapshots: false) == [])
            #expect(try world.region().snapshots(nil).map(\.id) == [snapshot])
            let third = try owner.registerImage(ImageRegistration(name: "third", volumes: [volume]))
            #expect(try owner.deregisterImage(third, deletingSnapshots: true) == [SnapshotDeletion(snapshot, .success)])
            #expect(try world.region().roots() == [])
        }
    }

    @Test(
        "the Recycle Bin keeps what a rule matches, for its days, and gives it back as it was",
        arguments: PlaneUnderTest.forAccounts)
    func recycleBin(on plane: PlaneUnderTest) throws {
        try plane.withAccounts { world in
            let owner = try world.actions()
            let bin = try world.inside()
            let keep = try Tag(key: "Keep", value: "yes")
            let short = try bin.addRetentionRule(RetentionRule(.image, days: 1, tags: [keep]))
            _ = try bin.addRetentionRule(RetentionRule(.image, days: 7, tags: [keep]))
            #expect(refusal { _ = try bin.addRetentionRule(RetentionRule(.image, days: 366)) }?.code == .invalidParameterValue)
            let image = try world.image("kept", tags: [keep])
            let other = try world.image("gone", content: "gone")
            try world.share(image, with: .account(PlaneWorld.id("cousin")))
            let before = try owner.imageAttributes(image)
            #expect(try owner.deregisterImage(image, deletingSnapshots: true).map(\.outcome) == [.skipped])
            _ = try owner.deregisterImage(other, deletingSnapshots: true)
            #expect(try owner.imagesInRecycleBin(nil).map(\.id) == [image])
            #expect(try world.actions("cousin").imagesInRecycleBin(nil) == [])
            #expect(try world.ids("cousin") == [] && world.ids("owner") == [])
            #expect(try world.region().roots() == [digest("content")])
            #expect(refusal { _ = try owner.imagesInRecycleBin([other]) }?.code == .invalidAMIIDNotFound)
            #expect(refusal { try world.actions("cousin").restoreImage(image) }?.code == .invalidAMIIDNotFound)
            world.clock.advance(.days(6))
            try owner.restoreImage(image)
            #expect(try owner.imageAttributes(image) == before)
            #expect(try owner.imagesInRecycleBin(nil) == [])
            _ = try owner.deregisterImage(image, deletingSnapshots: false)
            world.clock.advance(.days(7))
            #expect(try owner.imagesInRecycleBin(nil) == [])
            #expect(refusal { try owner.restoreImage(image) }?.code == .invalidAMIIDNotFound)
            try bin.removeRetentionRule(short.id)
            #expect(try bin.retentionRules().map(\.rule.days) == [7])
            #expect(refusal { try bin.removeRetentionRule(short.id) }?.code == .invalidID)
        }
    }

    @Test("what comes back out of the Recycle Bin needs its name to be free", arguments: PlaneUnderTest.forAccounts)
    func restoredName(on plane: PlaneUnderTest) throws {
        try plane.withAccounts { world in
            let owner = try world.actions()
            _ = try world.inside().addRetentionRule(RetentionRule(.image, days: 7))
            let first = try world.image("web")
            _ = try owner.deregisterImage(first, deletingSnapshots: false)
            var again = try newImage("web", created: world.clock.now, token: "again")
            again.owner = try PlaneWorld.id("owner")
            let second = try world.region().add(again).id
            #expect(refusal { try owner.restoreImage(first) } == .nameTaken(try name("web"), by: second))
        }
    }
}

enum ImageDeprecationTimes {
    static func minute(of instant: Instant) -> Instant { Instant(seconds: instant.seconds / 60 * 60) }
}
