import Cloud
import Crypto
import ImageStore
import Ledger
import Model
import Orchestration
import Pipeline
import Platform
import TestSupport
import Testing

/// What happens to an image between its tree and its first channel: tests, and the search for secrets.
@Suite struct SealedImageTests {
    private static let promotion = "promotion: {channels: [dev, prod]}"

    @Test("tests run on the sealed image, and change nothing of it")
    func passing() throws {
        try Fixture.with { fixture in
            try fixture.recipe("- files: [{write: {path: /a, text: one}}]\n- test")
            try fixture.pipeline(Self.promotion)
            let outcome = try fixture.build()
            #expect(outcome.ran == ["files", "test"] && outcome.sealed.image.state == .available)
            let workspace = try fixture.workspace()
            let tree = try workspace.tree(of: outcome.sealed.image)
            #expect(try !tree.exists(try TreePath(parsing: "/test-was-here")))
            #expect(try workspace.ledger.steps(of: outcome.build.id).map(\.entry) == ["files", "test"])
            // The same image need not pass the same test again.
            #expect(try fixture.build().ran.isEmpty)
        }
    }

    @Test("an image that fails its test is failed for ever, and in no channel")
    func failing() throws {
        try Fixture.with { fixture in
            try fixture.recipe("- files: [{write: {path: /fails, text: one}}]\n- test")
            try fixture.pipeline(Self.promotion)
            let failed = failure(.failed) { try fixture.build() }
            #expect(failed?.message.contains("failed its tests") == true)
            let workspace = try fixture.workspace()
            let images = try fixture.images(of: workspace)
            #expect(images.map(\.state) == [.failed])
            #expect(try workspace.ledger.channel(try ResourceName(parsing: "web"), try ChannelName(parsing: "dev")) == nil)
            #expect(try workspace.ledger.unfinishedOperations().isEmpty)
            #expect(try workspace.ledger.builds().map(\.state) == [.failed])
            // Mended, the recipe gets the next number.
            try fixture.recipe("- files: [{write: {path: /a, text: one}}]\n- test")
            let mended = try fixture.build()
            #expect(mended.version == "1.0.1/1" && mended.channel?.description == "dev")
            #expect(try fixture.images(of: workspace).map(\.state).sorted { $0.rawValue < $1.rawValue } == [.available, .failed])
        }
    }

    @Test("a test that is added to a recipe runs on the image that is there")
    func addedTest() throws {
        try Fixture.with { fixture in
            try fixture.recipe("- files: [{write: {path: /a, text: one}}]")
            try fixture.pipeline()
            let first = try fixture.build()
            try fixture.recipe("- files: [{write: {path: /a, text: one}}]\n- test")
            let second = try fixture.build()
            #expect(second.ran == ["test"] && second.sealed.image.id == first.sealed.image.id)
        }
    }

    @Test("nothing follows a test in a recipe")
    func order() throws {
        try Fixture.with { fixture in
            try fixture.recipe("- test\n- files: [{write: {path: /a, text: one}}]")
            try fixture.pipeline()
            let failed = failure(.invalid) { try fixture.build() }
            #expect(failed?.message.contains("'files' comes after 'test', which runs on the sealed image") == true)
        }
    }

    @Test("a build that was killed while its image was tested leaves no image, and the next one makes it", arguments: [1, 2])
    func killedWhileTesting(time: Int) throws {
        try Fixture.with { fixture in
            try fixture.recipe("- files: [{write: {path: /a, text: one}}]\n- test")
            try fixture.pipeline()
            fixture.test.plan(.fail, at: "build.stage-recorded", time: time)
            _ = try? fixture.build(holder: Fixture.killed)
            let outcome = try fixture.build(holder: Fixture.survivor)
            #expect(outcome.sealed.image.state == .available)
        }
    }

    // MARK: Secrets

    private static let reference = "env:PROBE_TOKEN"

    @Test("an image that holds a secret is not sealed; the error names path and step, and not the secret")
    func secretInImage() throws {
        let secret = Fixture.secret
        try Fixture.with { fixture in
            try fixture.recipe("- steps: {write: {/a: \"x \(secret) y\"}, secret: \"\(Self.reference)\"}")
            try fixture.pipeline()
            let failed = failure(.failed) { try fixture.build() }
            let text = failed?.chain.joined(separator: "\n") ?? ""
            #expect(text.contains("/a holds the secret env:PROBE_TOKEN") && text.contains("build.one") && !text.contains(secret))
            #expect(try fixture.images(of: try fixture.workspace()).isEmpty)
        }
    }

    @Test("a secret that a later stage removes is no obstacle, and a cached build does not need it again")
    func secretRemoved() throws {
        let secret = Fixture.secret
        try Fixture.with { fixture in
            try fixture.recipe(
                "- steps: {write: {/a: \"\(secret)\", /b: other}, secret: \"\(Self.reference)\"}\n- files: [{remove: {path: /a}}]"
            )
            try fixture.pipeline()
            #expect(try fixture.build().sealed.isNew)
            #expect(try !fixture.build().sealed.isNew)
        }
    }

    // MARK: Steps and failures

    @Test("a stage that failed in the middle goes on behind its last good step")
    func resumed() throws {
        try Fixture.with { fixture in
            try fixture.recipe("- steps: {write: {/a: one, /b: two, /c: three}, fails: /c}")
            try fixture.pipeline()
            failure(.failed) { try fixture.build() }
            try fixture.recipe("- steps: {write: {/a: one, /b: two, /c: three}}")
            #expect(try fixture.build().stages.map(\.report.summary) == ["ran /c"])
        }
    }

    @Test("the tree of a failed stage is kept, with all that it holds, and the error says how to look at it")
    func kept() throws {
        try Fixture.with { fixture in
            try fixture.recipe("- steps: {write: {/a: one, /b: two, /c: three}, fails: /c}")
            try fixture.pipeline()
            let failed = failure(.failed) { try fixture.build() }
            #expect(failed?.hint?.contains("ingot shell build:1") == true)
            let workspace = try fixture.workspace()
            _ = try Maintenance(workspace).collect(keep: .days(1), dryRun: false)
            let tree = try #require(try workspace.ledger.steps(of: BuildID(1)).last?.tree)
            let store = try workspace.store(of: try fixture.region(of: workspace))
            #expect(try Tree(tree, in: store).text("/b") == "two")
        }
    }
}
