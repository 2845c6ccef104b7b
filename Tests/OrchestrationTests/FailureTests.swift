import Cloud
import Ledger
import Model
import Orchestration
import Pipeline
import Platform
import TestSupport
import Testing

@Suite struct FailureTests {
    static let failing = Fixture.three + "\n- validate: {files: [{path: /missing}]}"

    @Test(
        "a failed stage leaves the earlier checkpoints, no image, and its reason in the ledger; the next build goes on after them"
    )
    func resume() throws {
        try Fixture.with { fixture in
            try fixture.recipe(Self.failing)
            try fixture.pipeline("promotion: {channels: [dev]}")
            let workspace = try fixture.workspace()
            let error = failure(.failed) { try fixture.build(in: workspace) }
            #expect(error?.chain.joined(separator: ": ").contains("/missing") == true)
            #expect(try fixture.images(of: workspace).isEmpty)
            let build = try #require(try workspace.ledger.builds().first)
            #expect(build.state == .failed && build.error?.contains("the stage 'validate' failed") == true)
            let steps = try workspace.ledger.steps(of: build.id)
            #expect(steps.map(\.outcome) == [.ran, .ran, .ran, .failed])
            #expect(steps.last?.reason.contains("/missing") == true)
            #expect(try workspace.ledger.channel(ResourceName(parsing: "web"), ChannelName(parsing: "dev")) == nil)
            try fixture.recipe(Self.failing.replacingOnce("/missing", with: "/a"))
            let outcome = try fixture.build(in: workspace)
            #expect(outcome.ran == ["validate"] && outcome.version == "1.0.0/1")
            try expectOrder(workspace)
        }
    }

    @Test("a cancelled build ends between two stages as cancelled, and the next one goes on")
    func cancelled() throws {
        try Fixture.with { fixture in
            try fixture.recipe(Fixture.three)
            try fixture.pipeline()
            let workspace = try fixture.workspace()
            let cancellation = fixture.test.cancellation
            fixture.test.plan(.call { cancellation.cancel() }, at: "build.stage-recorded", time: 2)
            failure(.cancelled) { try fixture.build(in: workspace) }
            let build = try #require(try workspace.ledger.builds().first)
            #expect(build.state == .cancelled && build.error == nil)
            #expect(try workspace.ledger.steps(of: build.id).count == 2)
            #expect(try fixture.images(of: workspace).isEmpty)
            let again = Fixture(folder: fixture.folder, test: TestEnvironment(seed: 2))
            #expect(try again.build().ran == ["files-3"])
        }
    }

    @Test("an input that is missing ends the build as failed, with the reason, and nothing ran")
    func missingInput() throws {
        try Fixture.with { fixture in
            try fixture.recipe("- files: [{copy: {from: nothing, to: /x}}]")
            try fixture.pipeline()
            let workspace = try fixture.workspace()
            failure(.notFound) { try fixture.build(in: workspace) }
            let build = try #require(try workspace.ledger.builds().first)
            #expect(build.state == .failed && build.error?.contains("nothing") == true)
            #expect(try workspace.ledger.steps(of: build.id).isEmpty)
            #expect(try workspace.ledger.runningBuilds().isEmpty)
        }
    }

    @Test("a root volume that is too small is refused before anything is registered")
    func smallVolume() throws {
        try Fixture.with { fixture in
            try fixture.write("recipes/root/big", "")
            let file = try FileDescriptor.open("\(fixture.folder)/recipes/root/big", .readWrite)
            try file.truncate(to: 3 << 30)
            try fixture.recipe(
                Fixture.three, parent: "file:root",
                fields: "blockDeviceMappings: [{deviceName: /dev/xvda, ebs: {volumeSize: 2}}]")
            try fixture.pipeline()
            let workspace = try fixture.workspace()
            let error = failure(.invalid) { try fixture.build(in: workspace) }
            #expect(error?.hint == "set volumeSize of /dev/xvda to 4 or more")
            #expect(try fixture.images(of: workspace).isEmpty)
            try expectOrder(workspace)
        }
    }

    @Test("a copy that fails does not keep the others; the image stays, and the next build copies what is missing")
    func failingCopy() throws {
        try Fixture.with { fixture in
            try fixture.recipe(Fixture.three)
            try fixture.pipeline("distribution: [{region: us-west-1}, {region: us-west-2}, {region: eu-west-1}]")
            let workspace = try fixture.workspace()
            fixture.test.plan(.fail, at: "copy.pending", time: 2)
            let error = failure(.io) { try fixture.build(in: workspace) }
            #expect(error?.message.contains("is built, but 1 copy failed") == true)
            #expect(error?.chain.last?.contains("us-west-2") == true)
            #expect(try workspace.ledger.builds().first?.state == .succeeded)
            #expect(try fixture.images("us-west-1", of: workspace).count == 1)
            #expect(try fixture.images("us-west-2", of: workspace).isEmpty)
            #expect(try fixture.images("eu-west-1", of: workspace).count == 1)
            let outcome = try fixture.build(in: workspace)
            #expect(outcome.build.state == .unchanged)
            #expect(outcome.copies.map(\.isNew) == [false, true, false])
            try expectOrder(workspace)
        }
    }
}
