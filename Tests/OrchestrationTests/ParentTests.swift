import Cloud
import Ledger
import Model
import Orchestration
import Pipeline
import Platform
import Recipes
import TestSupport
import Testing

/// Parent images that are in another region, or nowhere yet.
@Suite struct ParentTests {
    /// A base in us-east-1, and a recipe on it whose pipeline is in us-west-2.
    private func documents(_ fixture: Fixture, encrypted: Bool = false) throws {
        try fixture.recipe(
            Fixture.three, name: "base",
            fields: encrypted ? "blockDeviceMappings: [{deviceName: /dev/xvda, ebs: {volumeSize: 1, encrypted: true}}]" : "")
        try fixture.pipeline(name: "base", recipe: "base")
        try fixture.recipe("- files: [{write: {path: /d, text: four}}]", parent: "base")
        try fixture.pipeline(region: "us-west-2")
    }

    @Test("one in another region is copied to the pipeline's, and not built again", arguments: [false, true])
    func copied(isEncrypted: Bool) throws {
        try Fixture.with { fixture in
            try documents(fixture, encrypted: isEncrypted)
            let workspace = try fixture.workspace()
            let base = try fixture.build("base", in: workspace).sealed.image
            let events = Shared<[String]>([])
            let builder = Builder(
                workspace, documents: fixture.documents, stages: Fixture.stages,
                watch: { event in
                    if case .copyingParent(let image, let region) = event { events.add(["\(image.id) to \(region)"]) }
                    if case .buildingParent(let name) = event { events.add(["built \(name)"]) }
                })
            let outcome = try builder.build(try fixture.document())
            #expect(events.value == ["\(base.id) to us-west-2"] && outcome.ran == ["files"])
            let copy = try #require(
                try fixture.images("us-west-2", of: workspace).first { $0.release?.recipe == base.release?.recipe })
            #expect(copy.root == base.root && copy.release == base.release && copy.source?.image == base.id)
            #expect((copy.key != nil) == isEncrypted)
            #expect(outcome.sealed.image.parent == copy.id)
            #expect(try workspace.ledger.builds(pipeline: ResourceName(parsing: "base")).count == 1)
            // It is there now.
            _ = try builder.build(try fixture.document())
            #expect(events.value.count == 1)
            try expectOrder(workspace)
        }
    }

    @Test("a plan works on one of another region, says where it is, and copies no image")
    func planned() throws {
        try Fixture.with { fixture in
            try documents(fixture)
            let workspace = try fixture.workspace()
            let base = try fixture.build("base", in: workspace).sealed.image
            let builder = fixture.builder(workspace)
            let prepared = try builder.prepare(try fixture.document())
            #expect(prepared.parent.image?.id == base.id && prepared.parent.image?.region == base.region)
            #expect(try builder.plan(prepared).stages.count == 1)
            #expect(try fixture.images("us-west-2", of: workspace).isEmpty)
        }
    }

    @Test("of several regions the highest version counts, and one that no selector lets through is built")
    func highest() throws {
        try Fixture.with { fixture in
            try documents(fixture)
            let workspace = try fixture.workspace()
            try fixture.pipeline(name: "elsewhere", recipe: "base", region: "eu-west-1")
            for (name, text) in [("base", "one"), ("elsewhere", "two"), ("elsewhere", "three")] {
                try fixture.recipe("- files: [{write: {path: /a, text: \(text)}}]", name: "base")
                try fixture.build(name, in: workspace)
            }
            let builder = fixture.builder(workspace)
            guard case .elsewhere(let found) = try builder.parentSource(of: try fixture.document()) else {
                Issue.record("it is not found elsewhere")
                return
            }
            #expect(found.release?.version.description == "1.0.1/1" && found.region.description == "eu-west-1")
            try fixture.recipe("- files: [{write: {path: /d, text: four}}]", parent: "base/2.x.x")
            #expect(try builder.builtFirst(try fixture.document()).map(\.name.description) == ["base"])
        }
    }

    @Test("a schedule that waits for changes of dependencies starts where the parent image is not there yet")
    func scheduled() throws {
        try Fixture.with { fixture in
            try documents(fixture)
            try fixture.pipeline("schedule: {rate: 1 day, startCondition: dependency-updates}", region: "us-west-2")
            let workspace = try fixture.workspace()
            _ = try fixture.scheduler(workspace).tick()
            fixture.test.advance(.days(1))
            let run = try #require(try fixture.scheduler(workspace).tick().runs.first)
            #expect(run.failure == nil && run.outcome.hasPrefix("built ami-"), "\(run)")
        }
    }
}
