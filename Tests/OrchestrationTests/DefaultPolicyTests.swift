import Cloud
import Model
import Orchestration
import Platform
import TestSupport
import Testing

/// Default policies, and what becomes of snapshots of custom ones besides copies: sharing and the archive.
@Suite struct DefaultPolicyTests {
    private static let role = "arn:aws:iam::000000000000:role/service-role/AWSDataLifecycleManagerDefaultRole"

    private func policy(
        _ actions: any RegionActions, _ change: (inout PolicyDetails) throws -> Void = { _ in }
    ) throws -> LifecyclePolicyID {
        var details = PolicyDetails()
        details.language = PolicyDetails.simplified
        details.resourceType = .volume
        try change(&details)
        return try actions.createLifecyclePolicy(PolicyCreation(roleARN: Self.role, description: "default", details: details))
    }

    private func volume(_ actions: any RegionActions, _ tags: [(String, String)] = [], type: VolumeType = .gp3) throws -> VolumeID
    {
        try actions.createVolume(
            VolumeCreation(zone: "us-east-1a", size: 1, type: type, tags: TagSet(tags.map { try Tag(key: $0.0, value: $0.1) }))
        ).id
    }

    /// One look at noon of that day of May.
    @discardableResult
    private func noon(_ day: Int, _ fixture: Fixture, _ workspace: Workspace) throws -> [Scheduler.Run] {
        fixture.test.now = try Instant(parsing: "2026-05-\(day < 10 ? "0" : "")\(day)T12:00:00Z")
        return try fixture.scheduler(workspace).tick().runs.filter { $0.kind.hasPrefix("create") }
    }

    private func made(_ actions: any RegionActions) throws -> [VolumeID?: [Int]] {
        try actions.describeSnapshots(SnapshotQuery()).reduce(into: [:]) { $0[$1.volume, default: []].append($1.started.utc.day) }
    }

    @Test("every volume without a recent backup gets a snapshot, of whoever made the last one, and each stays for its days")
    func volumes() throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace()
            let own = try workspace.policyActions()
            fixture.test.now = try Instant(parsing: "2026-05-01T12:00:00Z")
            let (one, two) = (try volume(own, [("Team", "data")]), try volume(own))
            _ = try policy(own) {
                $0.createInterval = 2
                $0.retainInterval = 3
                $0.copiesTags = true
                $0.copyTargets = [PolicyDetails.CopyTarget(region: "us-west-2")]
            }
            #expect(try noon(2, fixture, workspace).isEmpty && made(own).isEmpty)
            _ = try own.createSnapshot(of: two, description: "by hand", tags: TagSet())
            #expect(try noon(3, fixture, workspace).first?.failure == nil)
            #expect(try made(own) == [one: [3], two: [2]])
            let first = try #require(try own.describeSnapshots(SnapshotQuery()).first { $0.volume == one })
            #expect(first.tags["Team"] == "data" && first.tags["aws:dlm:lifecycle-schedule-name"] == "Default Schedule")
            #expect(
                try workspace.policyActions("us-west-2").describeSnapshots(SnapshotQuery()).map { $0.tags["Team"] } == ["data"])
            for day in 4...9 { try noon(day, fixture, workspace) }
            // What somebody made by hand is nobody's to delete.
            #expect(try made(own) == [one: [7, 9], two: [2, 7, 9]])
            #expect(
                try workspace.policyActions("us-west-2").describeSnapshots(SnapshotQuery()).map(\.started.utc.day).sorted() == [
                    7, 7, 9, 9,
                ])
            try expectOrder(workspace)
        }
    }

    @Test("what is excluded is left out: boot volumes, types and tags")
    func exclusions() throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace()
            let own = try workspace.policyActions()
            fixture.test.now = try Instant(parsing: "2026-05-01T12:00:00Z")
            try fixture.recipe(Fixture.three)
            try fixture.pipeline()
            var launch = InstanceLaunch(
                image: try fixture.build(in: workspace).sealed.image.id, type: "t3.micro", least: 1, most: 1)
            launch.tags = try TagSet([Tag(key: "Backup", value: "no")])
            let instance = try #require(try own.runInstances(launch).first)
            let root = try #require(instance.volumes.first)
            let (kept, typed, tagged) = (
                try volume(own), try volume(own, type: .standard), try volume(own, [("Backup", "no")])
            )
            func backedUp(_ exclusions: PolicyDetails.Exclusions) throws -> Set<VolumeID?> {
                let id = try policy(own) { $0.exclusions = exclusions }
                fixture.test.advance(.days(1))
                _ = try fixture.scheduler(workspace).tick()
                try own.deleteLifecyclePolicy(id)
                let found = Set(try own.describeSnapshots(SnapshotQuery()).filter { $0.volume != nil }.map(\.volume))
                for snapshot in try own.describeSnapshots(SnapshotQuery()) where snapshot.volume != nil {
                    try own.deleteSnapshot(snapshot.id)
                }
                return found
            }
            let no = try Tag(key: "Backup", value: "no")
            #expect(try backedUp(PolicyDetails.Exclusions()) == [root.id, kept, typed, tagged])
            #expect(try backedUp(PolicyDetails.Exclusions(bootVolumes: true)) == [kept, typed, tagged])
            #expect(try backedUp(PolicyDetails.Exclusions(volumeTypes: ["standard"])) == [root.id, kept, tagged])
            #expect(try !backedUp(PolicyDetails.Exclusions(tags: [no])).contains(tagged))
            let images = try policy(own) {
                $0.resourceType = .instance
                $0.exclusions = PolicyDetails.Exclusions(tags: [no])
            }
            fixture.test.advance(.days(1))
            _ = try fixture.scheduler(workspace).tick()
            #expect(try own.describeImages(ImageQuery(owners: [.own])).filter { $0.image.sourceInstance != nil }.isEmpty)
            try own.updateLifecyclePolicy(images, change { $0.exclusions = PolicyDetails.Exclusions() })
            fixture.test.advance(.days(1))
            _ = try fixture.scheduler(workspace).tick()
            let image = try #require(try own.describeImages(ImageQuery(owners: [.own])).first { $0.image.sourceInstance != nil })
            #expect(image.image.sourceInstance == instance.id)
        }
    }

    private func change(_ body: (inout PolicyDetails) -> Void) -> PolicyChange {
        var details = PolicyDetails()
        body(&details)
        return PolicyChange(details: details)
    }

    @Test(
        "the last backup of what is gone stays, unless deletion is extended; then it goes too, also after the policy",
        arguments: [false, true])
    func extended(isExtended: Bool) throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace()
            let own = try workspace.policyActions()
            fixture.test.now = try Instant(parsing: "2026-05-01T11:00:00Z")
            let (gone, kept) = (try volume(own), try volume(own))
            let id = try policy(own) {
                $0.retainInterval = 2
                $0.extendDeletion = isExtended
            }
            for day in 2...4 { try noon(day, fixture, workspace) }
            #expect(try made(own) == [gone: [3, 4], kept: [3, 4]])
            try own.deleteVolume(gone)
            for day in 5...7 { try noon(day, fixture, workspace) }
            #expect(try made(own) == (isExtended ? [kept: [6, 7]] : [gone: [4], kept: [6, 7]]))
            try own.updateLifecyclePolicy(id, PolicyChange(isEnabled: false))
            for day in 8...11 { try noon(day, fixture, workspace) }
            #expect(try made(own) == (isExtended ? [:] : [gone: [4], kept: [6, 7]]))
            // Once more, with a policy that is deleted.
            try own.updateLifecyclePolicy(id, PolicyChange(isEnabled: true))
            for day in 12...13 { try noon(day, fixture, workspace) }
            try own.deleteLifecyclePolicy(id)
            failure(.notFound) { _ = try own.lifecyclePolicy(id) }
            #expect(try own.lifecyclePolicies().isEmpty)
            let region = try fixture.region(of: workspace)
            #expect(try region.allLifecyclePolicies().count == (isExtended ? 1 : 0))
            let before = try made(own)[kept]
            for day in 14...17 { try noon(day, fixture, workspace) }
            #expect(try isExtended ? made(own).isEmpty : made(own)[kept] == before)
            #expect(try region.allLifecyclePolicies().isEmpty, "it is forgotten when nothing is left")
        }
    }

    @Test("there is one default policy of a kind in a region, and it stays one")
    func one() throws {
        try Fixture.with { fixture in
            let own = try fixture.workspace().policyActions()
            let id = try policy(own)
            #expect(failure(.exhausted) { _ = try policy(own) }?.planeError?.code == .limitExceededException)
            _ = try policy(own) { $0.resourceType = .instance }
            for body: (inout PolicyDetails) -> Void in [
                { $0.resourceType = .instance }, { $0.language = "STANDARD" }, { $0.targetTags = [] }, { $0.createInterval = 8 },
                { $0.retainInterval = 1 }, { $0.copyTargets = [PolicyDetails.CopyTarget(region: "us-east-1")] },
                { $0.exclusions = PolicyDetails.Exclusions(volumeTypes: ["floppy"]) },
            ] {
                let error = #expect(throws: Failure.self) { try own.updateLifecyclePolicy(id, change(body)) }
                #expect(error?.planeError?.code == .invalidRequestException)
            }
            #expect(try own.lifecyclePolicy(id).details.retainInterval == 7)
        }
    }

    // MARK: Sharing and the archive

    private func custom(
        _ actions: any RegionActions, cron: String, _ change: (inout PolicySchedule) -> Void
    ) throws -> LifecyclePolicyID {
        var schedule = PolicySchedule()
        schedule.creation = PolicySchedule.Creation()
        schedule.creation?.cron = cron
        change(&schedule)
        var details = PolicyDetails()
        details.resourceTypes = [.volume]
        details.targetTags = [try Tag(key: "Backup", value: "yes")]
        details.schedules = [schedule]
        return try actions.createLifecyclePolicy(PolicyCreation(roleARN: Self.role, description: "custom", details: details))
    }

    @Test("snapshots are shared with the accounts of the rule, and no more after its interval")
    func shared() throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace()
            let own = try workspace.policyActions()
            fixture.test.now = try Instant(parsing: "2026-05-01T11:00:00Z")
            _ = try volume(own, [("Backup", "yes")])
            _ = try custom(own, cron: "cron(0 12 * * ? *)") {
                $0.retention = PolicySchedule.Retention(count: 5)
                $0.shares = [PolicySchedule.Share(accounts: ["222222222222", "333333333333"], interval: 2, unit: .days)]
            }
            for day in 1...4 { #expect(try noon(day, fixture, workspace).first?.failure == nil) }
            let snapshots = try own.describeSnapshots(SnapshotQuery()).sorted { $0.started < $1.started }
            #expect(snapshots.map(\.permissions.count) == [0, 0, 2, 2])
        }
    }

    @Test(
        "what would be deleted is archived instead, and deleted from the archive after its number or age",
        arguments: [true, false])
    func archived(byCount: Bool) throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace()
            let own = try workspace.policyActions()
            fixture.test.now = try Instant(parsing: "2026-01-01T00:00:00Z")
            _ = try volume(own, [("Backup", "yes")])
            _ = try custom(own, cron: "cron(0 12 1 * ? *)") {
                $0.retention = byCount ? PolicySchedule.Retention(count: 1) : PolicySchedule.Retention(interval: 0, unit: .days)
                $0.archive = PolicySchedule.Archive(
                    byCount ? PolicySchedule.Retention(count: 4) : PolicySchedule.Retention(interval: 4, unit: .months))
            }
            var tiers: [String] = []
            for month in 1...9 {
                fixture.test.now = try Instant(parsing: "2026-0\(month)-01T12:00:00Z")
                _ = try fixture.scheduler(workspace).tick()
                let all = try own.describeSnapshots(SnapshotQuery()).sorted { $0.started < $1.started }
                tiers.append(all.map { ($0.tier == .archive ? "a" : "s") + String($0.started.utc.month) }.joined(separator: " "))
            }
            #expect(tiers[0] == (byCount ? "s1" : "a1") && tiers[1] == (byCount ? "a1 s2" : "a1 a2"))
            #expect(tiers[8] == (byCount ? "a5 a6 a7 a8 s9" : "a6 a7 a8 a9"), "\(tiers)")
        }
    }
}

extension Workspace {
    /// The actions of the account in a region, in which a role for policies is there.
    func policyActions(_ region: String = "us-east-1") throws -> any RegionActions {
        let account = plane.settings.account
        // Where IAM's things are.
        let identities = try plane.actions(in: RegionName(parsing: "us-east-1"), as: account)
        if try identities.roles().isEmpty {
            var role = RoleCreation(
                name: "AWSDataLifecycleManagerDefaultRole",
                trust:
                    #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"dlm.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#
            )
            role.path = "/service-role/"
            _ = try identities.createRole(role)
        }
        return try plane.actions(in: RegionName(parsing: region), as: account)
    }
}
