import Cloud
import Model
import Platform
import TestSupport
import Testing

@Suite("a plane's rules on seeing and sharing images")
struct ImageSharingConformance {
    @Test(
        "who finds an image follows from its permissions: none, an account, the organization, a unit, everyone",
        arguments: PlaneUnderTest.forAccounts)
    func visibility(on plane: PlaneUnderTest) throws {
        let accounts = ["owner", "sibling", "cousin", "stranger"]
        let cases: [(LaunchPermission?, Set<String>)] = [
            (nil, ["owner"]), (.account(try PlaneWorld.id("cousin")), ["owner", "cousin"]),
            (.organization(try name(PlaneWorld.organization)), ["owner", "sibling", "cousin"]),
            (.unit(try name(PlaneWorld.unit)), ["owner", "sibling"]),
            (.unit(try name(PlaneWorld.inner)), ["owner", "sibling"]), (.everyone, Set(accounts)),
        ]
        for (permission, expected) in cases {
            try plane.withAccounts { world in
                let image = try world.image("shared")
                _ = try world.image("private")
                if let permission { try world.share(image, with: permission) }
                for account in accounts {
                    let isIn = expected.contains(account)
                    #expect(try world.ids(account).contains(image) == isIn, "\(account), \(String(describing: permission))")
                    let byID = { try world.ids(account, ImageQuery(ids: [image])) }
                    if isIn {
                        #expect(try byID() == [image])
                    } else {
                        let error = refusal { _ = try byID() }
                        #expect(error == PlaneError(.invalidAMIIDNotFound, "The image id '[\(image)]' does not exist"))
                    }
                }
            }
        }
    }

    @Test("what is not there is named: one id or several", arguments: PlaneUnderTest.forAccounts)
    func notFound(on plane: PlaneUnderTest) throws {
        try plane.withAccounts { world in
            let a: ImageID = try name("ami-00000000000000001")
            let b: ImageID = try name("ami-abcd1234")
            let image = try world.image("web")
            let error = refusal { _ = try world.ids("owner", ImageQuery(ids: [a, image, b])) }
            #expect(error?.code == .invalidAMIIDNotFound)
            #expect(error?.message == "The image ids '[ami-00000000000000001, ami-abcd1234]' do not exist")
            try world.region().deregister(image, deletingSnapshots: true)
            #expect(refusal { _ = try world.ids("owner", ImageQuery(ids: [image])) }?.code == .invalidAMIIDNotFound)
        }
    }

    @Test("attributes and changes are for the owner alone, whoever else may launch", arguments: PlaneUnderTest.forAccounts)
    func ownersOnly(on plane: PlaneUnderTest) throws {
        try plane.withAccounts { world in
            let image = try world.image("web")
            try world.share(image, with: .everyone)
            let other = try world.actions("stranger")
            let attempts: [() throws -> Void] = [
                { _ = try other.imageAttributes(image) },
                { try other.setDescription("mine", of: image) },
                { try other.changeLaunchPermissions(of: image, adding: [.account(PlaneWorld.id("cousin"))], removing: []) },
                { try other.resetLaunchPermissions(of: image) },
                { try other.enableDeprecation(of: image, at: world.clock.now + .days(1)) },
                { try other.disableDeprecation(of: image) },
                { try other.disableImage(image) },
                { try other.enableImage(image) },
                { _ = try other.enableDeregistrationProtection(of: image, withCooldown: false) },
                { _ = try other.disableDeregistrationProtection(of: image) },
                { _ = try other.attachWatermark("approved", to: image) },
                { try other.detachWatermark("444444444444:approved", from: image) },
                { try other.addProductCodes([ProductCode("abc")], to: image) },
                { try other.requireIMDSv2(of: image) },
                { _ = try other.deregisterImage(image, deletingSnapshots: true) },
            ]
            let before = try world.actions().imageAttributes(image)
            for attempt in attempts {
                #expect(refusal { try attempt() } == PlaneError(.authFailure, "Not authorized for image:\(image)"))
            }
            #expect(try world.actions().imageAttributes(image) == before)
        }
    }

    @Test(
        "of another's image neither tags nor the accounts it is shared with are seen, and tags do not find it",
        arguments: PlaneUnderTest.forAccounts)
    func hiddenFacts(on plane: PlaneUnderTest) throws {
        try plane.withAccounts { world in
            let image = try world.image("web", tags: [Tag(key: "Team", value: "a")])
            try world.share(image, with: .account(PlaneWorld.id("stranger")), .account(PlaneWorld.id("cousin")))
            let filter = ImageQuery(filters: [ResourceFilter("tag:Team", ["a"])])
            #expect(try world.ids("owner", filter) == [image])
            #expect(try world.ids("stranger", filter) == [])
            let seen = try #require(try world.actions("stranger").describeImages(ImageQuery(ids: [image])).first)
            #expect(seen.image.tags.count == 0 && seen.image.permissions.isEmpty)
        }
    }

    @Test("public access is blocked until the account allows it", arguments: PlaneUnderTest.forAccounts)
    func blockPublicAccess(on plane: PlaneUnderTest) throws {
        try plane.withAccounts { world in
            let image = try world.image("web")
            let owner = try world.actions()
            #expect(try owner.isPublicAccessToImagesBlocked())
            let share = { try owner.changeLaunchPermissions(of: image, adding: [.everyone], removing: []) }
            #expect(refusal { try share() } == .publicAccessBlocked)
            try owner.blockPublicAccessToImages(false)
            #expect(try !owner.isPublicAccessToImagesBlocked())
            #expect(try world.actions("cousin").isPublicAccessToImagesBlocked())
            try share()
            #expect(try world.ids("stranger") == [image])
            try owner.blockPublicAccessToImages(true)
            #expect(try world.ids("stranger") == [image], "what is public stays so")
            try owner.changeLaunchPermissions(of: image, adding: [], removing: [.everyone])
            #expect(try world.ids("stranger") == [])
        }
    }

    @Test(
        "permissions are added, removed, reset and given back, and nothing happens where one is refused",
        arguments: PlaneUnderTest.forAccounts)
    func permissions(on plane: PlaneUnderTest) throws {
        try plane.withAccounts { world in
            let image = try world.image("web")
            let owner = try world.actions()
            let cousin = LaunchPermission.account(try PlaneWorld.id("cousin"))
            let stranger = LaunchPermission.account(try PlaneWorld.id("stranger"))
            try owner.changeLaunchPermissions(of: image, adding: [cousin, stranger], removing: [])
            try owner.changeLaunchPermissions(of: image, adding: [cousin], removing: [])
            #expect(try owner.imageAttributes(image).permissions == [cousin, stranger])
            #expect(refusal { try owner.changeLaunchPermissions(of: image, adding: [.everyone], removing: [cousin]) } != nil)
            #expect(try owner.imageAttributes(image).permissions == [cousin, stranger])
            try world.actions("stranger").cancelLaunchPermission(on: image)
            #expect(try owner.imageAttributes(image).permissions == [cousin])
            #expect(refusal { try world.actions("stranger").cancelLaunchPermission(on: image) }?.code == .invalidAMIIDNotFound)
            try owner.resetLaunchPermissions(of: image)
            #expect(try owner.imageAttributes(image).permissions == [])
        }
    }

    @Test("limits on shares, public images and images are kept", arguments: PlaneUnderTest.forAccounts)
    func limits(on plane: PlaneUnderTest) throws {
        var limits = ServiceLimits()
        limits.images = 3
        limits.publicImages = 1
        limits.launchPermissionsPerImage = 2
        try plane.withAccounts(limits: limits) { world in
            let owner = try world.actions()
            let first = try world.image("first")
            let second = try world.image("second")
            try world.share(first, with: .everyone)
            #expect(refusal { try world.share(second, with: .everyone) }?.code == .resourceLimitExceeded)
            let accounts = try ["sibling", "cousin", "stranger"].map { LaunchPermission.account(try PlaneWorld.id($0)) }
            #expect(
                refusal { try owner.changeLaunchPermissions(of: second, adding: Set(accounts), removing: []) }?.code
                    == .resourceLimitExceeded)
            try owner.changeLaunchPermissions(of: second, adding: Set(accounts.prefix(2)), removing: [])
            try owner.changeLaunchPermissions(of: second, adding: [accounts[2]], removing: [accounts[0]])
            let snapshot = try #require(try owner.imageAttributes(first).volumes[0].snapshot)
            let register = { (name: String) in
                let volume = VolumeMapping(deviceName: "/dev/xvda", volume: Volume(size: 8), snapshot: snapshot)
                _ = try owner.registerImage(ImageRegistration(name: name, volumes: [volume]))
            }
            try register("third")
            #expect(refusal { try register("fourth") }?.code == .resourceLimitExceeded)
        }
    }

    @Test(
        "an image with watermarks or product codes is not made public, and a public one gets none",
        arguments: PlaneUnderTest.forAccounts)
    func marks(on plane: PlaneUnderTest) throws {
        try plane.withAccounts { world in
            let owner = try world.actions()
            let marked = try world.image("marked")
            #expect(try owner.attachWatermark("approved", to: marked) == "111111111111:approved")
            #expect(try owner.attachWatermark("approved", to: marked) == "111111111111:approved")
            #expect(refusal { try world.share(marked, with: .everyone) } == .watermarkedPublic(marked))
            for number in 2...5 { _ = try owner.attachWatermark("mark \(number)", to: marked) }
            #expect(refusal { _ = try owner.attachWatermark("mark 6", to: marked) }?.code == .resourceLimitExceeded)
            let sold = try world.image("sold")
            try owner.addProductCodes([ProductCode("abc123")], to: sold)
            #expect(refusal { try world.share(sold, with: .everyone) } == .productPublic(sold))
            for key in try owner.imageAttributes(marked).watermarks.map(\.key) { try owner.detachWatermark(key, from: marked) }
            try owner.detachWatermark("111111111111:approved", from: marked)
            try world.share(marked, with: .everyone)
            #expect(refusal { _ = try owner.attachWatermark("approved", to: marked) }?.code == .operationNotPermitted)
            #expect(refusal { try owner.addProductCodes([ProductCode("x")], to: marked) }?.code == .operationNotPermitted)
        }
    }

    @Test("allowed images hide others' images when enabled, and mark them in audit mode", arguments: PlaneUnderTest.forAccounts)
    func allowedImages(on plane: PlaneUnderTest) throws {
        try plane.withAccounts { world in
            let own = try world.image("own", of: "stranger")
            let good = try world.image("good-1", of: "amazon")
            let bad = try world.image("bad-1")
            for (account, image) in [("amazon", good), ("owner", bad)] {
                try world.actions(account).blockPublicAccessToImages(false)
                try world.actions(account).changeLaunchPermissions(of: image, adding: [.everyone], removing: [])
            }
            let stranger = try world.actions("stranger")
            var criterion = AllowedImages.Criterion()
            criterion.providers = ["amazon"]
            criterion.names = [FilterPattern("good-*")]
            try stranger.setAllowedImages(AllowedImages(state: .audit, criteria: [criterion]))
            let marks = try stranger.describeImages(ImageQuery()).map(\.isAllowed)
            #expect(marks == [true, true, false])
            try stranger.setAllowedImages(AllowedImages(state: .enabled, criteria: [criterion]))
            #expect(try world.ids("stranger") == [own, good])
            #expect(refusal { _ = try world.ids("stranger", ImageQuery(ids: [bad])) }?.code == .invalidAMIIDNotFound)
            #expect(try world.ids("cousin") == [good, bad])
            let copy = ImageCopying(name: "copy", sourceRegion: try name("us-east-1"), source: bad)
            #expect(refusal { _ = try stranger.copyImage(copy) }?.code == .invalidAMIIDNotFound)
            #expect(try stranger.allowedImages().criteria == [criterion])
        }
    }
}
