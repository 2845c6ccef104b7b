import Cloud
import Model
import Platform
import TestSupport
import Testing

/// A walk through the actions of both doors. Each action is rehearsed as a dry run through both, which must say the same; then it is done
/// through one of them.
struct DoorWalk {
    private let world: PlaneWorld
    private var random: SeededRandom
    private(set) var done = 0
    private(set) var refused = 0

    private static let accounts = ["owner", "owner", "owner", "cousin", "stranger"]

    init(_ world: PlaneWorld, seed: UInt64) throws {
        self.world = world
        random = SeededRandom(seed)
        for number in 0..<6 {
            let tags = try [Tag(key: "Number", value: String(number % 3)), Tag(key: "a&b", value: "<\"ä\">")]
            let (image, _) = try world.imageWithFiles("image \(number)", of: number == 5 ? "amazon" : "owner", tags: tags)
            if number == 4 { try world.share(image, with: .account(PlaneWorld.id("cousin"))) }
        }
        _ = try world.inside().addRetentionRule(RetentionRule(.image, days: 3, tags: [Tag(key: "Number", value: "1")]))
        _ = try world.inside().addRetentionRule(RetentionRule(.snapshot, days: 3, tags: [Tag(key: "Number", value: "2")]))
    }

    private mutating func below(_ count: Int) -> Int { random.below(count) }

    private mutating func pick<Value>(_ values: [Value]) -> Value { values[below(values.count)] }

    private mutating func chance(_ one: Int) -> Bool { below(one) == 0 }

    // MARK: Steps

    mutating func step() throws {
        let account = pick(Self.accounts)
        let action = try action(of: account)
        let inside = try Outcome { try action(door(inside: true, account, isDryRun: true)) }
        let outside = try Outcome { try action(door(inside: false, account, isDryRun: true)) }
        #expect(inside == outside, "a dry run of \(account)")
        let isInside = chance(2)
        switch try Outcome({ try action(door(inside: isInside, account, isDryRun: false)) }) {
        case .refused(let error):
            refused += 1
            #expect(.refused(error) == inside, "what a dry run foretells happens")
            #expect(try Outcome { try action(door(inside: !isInside, account, isDryRun: false)) } == inside, "\(account)")
        case .value:
            done += 1
            #expect(inside == .refused(.dryRun), "what was done was foretold")
        }
        if chance(6) { world.clock.advance(.hours(Int64(below(30)))) }
    }

    private func door(inside: Bool, _ account: String, isDryRun: Bool) throws -> any StorageActions {
        guard inside else { return try world.actions(account, isDryRun: isDryRun) }
        return try world.plane.actions(in: name("us-east-1"), as: .account(PlaneWorld.id(account)), isDryRun: isDryRun)
    }

    typealias Action = (any StorageActions) throws -> Int

    /// An action with arguments that are often wrong. What it returns has no say but in being the same.
    private mutating func action(of account: String) throws -> Action {
        switch below(5) {
        case 0: try making(account)
        case 1: try sharing(account)
        case 2: try life(account)
        case 3: try snapshot(account)
        default: try disk(account)
        }
    }

    private mutating func image() throws -> ImageID {
        let known = try ["owner", "amazon"].flatMap { account in
            try world.inside(account).describeImages(ImageQuery(owners: [.own], includesDisabled: true)).map(\.image.id)
        }
        return chance(12) ? try name("ami-00000000000000001") : pick(known)
    }

    private mutating func snapshot() throws -> SnapshotID {
        let known = try world.inside().describeSnapshots(SnapshotQuery()).map(\.id)
        return known.isEmpty || chance(12) ? try name("snap-00000000000000001") : pick(known)
    }

    private mutating func permission() throws -> LaunchPermission {
        switch below(5) {
        case 0: .everyone
        case 1: .organization(try name(PlaneWorld.organization))
        case 2: .unit(try name(PlaneWorld.unit))
        default: .account(try PlaneWorld.id(pick(["cousin", "sibling", "stranger"])))
        }
    }

    private mutating func making(_ account: String) throws -> Action {
        let id = try image()
        let fresh = pick(["new \(below(40))", "ab", "a$b", "image 1", "copy \(below(40))"])
        switch below(3) {
        case 0:
            var copy = ImageCopying(name: fresh, sourceRegion: try name(chance(8) ? "eu-west-1" : "us-east-1"), source: id)
            copy.description = chance(2) ? nil : "a < b"
            copy.copiesTags = chance(2)
            copy.isEncrypted = chance(6)
            copy.key = chance(6) ? "alias/nobody" : nil
            copy.tags = try TagSet(chance(3) ? [Tag(key: "Number", value: "1")] : [])
            copy.clientToken = chance(3) ? "token \(below(5))" : nil
            return {
                _ = try $0.copyImage(copy)
                return 0
            }
        case 1:
            var volume = Volume(size: pick([0, 8, 20, 1]), type: pick([.gp3, .gp2, .io2, .standard]))
            volume.iops = chance(3) ? pick([100, 5000]) : nil
            volume.throughput = chance(4) ? pick([125, 700]) : nil
            volume.isDeletedOnTermination = chance(2)
            var volumes = [VolumeMapping(deviceName: pick(["/dev/xvda", "/dev/sda1"]), volume: volume, snapshot: try snapshot())]
            if chance(3) { volumes.append(VolumeMapping(deviceName: "/dev/xvdb", volume: Volume(size: 3))) }
            var new = ImageRegistration(name: fresh, description: "registered", volumes: volumes)
            new.machine.bootMode = chance(2) ? .uefiPreferred : nil
            new.machine.needsIMDSv2 = chance(2)
            if chance(4) { new.virtualDevices = [VirtualDevice(deviceName: "/dev/sdc", virtualName: "ephemeral0")] }
            return {
                _ = try $0.registerImage(new)
                return 0
            }
        default:
            let isAll = chance(2)
            if !chance(3) {
                return { door in
                    try door.setDescription(isAll ? "" : "said & done", of: id)
                    return 0
                }
            }
            return { door in try door.deregisterImage(id, deletingSnapshots: isAll).count }
        }
    }

    private mutating func sharing(_ account: String) throws -> Action {
        let id = try image()
        let snapshot = try snapshot()
        let added: Set<LaunchPermission> = [try permission()]
        let removed: Set<LaunchPermission> = chance(3) ? [try permission()] : []
        let isOn = chance(2)
        switch below(6) {
        case 0, 1:
            return {
                try $0.changeLaunchPermissions(of: id, adding: added, removing: removed)
                return 0
            }
        case 2:
            return {
                try $0.changeVolumePermissions(of: snapshot, adding: added, removing: removed)
                return 0
            }
        case 3:
            return {
                try $0.blockPublicAccessToImages(isOn)
                return 0
            }
        case 4:
            return {
                try $0.cancelLaunchPermission(on: id)
                return 0
            }
        default:
            return {
                try $0.resetLaunchPermissions(of: id)
                return 0
            }
        }
    }

    private mutating func life(_ account: String) throws -> Action {
        let id = try image()
        let time = world.clock.now + .hours(Int64(below(90_000)) - 2000)
        let isOn = chance(2)
        let mark = pick(["approved", "mark \(below(9))", "a:b", ""])
        switch below(9) {
        case 0:
            return {
                try $0.enableDeprecation(of: id, at: time)
                return 0
            }
        case 1:
            return {
                try $0.disableDeprecation(of: id)
                return 0
            }
        case 2:
            return {
                try $0.disableImage(id)
                return 0
            }
        case 3:
            return {
                try $0.enableImage(id)
                return 0
            }
        case 4:
            return { try $0.enableDeregistrationProtection(of: id, withCooldown: isOn).hashValue }
        case 5: return { try $0.disableDeregistrationProtection(of: id).hashValue }
        case 6: return { try $0.attachWatermark(mark.isEmpty ? "x" : mark, to: id).hashValue }
        case 7:
            return {
                try $0.addProductCodes([ProductCode("abc")], to: id)
                return 0
            }
        default:
            return {
                try $0.restoreImage(id)
                return 0
            }
        }
    }

    private mutating func snapshot(_ account: String) throws -> Action {
        let id = try snapshot()
        let end = world.clock.now + .days(Int64(below(5)))
        let mode: SnapshotLock.Mode = pick([.governance, .compliance])
        let coolOff: TimeSpan? = chance(2) ? nil : .hours(Int64(pick([1, 24, 100])))
        let days: Int? = chance(2) ? nil : pick([1, 180, 181])
        switch below(7) {
        case 0:
            return {
                try $0.deleteSnapshot(id)
                return 0
            }
        case 1: return { try $0.archiveSnapshot(id).tier.hashValue }
        case 2: return { try $0.restoreSnapshotTier(id, days: days).tier.hashValue }
        case 3: return { try $0.lockSnapshot(id, mode: mode, coolOff: coolOff, until: end).hashValue }
        case 4:
            return {
                try $0.unlockSnapshot(id)
                return 0
            }
        case 5:
            return {
                try $0.resetVolumePermissions(of: id)
                return 0
            }
        default:
            let copy = SnapshotCopying(sourceRegion: try name("us-east-1"), source: id, description: "c")
            return {
                _ = try $0.copySnapshot(copy)
                return 0
            }
        }
    }

    private mutating func disk(_ account: String) throws -> Action {
        let known = try world.inside().describeVolumes(VolumeQuery()).map(\.id)
        let volume: VolumeID = known.isEmpty || chance(10) ? try name("vol-00000000000000001") : pick(known)
        let resource: TaggedResource = chance(2) ? .image(try image()) : chance(2) ? .volume(volume) : .snapshot(try snapshot())
        let tags = try TagSet([Tag(key: "key \(below(20))", value: String(below(3)))])
        switch below(6) {
        case 0:
            var new = VolumeCreation(zone: "us-east-1\(pick(["a", "b", "z"]))")
            new.size = chance(3) ? nil : pick([0, 1, 8, 20_000])
            new.type = pick([.gp2, .gp3, .io1, .io2, .st1, .sc1, .standard])
            new.iops = chance(2) ? nil : pick([50, 100, 3000, 100_000])
            new.throughput = chance(4) ? 250 : nil
            new.snapshot = chance(2) ? nil : try snapshot()
            new.tags = tags
            return {
                _ = try $0.createVolume(new)
                return 0
            }
        case 1:
            let change = VolumeChange(
                size: chance(2) ? nil : pick([1, 9, 30]), type: chance(2) ? nil : pick([.gp3, .io1, .standard]),
                iops: chance(3) ? pick([200, 4000]) : nil)
            return { try $0.modifyVolume(volume, change).target.size }
        case 2:
            return {
                try $0.deleteVolume(volume)
                return 0
            }
        case 3:
            return {
                _ = try $0.createSnapshot(of: volume, description: "of a volume", tags: tags)
                return 0
            }
        case 4:
            return {
                try $0.createTags(tags, on: [resource])
                return 0
            }
        default:
            let removal = TagRemoval(key: "key \(below(20))", value: chance(2) ? nil : "1")
            return {
                try $0.deleteTags([removal], from: [resource])
                return 0
            }
        }
    }

    // MARK: Lists

    /// The lists of an account, through both doors. The walk ends at the first difference.
    mutating func compareLists() throws {
        let account = pick(Self.accounts)
        let inside = try world.inside(account)
        let outside = try world.actions(account)
        let ask = { (_ list: (any StorageActions) throws -> [AnyHashable], what: String) in
            let direct = try Outcome { try list(inside) }
            let told = try Outcome { try list(outside) }
            try #require(direct == told, "\(account): \(what): \(direct.difference(from: told))")
        }
        let query = try imageQuery()
        let id = try image()
        let world = world
        try ask({ try $0.describeImages(query).map(\.asTold) }, "\(query)")
        try ask(
            { try $0.describeImages(ImageQuery(includesDeprecated: true, includesDisabled: true)).map(\.asTold) }, "all images")
        try ask({ [try $0.imageAttributes(id).asTold(at: world.clock.now)] }, "attributes of \(id)")
        try ask({ try $0.imageAncestry(id) }, "ancestry of \(id)")
        try ask({ try $0.describeSnapshots(SnapshotQuery()).map(\.asTold) }, "snapshots")
        try ask({ try $0.describeVolumes(VolumeQuery()).map(\.asTold) }, "volumes")
        try ask({ try $0.volumeModifications() }, "changes of volumes")
        try ask({ try $0.describeTags([]) }, "tags")
        try ask({ try $0.imagesInRecycleBin(nil) }, "images in the Recycle Bin")
        try ask({ try $0.snapshotsInRecycleBin(nil) }, "snapshots in the Recycle Bin")
    }

    private mutating func imageQuery() throws -> ImageQuery {
        var query = ImageQuery()
        if chance(3) { query.ids = [try image(), try image()] }
        if chance(3) { query.owners = [pick([.own, .alias(.amazon), .account(try PlaneWorld.id("owner"))])] }
        if chance(4) { query.executableBy = [pick([.own, .everyone])] }
        let filters = [
            ResourceFilter("name", ["image*", "new ?"]), ResourceFilter("tag:Number", ["1", "2"]),
            ResourceFilter("tag:a&b", ["<\"ä\">"]), ResourceFilter("state", ["available"]), ResourceFilter("is-public", ["true"]),
            ResourceFilter("block-device-mapping.volume-type", ["gp3"]), ResourceFilter("colour", ["red"]),
            ResourceFilter("state", ["disabled"]), ResourceFilter("name", []),
        ]
        while chance(2) { query.filters.append(pick(filters)) }
        query.includesDeprecated = chance(2)
        query.includesDisabled = chance(2)
        return query
    }
}
