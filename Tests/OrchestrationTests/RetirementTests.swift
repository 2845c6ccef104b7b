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

@Suite struct RetirementTests {
    /// A new version, a day after the last.
    @discardableResult
    private func build(_ fixture: Fixture, _ number: Int, _ workspace: Workspace, name: String = "nightly") throws
        -> Builder.Outcome
    {
        fixture.test.advance(.days(1))
        try fixture.recipe("- files: [{write: {path: /a, text: \(name)-\(number)}}]")
        return try fixture.build(name, in: workspace)
    }

    private func versions(
        _ fixture: Fixture, _ workspace: Workspace, _ state: ImageState, in region: String = "us-east-1"
    ) throws -> [Int] {
        try fixture.images(region, of: workspace).filter { $0.state == state }.compactMap(\.release?.version.patch)
    }

    @Test func `a build deletes what is beyond the versions to keep, in every region, with its snapshots`() throws {
        try Fixture.with { fixture in
            try fixture.pipeline("distribution: [{region: us-west-2}]\nlifecycle: [{delete: {keep: 2}}]")
            let workspace = try fixture.workspace()
            for number in 0..<2 { #expect(try build(fixture, number, workspace).retired.isEmpty) }
            let outcome = try build(fixture, 2, workspace)
            #expect(outcome.retired.map(\.action) == [.delete, .delete])
            #expect(outcome.retired.map(\.reason) == ["2 versions are newer", "2 versions are newer"])
            #expect(outcome.retired.map(\.image.region.description) == ["us-east-1", "us-west-2"])
            for region in ["us-east-1", "us-west-2"] {
                #expect(try versions(fixture, workspace, .available, in: region) == [1, 2])
                #expect(try fixture.region(region, of: workspace).snapshots(nil).count == 2)
            }
            let events = try workspace.ledger.events(EventFilter(kinds: [.imageRetired]))
            #expect(events.count == 2 && events.allSatisfy { $0.detail.contains(#""action":"delete""#) })
            // The number is not given out again.
            #expect(try build(fixture, 3, workspace).version == "1.0.3/1")
        }
    }

    @Test func `what a channel points to stays in every region, and what is newest stays however old it is`() throws {
        try Fixture.with { fixture in
            try fixture.pipeline(
                """
                distribution: [{region: us-west-2}]
                promotion: {channels: [dev, prod]}
                lifecycle: [{delete: {olderThan: 2d}}]
                """)
            let workspace = try fixture.workspace()
            try build(fixture, 0, workspace)
            try fixture.promote("prod", nil, in: workspace)
            for number in 1..<3 { try build(fixture, number, workspace) }
            fixture.test.advance(.days(30))
            let retirement = Retirement(workspace, try fixture.document())
            let plan = try retirement.plan()
            #expect(plan.map { $0.image.release?.version.patch } == [0, 1, 0, 1])
            #expect(
                plan.map(\.objection) == ["the channel prod points to 1.0.0/1", nil, "the channel prod points to 1.0.0/1", nil])
            #expect(try retirement.run().count == 2)
            #expect(try versions(fixture, workspace, .available) == [0, 2])
            #expect(try versions(fixture, workspace, .available, in: "us-west-2") == [0, 2])
            // It moves on, and the next look takes it.
            try fixture.promote("prod", "1.0.2", in: workspace)
            #expect(try retirement.run().map(\.image.release?.version.patch) == [0, 0])
            #expect(try retirement.run().isEmpty && versions(fixture, workspace, .available) == [2])
        }
    }

    @Test func `images are deprecated, disabled and deleted with their age, each once, and so many stay whatever their age`()
        throws
    {
        try Fixture.with { fixture in
            try fixture.pipeline(
                "lifecycle: [{deprecate: {olderThan: 10d}}, {disable: {olderThan: 20d}}, {delete: {olderThan: 30d, retainAtLeast: 2}}]"
            )
            let workspace = try fixture.workspace()
            for number in 0..<3 { try build(fixture, number, workspace) }
            let retirement = Retirement(workspace, try fixture.document())
            #expect(try retirement.run().isEmpty)
            fixture.test.advance(.days(9))
            #expect(try retirement.run().map(\.action) == [.deprecate, .deprecate])
            let image = try #require(try fixture.images(of: workspace).first)
            #expect(image.deprecation.map { $0 <= fixture.test.now + .minutes(1) } == true && image.state == .available)
            #expect(try retirement.run().isEmpty)
            fixture.test.advance(.days(10))
            #expect(try retirement.run().map(\.action) == [.disable, .disable])
            #expect(try versions(fixture, workspace, .disabled) == [0, 1])
            fixture.test.advance(.days(100))
            // The newest is never taken, and one more stays.
            #expect(try retirement.run().map { $0.image.release?.version.patch } == [0])
            #expect(try versions(fixture, workspace, .disabled) == [1] && versions(fixture, workspace, .available) == [2])
        }
    }

    @Test func `a protected image is not deleted, and another pipeline's images of the recipe are not touched`() throws {
        try Fixture.with { fixture in
            try fixture.pipeline("lifecycle: [{delete: {keep: 1}}]")
            try fixture.pipeline(name: "weekly")
            let workspace = try fixture.workspace()
            let first = try build(fixture, 0, workspace).sealed.image
            _ = try workspace.plane.actions(in: first.region, as: first.owner).enableDeregistrationProtection(
                of: first.id, withCooldown: false)
            try build(fixture, 1, workspace, name: "weekly")
            try build(fixture, 2, workspace)
            #expect(try build(fixture, 3, workspace).retired.map { $0.image.release?.version.patch } == [2])
            #expect(try versions(fixture, workspace, .available) == [0, 1, 3])
            #expect(
                try Retirement(workspace, try fixture.document()).plan().map(\.objection) == [
                    "it is protected against deregistration"
                ])
        }
    }

    @Test func `nobody moves a channel while images are taken away`() throws {
        try Fixture.with { fixture in
            try fixture.pipeline("promotion: {channels: [dev, prod]}\nlifecycle: [{delete: {keep: 1}}]")
            let workspace = try fixture.workspace()
            try build(fixture, 0, workspace)
            let other = try fixture.workspace(holder: Fixture.killed)
            try workspace.exclusively("moving the channels of web") { (_) throws(Failure) in
                failure(.busy) { try fixture.promote("prod", nil, in: other) }
                failure(.busy) { try Retirement(other, try fixture.document()).run() }
            }
            try fixture.promote("prod", nil, in: other)
        }
    }

    @Test func `a scheduled build says which images went with it`() throws {
        try Fixture.with { fixture in
            try fixture.pipeline(
                "schedule: {rate: 1 day, startCondition: expression-match-only}\nlifecycle: [{delete: {keep: 1}}]")
            let workspace = try fixture.workspace()
            try build(fixture, 0, workspace)
            _ = try fixture.scheduler(workspace).tick()
            let old = try #require(try fixture.images(of: workspace).first)
            try fixture.recipe("- files: [{write: {path: /a, text: changed}}]")
            fixture.test.advance(.days(1))
            let run = try #require(try fixture.scheduler(workspace).tick().runs.first { $0.kind == "build" })
            let new = try #require(try fixture.images(of: workspace).first)
            #expect(run.outcome == "built \(new.id); delete \(old.id) in us-east-1, 1 version is newer")
        }
    }

    @Test func `a scheduler looks at old images every day`() throws {
        try Fixture.with { fixture in
            try fixture.pipeline("lifecycle: [{deprecate: {olderThan: 2d}}]")
            let workspace = try fixture.workspace()
            for number in 0..<2 { try build(fixture, number, workspace) }
            #expect(try fixture.scheduler(workspace).tick().runs.isEmpty)
            fixture.test.advance(.days(1))
            var outcomes = try fixture.scheduler(workspace).tick().runs.map { "\($0.kind): \($0.outcome)" }
            let old = try #require(try fixture.images(of: workspace).first)
            #expect(outcomes.count == 1 && outcomes[0].hasPrefix("lifecycle: deprecate \(old.id) in us-east-1, "), "\(outcomes)")
            fixture.test.advance(.hours(23))
            #expect(try fixture.scheduler(workspace).tick().runs.isEmpty)
            fixture.test.advance(.hours(1))
            outcomes = try fixture.scheduler(workspace).tick().runs.map { "\($0.kind): \($0.outcome)" }
            #expect(outcomes == ["lifecycle: no image is old enough"])
        }
    }

    @Test func `a pipeline's launch permissions go with its image and with each copy; nobody loses one that somebody gave`()
        throws
    {
        try Fixture.with { fixture in
            let pipeline = """
                image: {launchPermission: {userIds: ["222222222222"]}}
                distribution: [{region: us-west-2, launchPermission: {userIds: ["333333333333"]}}, {region: eu-west-1}]
                """
            try fixture.pipeline(pipeline)
            let workspace = try fixture.workspace()
            let image = try build(fixture, 0, workspace).sealed.image
            func grantees(_ region: String) throws -> [String] {
                let image = try #require(try fixture.images(region, of: workspace).last)
                return image.permissions.map(\.grantee).sorted()
            }
            #expect(try grantees("us-east-1") == ["222222222222"] && grantees("us-west-2") == ["333333333333"])
            #expect(try grantees("eu-west-1").isEmpty)
            try workspace.plane.actions(in: image.region, as: image.owner).changeLaunchPermissions(
                of: image.id, adding: [.account(try AccountID(parsing: "444444444444"))], removing: [])
            // A build that changes nothing shares what is there.
            try fixture.pipeline(pipeline + "\npromotion: {channels: [dev]}")
            try fixture.build(in: workspace)
            #expect(try grantees("us-east-1") == ["222222222222", "444444444444"])
        }
    }
}
