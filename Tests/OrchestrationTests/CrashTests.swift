import Cloud
import Crypto
import Ledger
import Model
import Orchestration
import Platform
import TestSupport
import Testing

/// A build with a copy, stopped at every failure point that it passes.
@Suite struct CrashTests {
    struct Point: Sendable, Hashable, CustomTestStringConvertible {
        let name: String
        let time: Int
        var testDescription: String { "\(name) #\(time)" }
    }

    private static func prepare(_ fixture: Fixture) throws {
        try fixture.recipe(Fixture.three)
        try fixture.pipeline("distribution: [{region: us-west-2}]\npromotion: {channels: [dev, prod]}")
    }

    /// All points of an undisturbed build, and the digest it makes.
    private static let undisturbed: (points: [Point], root: Digest?) = {
        let seen = Shared<[Point]>([])
        let root = Shared<Digest?>(nil)
        try? Fixture.with { fixture in
            try prepare(fixture)
            root.value = try fixture.build().sealed.image.root
            var counts: [String: Int] = [:]
            for name in fixture.test.reached {
                counts[name, default: 0] += 1
                seen.value.append(Point(name: name, time: counts[name, default: 1]))
            }
        }
        return (seen.value, root.value)
    }()

    @Test("a build passes the points of its order of writes")
    func points() {
        let names = Set(Self.undisturbed.points.map(\.name))
        #expect(
            names.isSuperset(of: [
                "build.started", "store.packs-durable", "store.pack-renamed", "build.stage-published", "build.stage-recorded",
                "seal.intended", "seal.pending", "seal.available", "build.sealed", "build.finished", "build.entered-channel",
                "copy.intended", "copy.pending", "copy.moved", "copy.available",
            ]))
    }

    @Test("a fault leaves nothing half-done, and the next build gives the same digest", arguments: undisturbed.points)
    func fault(_ point: Point) throws {
        try Fixture.with { fixture in
            try Self.prepare(fixture)
            let workspace = try fixture.workspace()
            fixture.test.plan(.fail, at: point.name, time: point.time)
            // Where the effect stood already, the build goes on.
            _ = try? fixture.build(in: workspace)
            try expectOrder(workspace)
            try Self.expectGood(fixture, try fixture.build(in: workspace), workspace)
        }
    }

    @Test(
        "a process that dies leaves what the next one brings into order; and should it wake up again, it does no harm",
        arguments: undisturbed.points)
    func death(_ point: Point) throws {
        try Fixture.with { fixture in
            try Self.prepare(fixture)
            let dead = try Gate()
            let end = try Gate()
            // A thread that stays where it is, under a name that the others take for dead.
            fixture.test.plan(.hang(reached: dead, until: end), at: point.name, time: point.time)
            try together(
                {
                    dead.wait()
                    defer { end.open() }
                    let workspace = try fixture.workspace(holder: Fixture.survivor)
                    try Recovery(workspace).run()
                    try expectOrder(workspace)
                    try Self.expectGood(fixture, try fixture.build(in: workspace), workspace)
                },
                {
                    defer { dead.open() }
                    _ = try? fixture.build(holder: Fixture.killed)
                })
            let workspace = try fixture.workspace(holder: Fixture.survivor)
            try expectOrder(workspace)
            try Self.expectGood(fixture, try fixture.build(in: workspace), workspace)
        }
    }

    private static func expectGood(_ fixture: Fixture, _ outcome: Builder.Outcome, _ workspace: Workspace) throws {
        #expect(outcome.sealed.image.root == undisturbed.root)
        let images = try fixture.images(of: workspace)
        let copies = try fixture.images("us-west-2", of: workspace)
        #expect(images.count == 1 && images.first?.id == outcome.sealed.image.id)
        #expect(copies.count == 1 && copies.first?.root == undisturbed.root)
        let dev = try workspace.ledger.channel(ResourceName(parsing: "web"), ChannelName(parsing: "dev"))
        #expect(dev?.image == outcome.sealed.image.id)
        try expectOrder(workspace)
    }
}
