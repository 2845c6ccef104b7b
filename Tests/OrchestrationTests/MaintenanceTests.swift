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

@Suite struct MaintenanceTests {
    private func prepare(_ fixture: Fixture, _ workspace: Workspace, _ seed: UInt64 = 7) throws -> ImageRecord {
        var random = SeededRandom(seed)
        try Files.writeDurably("\(fixture.folder)/recipes/blob", random.bytes(300_000))
        try fixture.recipe("- files: [{copy: {from: blob, to: /srv/blob}}]\n- files: [{write: {path: /a, text: one}}]")
        try fixture.pipeline("distribution: [{region: us-west-2}]")
        fixture.test.advance(.minutes(1))
        return try fixture.build(in: workspace).sealed.image
    }

    @Test("a check names the damaged object's image and path, in the region that has the damage")
    func check() throws {
        try Fixture.with { fixture in
            let image = try prepare(fixture, try fixture.workspace())
            try fixture.damageLargestPack(of: "us-west-2")
            let workspace = try fixture.workspace()
            let reports = try Maintenance(workspace).check()
            #expect(reports.map(\.region.description) == ["us-east-1", "us-west-2"])
            #expect(reports[0].report.isSound && !reports[1].report.isSound)
            let copy = try #require(try fixture.images("us-west-2", of: workspace).first)
            let affected = reports[1].report.findings.flatMap(\.affects)
            #expect(affected.contains("\(copy.id):/srv/blob") && !affected.contains { $0.contains(image.id.description) })
        }
    }

    @Test("a check misses what a snapshot holds that no image is made of any more")
    func snapshots() throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace()
            let image = try prepare(fixture, workspace)
            let region = try fixture.region("us-west-2", of: workspace)
            let copy = try #require(try fixture.images("us-west-2", of: workspace).first)
            try region.deregister(copy.id, deletingSnapshots: false)
            #expect(try Maintenance(workspace).check().allSatisfy(\.report.isSound))
            try fixture.damageLargestPack(of: "us-west-2")
            let report = try #require(try Maintenance(try fixture.workspace()).check().last).report
            let root = try #require(image.root)
            #expect(report.findings.flatMap(\.affects).contains { $0.hasPrefix("snapshot or volume \(root.short)") })
        }
    }

    @Test("a collection keeps images, copies and checkpoints, and frees what was forgotten; a dry run says the same beforehand")
    func collect() throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace()
            let image = try prepare(fixture, workspace)
            let maintenance = Maintenance(workspace)
            #expect(try maintenance.collect(keep: .days(30), dryRun: false).allSatisfy { $0.report.removedObjects == 0 })
            for name in ["us-east-1", "us-west-2"] {
                let region = try fixture.region(name, of: workspace)
                for image in try region.images(ImageFilter()) { try region.deregister(image.id, deletingSnapshots: true) }
            }
            // The checkpoints still hold the tree, wherever it is; the documents went with their image: root, folder and three files.
            fixture.test.advance(.days(29))
            let kept = try maintenance.collect(keep: .days(30), dryRun: false)
            #expect(kept.map(\.report.removedObjects) == [5, 5])
            fixture.test.advance(.days(2))
            let said = try maintenance.collect(keep: .days(30), dryRun: true)
            #expect(try workspace.ledger.checkpointTrees().count == 2)
            let done = try maintenance.collect(keep: .days(30), dryRun: false)
            #expect(said.map(\.report.removedObjects) == done.map(\.report.removedObjects))
            #expect(done.allSatisfy { $0.report.freedBytes > 300_000 })
            #expect(try workspace.ledger.checkpointTrees().isEmpty)
            // A number is not used twice, and everything runs again.
            let again = try fixture.build(in: workspace)
            #expect(again.ran == ["files", "files-2"] && again.sealed.image.root == image.root && again.version == "1.0.1/1")
            try expectOrder(workspace)
        }
    }

    @Test("a collection waits while a build holds the store, and the build ends well")
    func duringBuild() throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace()
            _ = try prepare(fixture, workspace)
            let other = try fixture.workspace()
            let waiting = Shared<[Int]>([])
            fixture.test.plan(
                .call {
                    let reports = try? Maintenance(other).collect(keep: TimeSpan(seconds: 0), dryRun: false)
                    waiting.value = reports?.map(\.report.waitingFor) ?? []
                }, at: "build.started")
            let image = try prepare(fixture, workspace, 8)
            #expect(waiting.value == [1, 0])
            #expect(try workspace.tree(of: image).node(at: "/srv/blob") != nil)
            try expectOrder(workspace)
        }
    }

    @Test("a cached build that makes a new version is not overtaken by a collection")
    func duringSeal() throws {
        try Fixture.with { fixture in
            try fixture.recipe(Fixture.three)
            try fixture.pipeline()
            let workspace = try fixture.workspace()
            let image = try fixture.build(in: workspace).sealed.image
            try fixture.region(of: workspace).deregister(image.id, deletingSnapshots: true)
            fixture.test.advance(.days(60))
            let other = try fixture.workspace()
            fixture.test.plan(
                .call {
                    #expect(throws: Never.self) { try Maintenance(other).collect(keep: TimeSpan(seconds: 0), dryRun: false) }
                },
                at: "build.started")
            let outcome = try fixture.build(in: workspace)
            #expect(outcome.ran.isEmpty && outcome.sealed.isNew)
            #expect(try fixture.workspace().tree(of: outcome.sealed.image).text("/c") == "three")
            try expectOrder(workspace)
        }
    }
}
