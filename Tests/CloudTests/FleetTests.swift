import Cloud
import Model
import Platform
import TestSupport
import Testing

/// Auto Scaling groups and their refreshes, by a clock that only the test moves.
@Suite struct FleetTests {
    /// A world with the images `one` and `two`, a template with a version of each, and a group of four instances of the first.
    private struct Fleet {
        let world: PlaneWorld
        let actions: any RegionActions
        let template: LaunchTemplate

        init(_ world: PlaneWorld, size: Int = 4) throws {
            self.world = world
            actions = try world.inside()
            var creation = LaunchTemplateCreation(name: "web", data: [:])
            for (index, name) in ["one", "two"].enumerated() {
                let data = [
                    "ImageId": try world.image(name).description, "InstanceType": "t3.micro",
                    "TagSpecification.1.ResourceType": "instance", "TagSpecification.1.Tag.1.Key": "Image",
                    "TagSpecification.1.Tag.1.Value": name,
                ]
                creation.data = data
                if index == 0 {
                    _ = try actions.createLaunchTemplate(creation)
                } else {
                    _ = try actions.createVersion(of: .name("web"), from: nil, description: nil, data: data)
                }
            }
            template = try #require(try actions.launchTemplates().first)
            var group = GroupCreation(
                name: "web", template: version("1"), size: AutoScalingGroup.Size(least: 1, most: 10, desired: size))
            group.zones = ["us-east-1a", "us-east-1b"]
            _ = try actions.createGroup(group)
        }

        func version(_ number: String) -> GroupTemplate { GroupTemplate(reference: .name("web"), version: number) }

        func group() throws -> AutoScalingGroup { try #require(try actions.autoScalingGroups().first) }

        /// How many instances there are of version 1 and of version 2.
        func counts() throws -> [Int] {
            let group = try group()
            let running = try actions.instances().filter { $0.state == .running }.count
            #expect(group.members.count == running)
            return [1, 2].map { version in group.members.count { $0.version == version } }
        }

        func start(_ change: (inout InstanceRefresh.Preferences) -> Void) throws {
            var preferences = InstanceRefresh.Preferences()
            preferences.warmup = 60
            change(&preferences)
            _ = try actions.startRefresh(of: "web", desired: version("2"), preferences)
        }

        func refresh() throws -> InstanceRefresh { try #require(try actions.instanceRefreshes(of: "web").first) }

        func pass(_ seconds: Int64) { world.clock.advance(TimeSpan(seconds: seconds)) }
    }

    private static func with(size: Int = 4, _ body: @escaping @Sendable (Fleet) throws -> Void) throws {
        for plane in PlaneUnderTest.forPipelines { try plane.withAccounts { try body(try Fleet($0, size: size)) } }
    }

    @Test("a group has as many instances as it wants, over its zones, and replaces those that go")
    func group() throws {
        try Self.with { fleet in
            let members = try fleet.group().members
            #expect(members.map(\.zone).sorted() == ["us-east-1a", "us-east-1a", "us-east-1b", "us-east-1b"])
            _ = try fleet.actions.change([members[0].instance], .terminate)
            #expect(try fleet.counts() == [4, 0])
            #expect(try !fleet.group().members.contains { $0.instance == members[0].instance })
            try fleet.actions.setMemberHealth(members[1].instance, isHealthy: false)
            #expect(try !fleet.group().members.contains { $0.instance == members[1].instance })
            _ = try fleet.actions.terminateMember(members[2].instance, shrinks: true)
            #expect(try fleet.counts() == [3, 0])
            var change = GroupChange()
            change.desired = 1
            try fleet.actions.updateGroup("web", change)
            #expect(try fleet.counts() == [1, 0])
            #expect(
                refusal { _ = try fleet.actions.terminateMember(try fleet.group().members[0].instance, shrinks: true) }?.code
                    == .validationError)
            #expect(refusal { try fleet.actions.deleteGroup("web", isForced: false) }?.code == .resourceInUse)
            try fleet.actions.deleteGroup("web", isForced: true)
            #expect(try fleet.actions.instances().allSatisfy { $0.state == .terminated })
        }
    }

    @Test("a refresh keeps the healthy share, waits for warmup, and the group has the new template afterwards")
    func rolling() throws {
        try Self.with { fleet in
            try fleet.start { $0.health = HealthRange(least: 50, most: 100) }
            #expect(try fleet.counts() == [2, 2])
            #expect(try fleet.refresh().percent == 0)
            fleet.pass(59)
            #expect(try fleet.counts() == [2, 2])
            fleet.pass(1)
            #expect(try fleet.counts() == [0, 4])
            #expect(try fleet.refresh().status == .inProgress)
            fleet.pass(60)
            #expect(try fleet.refresh().status == .successful)
            #expect(try fleet.refresh().percent == 100)
            #expect(try fleet.group().template.version == "2")
            #expect(try fleet.actions.instances().filter { $0.state == .running }.allSatisfy { $0.tags["Image"] == "two" })
        }
    }

    @Test("with more than the whole allowed, new instances come before old ones go")
    func surplus() throws {
        try Self.with { fleet in
            try fleet.start { $0.health = HealthRange(least: 100, most: 150) }
            #expect(try fleet.counts() == [4, 2])
            fleet.pass(60)
            #expect(try fleet.counts() == [2, 4])
            fleet.pass(60)
            #expect(try fleet.counts() == [0, 4])
            #expect(try fleet.refresh().status == .successful)
        }
    }

    @Test("a small group is replaced one by one, whatever share is to stay")
    func oneByOne() throws {
        try Self.with(size: 2) { fleet in
            try fleet.start { $0.health = HealthRange(least: 90, most: 100) }
            #expect(try fleet.counts() == [1, 1])
            fleet.pass(60)
            #expect(try fleet.counts() == [0, 2])
        }
    }

    @Test("it stands at checkpoints, and bakes at its end")
    func checkpoints() throws {
        try Self.with { fleet in
            try fleet.start {
                $0.health = HealthRange(least: 0, most: 100)
                $0.checkpoints = [25, 100]
                $0.checkpointDelay = 1000
                $0.bakeTime = 500
            }
            #expect(try fleet.counts() == [3, 1])
            fleet.pass(60)
            #expect(try fleet.counts() == [3, 1])
            #expect(try fleet.refresh().percent == 25)
            fleet.pass(999)
            #expect(try fleet.counts() == [3, 1])
            fleet.pass(1)
            #expect(try fleet.counts() == [0, 4])
            fleet.pass(60)
            #expect(try fleet.refresh().status == .baking)
            fleet.pass(500)
            #expect(try fleet.refresh().status == .successful)
        }
    }

    @Test("an image that cannot be launched is tried for an hour; then the refresh fails, or goes back where it may")
    func rollback() throws {
        for rollsBack in [false, true] {
            try Self.with { fleet in
                try fleet.start {
                    $0.health = HealthRange(least: 50, most: 100)
                    $0.rollsBack = rollsBack
                    $0.checkpoints = [50, 100]
                    $0.checkpointDelay = 0
                }
                #expect(try fleet.counts() == [2, 2])
                let image = try #require(
                    try fleet.actions.describeImages(ImageQuery()).first { $0.image.name.description == "two" })
                try fleet.actions.disableImage(image.image.id)
                fleet.pass(60)
                #expect(try fleet.counts() == [1, 2])
                #expect(try fleet.actions.scalingActivities().contains { !$0.isSuccessful })
                fleet.pass(3599)
                #expect(try fleet.refresh().status == .inProgress)
                fleet.pass(1)
                if rollsBack {
                    #expect(try fleet.refresh().status == .rollbackInProgress)
                    for _ in 0..<3 {
                        fleet.pass(60)
                        _ = try fleet.refresh()
                    }
                    #expect(try fleet.counts() == [4, 0])
                    #expect(try fleet.refresh().status == .rollbackSuccessful)
                } else {
                    #expect(try fleet.refresh().status == .failed)
                }
                #expect(try fleet.group().template.version == "1")
            }
        }
    }

    @Test("instances that are protected are waited for, left alone or replaced, and equal ones skipped")
    func protection() throws {
        for choice in InstanceRefresh.Preferences.Protected.allCases {
            try Self.with { fleet in
                try fleet.actions.setMembersProtected([try fleet.group().members[0].instance], in: "web", true)
                try fleet.start {
                    $0.health = HealthRange(least: 0, most: 100)
                    $0.protected = choice
                }
                fleet.pass(60)
                #expect(try fleet.counts() == (choice == .refresh ? [0, 4] : [1, 3]))
                #expect(try fleet.refresh().status == (choice == .wait ? .inProgress : .successful))
            }
        }
        try Self.with { fleet in
            _ = try fleet.actions.startRefresh(
                of: "web", desired: fleet.version("1"),
                {
                    var p = InstanceRefresh.Preferences(); p.skipsMatching = true; return p
                }())
            let before = try fleet.group().members
            #expect(try fleet.refresh().status == .successful)
            #expect(try fleet.group().members == before)
        }
    }

    @Test("one refresh at a time; one is cancelled where it stands, and rolled back by hand only with something to go back from")
    func ends() throws {
        try Self.with { fleet in
            try fleet.start { $0.health = HealthRange(least: 50, most: 100) }
            #expect(refusal { try fleet.start { _ in } }?.code == .instanceRefreshInProgress)
            _ = try fleet.actions.rollBackRefresh(of: "web")
            for _ in 0..<3 {
                fleet.pass(60)
                _ = try fleet.refresh()
            }
            #expect(try fleet.refresh().status == .rollbackSuccessful)
            #expect(try fleet.counts() == [4, 0])
            #expect(refusal { _ = try fleet.actions.cancelRefresh(of: "web") }?.code == .activeInstanceRefreshNotFound)
            try fleet.start { $0.health = HealthRange(least: 50, most: 100) }
            _ = try fleet.actions.cancelRefresh(of: "web")
            fleet.pass(600)
            #expect(try fleet.counts() == [2, 2])
            #expect(try fleet.refresh().status == .cancelled)
            var slow = InstanceRefresh.Preferences()
            slow.warmup = 60
            _ = try fleet.actions.startRefresh(of: "web", desired: nil, slow)
            #expect(refusal { _ = try fleet.actions.rollBackRefresh(of: "web") }?.code == .irreversibleInstanceRefresh)
        }
    }
}
