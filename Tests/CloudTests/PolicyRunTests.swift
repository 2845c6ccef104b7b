import Cloud
import Model
import Platform
import TestSupport
import Testing

/// Due times of lifecycle policies in a region's catalogue, and the tags that only services set.
@Suite struct PolicyRunTests {
    private func policy(_ actions: any RegionActions) throws -> LifecyclePolicyID {
        var schedule = PolicySchedule()
        var creation = PolicySchedule.Creation()
        creation.cron = "cron(0 3 * * ? *)"
        schedule.creation = creation
        schedule.retention = PolicySchedule.Retention(count: 3)
        var details = PolicyDetails()
        details.resourceTypes = [.volume]
        details.targetTags = [try Tag(key: "Backup", value: "yes")]
        details.schedules = [schedule]
        if try actions.roles().isEmpty {
            _ = try actions.createRole(
                RoleCreation(
                    name: "r",
                    trust:
                        #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"dlm.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#
                ))
        }
        return try actions.createLifecyclePolicy(
            PolicyCreation(roleARN: "arn:aws:iam::111111111111:role/r", description: "nightly", details: details))
    }

    private func actions(_ world: PlaneWorld, _ region: String = "us-east-1") throws -> any RegionActions {
        try world.plane.actions(in: name(region), as: PlaneWorld.id("owner"))
    }

    private func record(_ id: LifecyclePolicyID, _ due: Instant, by claimant: String = "one") -> PolicyRunRecord {
        PolicyRunRecord(policy: id, kind: .create, scheduled: due, schedules: ["Daily"], claimed: due, claimant: claimant)
    }

    @Test("a due time is claimed once, taken over from the dead once, and its end decides the policy's state")
    func claims() throws {
        try PlaneUnderTest.embedded.withAccounts { world in
            let actions = try self.actions(world)
            let region = try world.region()
            let id = try policy(actions)
            let due = world.clock.now
            let made = try actions.lifecyclePolicy(id)
            #expect(try region.claim(record(id, due), of: made) && !region.claim(record(id, due, by: "two"), of: made))
            #expect(try region.lastPolicyRun(id, .create) == due && region.lastPolicyRun(id, .retain) == nil)
            let open = try #require(try region.unfinishedPolicyRuns().first)
            #expect(try region.takeOver(open, by: "two", at: due) && !region.takeOver(open, by: "three", at: due))
            // The first one lives after all: its end counts no more.
            try region.finish(open, outcome: "made nothing", failure: "it broke", at: due)
            #expect(try actions.lifecyclePolicy(id).state == .enabled && region.unfinishedPolicyRuns().count == 1)
            try region.finish(record(id, due, by: "two"), outcome: "failed", failure: String(repeating: "x", count: 900), at: due)
            #expect(try actions.lifecyclePolicy(id).state == .error && actions.lifecyclePolicy(id).statusMessage?.count == 500)
            #expect(try region.unfinishedPolicyRuns().isEmpty)
        }
    }

    @Test("a policy that was changed, disabled or deleted since is not claimed, and of many runs the last hundred are remembered")
    func changes() throws {
        try PlaneUnderTest.embedded.withAccounts { world in
            let actions = try self.actions(world)
            let region = try world.region()
            let id = try policy(actions)
            let before = try actions.lifecyclePolicy(id)
            world.clock.advance(.minutes(1))
            try actions.updateLifecyclePolicy(id, PolicyChange(details: before.details))
            #expect(try !region.claim(record(id, world.clock.now), of: before))
            let after = try actions.lifecyclePolicy(id)
            for hour in 0..<150 {
                let run = record(id, world.clock.now + .hours(Int64(hour)))
                #expect(try region.claim(run, of: after))
                try region.finish(run, outcome: "made", failure: nil, at: world.clock.now)
            }
            #expect(try region.lastPolicyRun(id, .create) == world.clock.now + .hours(149))
            #expect(try region.claim(record(id, world.clock.now), of: after), "the first is forgotten")
            try actions.updateLifecyclePolicy(id, PolicyChange(isEnabled: false))
            #expect(try !region.claim(record(id, world.clock.now + .days(90)), of: after))
            try actions.deleteLifecyclePolicy(id)
            #expect(try !region.claim(record(id, world.clock.now + .days(91)), of: after))
            #expect(try region.unfinishedPolicyRuns().isEmpty && region.allLifecyclePolicies().isEmpty)
        }
    }

    @Test("tags of services are set and taken away by nobody else, and do not count")
    func reservedTags() throws {
        try PlaneUnderTest.embedded.withAccounts { world in
            let owner = try actions(world)
            let reserved = try Tag(reserved: "aws:dlm:lifecycle-policy-id", value: "policy-1")
            #expect(throws: Failure.self) { try Tag(key: "aws:dlm:lifecycle-policy-id", value: "policy-1") }
            let many = try (1...50).map { try Tag(key: "k\($0)", value: "v") }
            let volume = try owner.createVolume(VolumeCreation(zone: "us-east-1a", size: 1)).id
            let snapshot = try owner.createSnapshot(of: volume, description: "", tags: TagSet(many + [reserved])).id
            #expect(try owner.snapshotAttributes(snapshot).tags.count == 51)
            #expect(
                refusal { try owner.deleteTags([TagRemoval(key: reserved.key)], from: [.snapshot(snapshot)]) }?.code
                    == .invalidParameterValue)
            try owner.deleteTags([], from: [.snapshot(snapshot)])
            #expect(try owner.snapshotAttributes(snapshot).tags.map(\.key) == [reserved.key])
            #expect(try owner.describeTags([]).map(\.tag) == [reserved])
        }
    }
}
