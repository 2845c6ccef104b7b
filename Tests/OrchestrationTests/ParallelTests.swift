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

@Suite struct ParallelTests {
    @Test("of two builds of one pipeline at once the second is told that somebody is at it")
    func samePipeline() throws {
        try Fixture.with { fixture in
            try fixture.recipe(Fixture.three)
            try fixture.pipeline()
            let other = try fixture.workspace()
            let code = Shared<Failure.Code?>(nil)
            fixture.test.plan(
                .call { code.value = #expect(throws: Failure.self) { try fixture.build(in: other) }?.code },
                at: "build.stage-published")
            try fixture.build()
            #expect(code.value == .busy)
            #expect(try other.ledger.builds().count == 1)
            try expectOrder(other)
        }
    }

    @Test("two pipelines of one recipe that seal at once make one version, or two where they differ", arguments: [true, false])
    func sameRecipe(sameTags: Bool) throws {
        try Fixture.with { fixture in
            try fixture.recipe(Fixture.three)
            try fixture.pipeline(name: "one")
            try fixture.pipeline(sameTags ? "" : "image: {tags: {From: two}}", name: "two")
            let reached = try Gate()
            let until = try Gate()
            let done = try Gate()
            fixture.test.plan(.hang(reached: reached, until: until), at: "seal.pending")
            fixture.test.onWait { _ in
                until.open()
                done.wait()
            }
            let second = Shared<Builder.Outcome?>(nil)
            try together(
                {
                    reached.wait()
                    second.value = try fixture.build("two")
                },
                {
                    defer {
                        reached.open()
                        done.open()
                    }
                    try fixture.build("one")
                })
            #expect(second.value?.sealed.isNew == !sameTags)
            let workspace = try fixture.workspace()
            let versions = try fixture.images(of: workspace).compactMap(\.release?.version.description)
            #expect(versions == (sameTags ? ["1.0.0/1"] : ["1.0.0/1", "1.0.1/1"]))
            try expectOrder(workspace)
        }
    }

    @Test("of two that promote to a channel at once one wins, and the other is told")
    func promotions() throws {
        try Fixture.with { fixture in
            try fixture.pipeline("promotion: {channels: [dev, prod]}")
            for text in ["one", "two"] {
                fixture.test.advance(.minutes(1))
                try fixture.recipe("- files: [{write: {path: /a, text: \(text)}}]")
                try fixture.build()
            }
            let other = try fixture.workspace()
            fixture.test.plan(
                .call { #expect(throws: Never.self) { try fixture.promote("prod", "1.0.0/1", in: other) } }, at: "promote.checked"
            )
            failure(.conflict) { try fixture.promote("prod", nil, in: try fixture.workspace()) }
            let prod = try other.ledger.channel(ResourceName(parsing: "web"), ChannelName(parsing: "prod"))
            #expect(prod?.version.description == "1.0.0/1")
        }
    }
}

extension Fixture {
    @discardableResult
    func promote(_ channel: String, _ version: String?, in workspace: Workspace) throws(Failure) -> ChannelMove {
        try Promoter(workspace).promote(
            try document(), to: try ChannelName(parsing: channel),
            version: try version.map { (text) throws(Failure) in try VersionSelector(parsing: text) }, by: "alice",
            reason: "tried")
    }
}
