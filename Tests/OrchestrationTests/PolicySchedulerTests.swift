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

/// Lifecycle policies as the scheduler carries them out.
@Suite struct PolicySchedulerTests {
    private static let role = "arn:aws:iam::000000000000:role/service-role/AWSDataLifecycleManagerDefaultRole"

    private func actions(_ workspace: Workspace, _ region: String = "us-east-1") throws -> any RegionActions {
        try workspace.policyActions(region)
    }

    private func daily(_ retention: PolicySchedule.Retention) -> PolicySchedule {
        var schedule = PolicySchedule()
        schedule.name = "Daily"
        var creation = PolicySchedule.Creation()
        creation.interval = 24
        creation.intervalUnit = "HOURS"
        creation.times = ["03:00"]
        schedule.creation = creation
        schedule.retention = retention
        return schedule
    }

    /// Makes a policy at midnight, on what has the tag `Backup`.
    private func policy(
        _ schedules: [PolicySchedule], type: PolicyDetails.PolicyType = .snapshots,
        of resource: PolicyDetails.ResourceType = .volume, _ actions: any RegionActions,
        _ change: (inout PolicyDetails) -> Void = { _ in }
    ) throws -> LifecyclePolicyID {
        var details = PolicyDetails()
        details.type = type
        details.resourceTypes = [resource]
        details.targetTags = [try Tag(key: "Backup", value: "yes")]
        details.schedules = schedules
        change(&details)
        return try actions.createLifecyclePolicy(
            PolicyCreation(roleARN: Self.role, description: "nightly", details: details))
    }

    private func volume(_ actions: any RegionActions, tags: [(String, String)] = [("Backup", "yes"), ("Team", "data")]) throws
        -> VolumeID
    {
        try actions.createVolume(
            VolumeCreation(
                zone: "us-east-1a", size: 1, tags: TagSet(tags.map { try Tag(key: $0.0, value: $0.1) }))
        ).id
    }

    /// A running instance with a data volume.
    private func instance(_ fixture: Fixture, _ workspace: Workspace) throws -> (id: InstanceID, data: VolumeID) {
        try fixture.recipe(Fixture.three)
        try fixture.pipeline()
        let image = try fixture.build(in: workspace).sealed.image.id
        let actions = try actions(workspace)
        var launch = InstanceLaunch(image: image, type: "t3.micro", least: 1, most: 1)
        launch.tags = try TagSet([Tag(key: "Backup", value: "yes"), Tag(key: "Name", value: "web")])
        launch.zone = "us-east-1a"
        let id = try #require(try actions.runInstances(launch).first).id
        let data = try volume(actions, tags: [("Kind", "scratch")])
        _ = try actions.attachVolume(data, to: id, device: "/dev/sdf")
        return (id, data)
    }

    private func start(_ text: String, _ fixture: Fixture) throws { fixture.test.now = try Instant(parsing: text) }

    /// One look at three in the morning of that day of May.
    private func night(_ day: Int, _ fixture: Fixture, _ workspace: Workspace) throws -> [Scheduler.Run] {
        fixture.test.now = try Instant(parsing: "2026-05-\(day < 10 ? "0" : "")\(day)T03:00:05Z")
        return try fixture.scheduler(workspace).tick().runs.filter { $0.kind.hasPrefix("create") }
    }

    @Test("a volume's snapshots are made when due, carry AWS's tags, and the oldest goes once there are more than the count")
    func snapshots() throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace()
            let own = try actions(workspace)
            try start("2026-05-01", fixture)
            let target = try volume(own)
            let other = try volume(own, tags: [("Backup", "no")])
            var schedule = daily(PolicySchedule.Retention(count: 2))
            schedule.copiesTags = true
            schedule.tagsToAdd = [try Tag(key: "Tier", value: "gold")]
            let id = try policy([schedule], own)
            #expect(try fixture.scheduler(workspace).tick().runs.isEmpty)
            for day in 1...4 {
                let runs = try night(day, fixture, workspace)
                #expect(runs.map(\.subject) == [id.description] && runs.map(\.kind) == ["create Daily"])
                #expect(runs.first?.outcome.hasPrefix("made snap-") == true, "\(runs)")
                #expect(try fixture.scheduler(workspace).tick().runs.isEmpty)
            }
            let kept = try own.describeSnapshots(SnapshotQuery())
            #expect(kept.map(\.started.description) == ["2026-05-03T03:00:05Z", "2026-05-04T03:00:05Z"])
            #expect(kept.allSatisfy { $0.volume == target && $0.volume != other })
            let tags = try #require(kept.last?.tags)
            #expect(tags["aws:dlm:lifecycle-policy-id"] == id.description && tags["aws:dlm:lifecycle-schedule-name"] == "Daily")
            #expect(tags["dlm:managed"] == "true" && tags["Team"] == "data" && tags["Tier"] == "gold")
            #expect(kept.last?.description == "Created for policy: \(id) schedule: Daily")
            // Snapshots that somebody made by hand are nobody's but his.
            let manual = try own.createSnapshot(of: target, description: "by hand", tags: TagSet())
            _ = try night(5, fixture, workspace)
            #expect(try own.describeSnapshots(SnapshotQuery()).contains { $0.id == manual.id })
            try expectOrder(workspace)
        }
    }

    @Test("what is over by its age goes once a day, the newest of a volume never, and what a lock keeps stays")
    func ages() throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace()
            let own = try actions(workspace)
            try start("2026-05-01", fixture)
            let target = try volume(own)
            _ = try policy([daily(PolicySchedule.Retention(interval: 2, unit: .days))], own)
            _ = try night(1, fixture, workspace)
            let first = try #require(try own.describeSnapshots(SnapshotQuery()).first)
            _ = try own.lockSnapshot(first.id, mode: .governance, coolOff: nil, until: fixture.test.now + .days(30))
            for day in 2...5 { _ = try night(day, fixture, workspace) }
            func days() throws -> [Int] {
                try own.describeSnapshots(SnapshotQuery()).map { $0.started.utc.day }
            }
            #expect(try days() == [1, 4, 5])
            // No target any more: nothing new is made, and what is over still goes.
            try own.deleteTags([], from: [.volume(target)])
            try start("2026-05-20T00:00:05Z", fixture)
            let runs = try fixture.scheduler(workspace).tick().runs
            #expect(runs.contains { $0.kind == "retain" || $0.outcome.hasPrefix("deleted") }, "\(runs)")
            #expect(try days() == [1, 5])
        }
    }

    @Test("an instance's volumes are taken together, without those that are left out, and variable tags have their values")
    func instances() throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace()
            try start("2026-05-01", fixture)
            let (id, data) = try instance(fixture, workspace)
            let own = try actions(workspace)
            var schedule = daily(PolicySchedule.Retention(count: 1))
            schedule.variableTags = [
                try Tag(key: "Of", value: "$(instance-id)"), try Tag(key: "At", value: "$(timestamp)"),
            ]
            let all = try policy([schedule], of: .instance, own)
            _ = try night(1, fixture, workspace)
            func made(_ policy: LifecyclePolicyID) throws -> [SnapshotRecord] {
                try own.describeSnapshots(
                    SnapshotQuery(filters: [ResourceFilter("tag:aws:dlm:lifecycle-policy-id", [policy.description])]))
            }
            #expect(try made(all).count == 2 && made(all).contains { $0.volume == data })
            #expect(try made(all).allSatisfy { $0.tags["Of"] == id.description && $0.tags["At"] == "2026-05-01T03:00:05.000Z" })
            try own.deleteLifecyclePolicy(all)
            #expect(try made(all).count == 2, "what a policy made stays when it goes")
            let dataOnly = try policy([schedule], of: .instance, own) {
                $0.parameters = PolicyDetails.Parameters(excludesBootVolume: true)
            }
            let rootOnly = try policy([schedule], of: .instance, own) {
                $0.parameters = PolicyDetails.Parameters(
                    excludedDataVolumeTags: (try? Tag(key: "Kind", value: "scratch")).map { [$0] })
            }
            _ = try night(2, fixture, workspace)
            #expect(try made(dataOnly).map(\.volume) == [data])
            #expect(try made(rootOnly).count == 1 && made(rootOnly).first?.volume != data)
            _ = try own.change([id], .terminate)
            _ = try night(3, fixture, workspace)
            #expect(try made(dataOnly).count == 1, "a terminated instance is no target, and its snapshot is managed no more")
        }
    }

    @Test("images are made of instances, copied, deprecated and deregistered with their snapshots; a protected one stays")
    func images() throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace()
            try start("2026-05-01", fixture)
            let (id, _) = try instance(fixture, workspace)
            let own = try actions(workspace)
            let west = try actions(workspace, "us-west-2")
            var schedule = daily(PolicySchedule.Retention(count: 3))
            schedule.copiesTags = true
            schedule.deprecation = PolicySchedule.Retention(count: 1)
            var copy = PolicySchedule.RegionCopy(targetRegion: "us-west-2", isEncrypted: true)
            copy.copiesTags = true
            copy.retention = PolicySchedule.Retention(interval: 1, unit: .days)
            copy.deprecation = PolicySchedule.Retention(interval: 1, unit: .days)
            schedule.copies = [copy]
            let policy = try policy([schedule], type: .images, of: .instance, own)
            let query = ImageQuery(
                filters: [ResourceFilter("tag:aws:dlm:lifecycle-policy-id", [policy.description])], includesDeprecated: true,
                includesDisabled: true)
            for day in 1...2 { #expect(try night(day, fixture, workspace).first?.failure == nil) }
            let first = try #require(try own.describeImages(query).first?.image)
            #expect(first.sourceInstance == id && first.tags["Name"] == "web" && first.chosenDeprecation != nil)
            #expect(first.name.description == "\(policy)_\(id)_2026-05-01T03-00-00.000Z")
            _ = try own.enableDeregistrationProtection(of: first.id, withCooldown: false)
            // Tags of services stay where the service put them.
            let manual = try own.copyImage(
                ImageCopying(name: "by hand", sourceRegion: first.region, source: first.id, copiesTags: true))
            let tags = try own.imageAttributes(manual).tags
            #expect(tags["Name"] == "web" && tags["dlm:managed"] == "true" && !tags.contains { $0.isReserved })
            for day in 3...5 { _ = try night(day, fixture, workspace) }
            let images = try own.describeImages(query).map(\.image)
            #expect(images.map { $0.created.utc.day } == [1, 3, 4, 5])
            #expect(images.map { $0.chosenDeprecation == nil } == [false, false, false, true])
            let snapshots = try own.describeSnapshots(
                SnapshotQuery(filters: [ResourceFilter("tag:aws:dlm:lifecycle-policy-id", [policy.description])]))
            #expect(
                snapshots.count == images.reduce(0) { $0 + $1.volumes.compactMap(\.snapshot).count },
                "the snapshots go with their images")
            let copies = try west.describeImages(query).map(\.image)
            #expect(copies.map { $0.created.utc.day } == [5] && copies.allSatisfy { $0.key != nil && $0.tags["Name"] == "web" })
            #expect(copies.first?.chosenDeprecation?.description == "2026-05-06T03:00:00Z")
            try expectOrder(workspace)
        }
    }

    @Test("two schedulers carry out no due time twice, also when both look at once")
    func twoSchedulers() throws {
        try Fixture.with { fixture in
            let one = try fixture.workspace()
            let two = try fixture.workspace()
            let own = try actions(one)
            try start("2026-05-01", fixture)
            for _ in 0..<3 { _ = try volume(own) }
            _ = try policy([daily(PolicySchedule.Retention(count: 100))], own)
            let runs = Shared<[Instant]>([])
            for day in 1...6 {
                fixture.test.now = try Instant(parsing: "2026-05-0\(day)T03:00:00Z")
                let look: @Sendable (Workspace) throws -> Void = { workspace in
                    runs.add(try fixture.scheduler(workspace).tick().runs.filter { $0.kind == "create Daily" }.map(\.scheduled))
                }
                try together({ try look(one) }, { try look(two) })
            }
            #expect(runs.value.count == 6 && Set(runs.value).count == 6)
            #expect(try own.describeSnapshots(SnapshotQuery()).count == 18)
        }
    }

    @Test("a run whose scheduler died is finished by the next, which makes and copies only what is missing")
    func takenOver() throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace(holder: Fixture.killed)
            let own = try actions(workspace)
            try start("2026-05-01", fixture)
            for _ in 0..<3 { _ = try volume(own) }
            var schedule = daily(PolicySchedule.Retention(count: 5))
            schedule.copies = [PolicySchedule.RegionCopy(targetRegion: "us-west-2", isEncrypted: false)]
            _ = try policy([schedule], own)
            try start("2026-05-01T03:00:00Z", fixture)
            let cancellation = fixture.test.cancellation
            fixture.test.plan(.call { cancellation.cancel() }, at: "policy-made", time: 2)
            #expect(try fixture.scheduler(workspace).tick().runs.first?.failure?.code == .cancelled)
            #expect(try own.describeSnapshots(SnapshotQuery()).count == 2)
            let next = Fixture(folder: fixture.folder, test: TestEnvironment(seed: 2, at: fixture.test.now + .hours(1)))
            let survivor = try next.workspace(holder: Fixture.survivor)
            let runs = try next.scheduler(survivor).tick().runs
            #expect(runs.map(\.scheduled.description) == ["2026-05-01T03:00:00Z"] && runs[0].failure == nil, "\(runs)")
            let made = try own.describeSnapshots(SnapshotQuery())
            #expect(made.count == 3 && Set(made.map(\.volume)).count == 3)
            #expect(try actions(survivor, "us-west-2").describeSnapshots(SnapshotQuery()).count == 3)
            #expect(try next.scheduler(survivor).tick().runs.isEmpty)
            try expectOrder(survivor)
        }
    }

    @Test("a failed run puts the policy into the state ERROR with its reason, deletes nothing, and the next success mends it")
    func errors() throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace()
            let own = try actions(workspace)
            try start("2026-05-01", fixture)
            _ = try volume(own)
            let id = try policy([daily(PolicySchedule.Retention(count: 1))], own)
            _ = try night(1, fixture, workspace)
            fixture.test.plan(.fail, at: "policy-made")
            let run = try #require(try night(2, fixture, workspace).first)
            #expect(run.failure?.code == .io && run.outcome.contains("failed: "))
            #expect(try own.lifecyclePolicy(id).state == .error)
            #expect(try own.lifecyclePolicy(id).statusMessage == run.failure?.message)
            #expect(try own.describeSnapshots(SnapshotQuery()).count == 2, "nothing goes before what is new is there")
            #expect(try night(3, fixture, workspace).first?.failure == nil)
            #expect(try own.lifecyclePolicy(id).state == .enabled && own.lifecyclePolicy(id).statusMessage == nil)
            #expect(try own.describeSnapshots(SnapshotQuery()).count == 1)
        }
    }

    @Test("a policy whose role is gone makes nothing and says so, and goes on when there is one of the name again")
    func missingRole() throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace()
            let own = try actions(workspace)
            try start("2026-05-01", fixture)
            _ = try volume(own)
            let id = try policy([daily(PolicySchedule.Retention(count: 1))], own)
            try own.deleteRole("AWSDataLifecycleManagerDefaultRole")
            #expect(try night(1, fixture, workspace).first?.failure?.planeError?.code == .invalidRequestException)
            #expect(try own.lifecyclePolicy(id).statusMessage?.contains("does not exist") == true)
            #expect(try own.describeSnapshots(SnapshotQuery()).isEmpty)
            _ = try actions(workspace)
            #expect(try night(2, fixture, workspace).first?.failure == nil)
        }
    }

    @Test(
        "a disabled policy does nothing, and enabled again it makes up for nothing; a night without a scheduler is made up for once"
    )
    func disabled() throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace()
            let own = try actions(workspace)
            try start("2026-05-01", fixture)
            _ = try volume(own)
            let id = try policy([daily(PolicySchedule.Retention(count: 50))], own)
            try own.updateLifecyclePolicy(id, PolicyChange(isEnabled: false))
            #expect(try night(2, fixture, workspace).isEmpty)
            try start("2026-05-03T12:00:00Z", fixture)
            try own.updateLifecyclePolicy(id, PolicyChange(isEnabled: true))
            #expect(try fixture.scheduler(workspace).tick().runs.isEmpty)
            try start("2026-05-08T12:00:00Z", fixture)
            let runs = try fixture.scheduler(workspace).tick().runs.filter { $0.kind == "create Daily" }
            #expect(runs.map(\.scheduled.description) == ["2026-05-08T03:00:00Z"])
            #expect(try own.describeSnapshots(SnapshotQuery()).count == 1)
        }
    }

    @Test("schedules that are due together make one snapshot, which the longest of them keeps")
    func merged() throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace()
            let own = try actions(workspace)
            try start("2026-05-01", fixture)
            _ = try volume(own)
            var weekly = daily(PolicySchedule.Retention(count: 10))
            weekly.name = "Weekly"
            var creation = PolicySchedule.Creation()
            creation.cron = "cron(0 3 ? * SUN *)"
            weekly.creation = creation
            _ = try policy([daily(PolicySchedule.Retention(count: 1)), weekly], own)
            // The third and the tenth are Sundays.
            for day in 2...10 { _ = try night(day, fixture, workspace) }
            let kept = try own.describeSnapshots(SnapshotQuery())
            #expect(kept.map { $0.started.utc.day } == [3, 9, 10])
            #expect(kept.map { $0.tags["aws:dlm:lifecycle-schedule-name"] } == ["Weekly", "Daily", "Weekly"])
        }
    }

    @Test("a region whose runs cannot be read is told, and does not keep the policies of the others")
    func failingRegion() throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace()
            let (west, east) = (try actions(workspace, "us-west-2"), try actions(workspace, "us-east-1"))
            try start("2026-05-01", fixture)
            for (own, zone) in [(west, "us-west-2a"), (east, "us-east-1a")] {
                _ = try own.createVolume(
                    VolumeCreation(zone: zone, size: 1, tags: TagSet([Tag(key: "Backup", value: "yes")])))
                _ = try policy([daily(PolicySchedule.Retention(count: 1))], own)
            }
            // The region before the other in any order is damaged, then the other.
            for (whole, name) in [(west, "us-east-1"), (east, "us-west-2")] {
                let file = "\(fixture.home)/regions/\(name)/catalog.db"
                func rename(_ from: String, _ to: String) throws {
                    let statement = "ALTER TABLE \(from) RENAME TO \(to)"
                    _ = try Python.run("import sqlite3; c = sqlite3.connect('\(file)'); c.execute('\(statement)'); c.commit()")
                }
                try rename("lifecycle_runs", "gone")
                fixture.test.advance(.days(1))
                let tick = try fixture.scheduler(workspace).tick()
                #expect(tick.runs.filter { $0.kind == "create Daily" && $0.failure == nil }.count == 1, "\(tick)")
                #expect(tick.problems.map(\.document) == ["the region \(name)"], "\(tick)")
                #expect(try whole.describeSnapshots(SnapshotQuery()).count == 1)
                try rename("gone", "lifecycle_runs")
                fixture.test.advance(.days(1))
                #expect(try fixture.scheduler(workspace).tick().problems.isEmpty)
            }
        }
    }
}
