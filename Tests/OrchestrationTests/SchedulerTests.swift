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

@Suite struct SchedulerTests {
    private static let nightly = "schedule: {cron: \"0 2 * * ? *\", startCondition: expression-match-only}"

    private func start(_ text: String, _ fixture: Fixture) throws { fixture.test.now = try Instant(parsing: text) }

    /// Looks each half hour until `end`, and returns what ran.
    private func ticks(until end: String, _ fixture: Fixture, _ workspace: Workspace) throws -> [Scheduler.Run] {
        let end = try Instant(parsing: end)
        var runs: [Scheduler.Run] = []
        while fixture.test.now < end {
            runs += try fixture.scheduler(workspace).tick().runs
            fixture.test.advance(.minutes(30))
        }
        return runs
    }

    @Test("the last run of a schedule is one that ran, and not the look that saw it first")
    func lastRun() throws {
        try Fixture.with { fixture in
            try fixture.recipe(Fixture.three)
            try fixture.pipeline("schedule: {rate: 1 day}")
            let workspace = try fixture.workspace()
            let name = try ResourceName(parsing: "nightly")
            _ = try fixture.scheduler(workspace).tick()
            let seen = fixture.test.now
            #expect(try workspace.ledger.lastClaimed(name, kind: "build") == seen)
            #expect(try workspace.ledger.lastRun(name, kind: "build") == nil)
            fixture.test.advance(.days(1))
            _ = try fixture.scheduler(workspace).tick()
            #expect(try workspace.ledger.lastRun(name, kind: "build") == seen + .days(1))
        }
    }

    @Test("the first look is one instant, also where the second turns over at each reading of the clock")
    func turningSecond() throws {
        try Fixture.with { fixture in
            try fixture.recipe(Fixture.three)
            try fixture.pipeline("schedule: {rate: 1 day}")
            let workspace = try fixture.workspace(holder: Fixture.killed)
            fixture.test.advanceAtEachReading()
            #expect(try fixture.scheduler(workspace).tick().runs.isEmpty)
            #expect(try workspace.ledger.unfinishedScheduleRuns().isEmpty)
            #expect(try fixture.scheduler(try fixture.workspace(holder: Fixture.survivor)).tick().runs.isEmpty)
            #expect(try workspace.ledger.builds().isEmpty)
        }
    }

    @Test("a first look that a scheduler left open is closed by the next one, and nothing is built; what came later is built")
    func openFirstLook() throws {
        try Fixture.with { fixture in
            try fixture.recipe(Fixture.three)
            try fixture.pipeline("schedule: {rate: 1 day}")
            let workspace = try fixture.workspace(holder: Fixture.survivor)
            let name = try ResourceName(parsing: "nightly")
            let seen = fixture.test.now
            _ = try workspace.ledger.claim(name, kind: "build", scheduled: seen, by: Fixture.victim, at: seen)
            #expect(try fixture.scheduler(workspace).tick().runs.isEmpty)
            #expect(try workspace.ledger.unfinishedScheduleRuns().isEmpty && workspace.ledger.builds().isEmpty)
            #expect(try workspace.ledger.lastRun(name, kind: "build") == nil)
            fixture.test.advance(.days(1))
            _ = try workspace.ledger.claim(name, kind: "build", scheduled: seen + .days(1), by: Fixture.victim, at: seen)
            #expect(try fixture.scheduler(workspace).tick().runs.map(\.scheduled) == [seen + .days(1)])
            #expect(try fixture.images(of: workspace).count == 1)
        }
    }

    @Test(
        "a nightly build follows the clocks of its zone: a time that does not exist is left out, one that comes twice counts once",
        arguments: [
            (
                "Europe/Berlin", "2026-03-27",
                ["2026-03-27T01:30:00Z", "2026-03-28T01:30:00Z", "2026-03-30T00:30:00Z", "2026-03-31T00:30:00Z"]
            ),
            (
                "Europe/Berlin", "2026-10-24",
                [
                    "2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z", "2026-10-27T01:30:00Z",
                    "2026-10-28T01:30:00Z",
                ]
            ),
            (
                "Asia/Seoul", "2026-03-27",
                [
                    "2026-03-27T17:30:00Z", "2026-03-28T17:30:00Z", "2026-03-29T17:30:00Z", "2026-03-30T17:30:00Z",
                    "2026-03-31T17:30:00Z",
                ]
            ),
        ])
    func zones(zone: String, from: String, expected: [String]) throws {
        try Fixture.with { fixture in
            try fixture.recipe(Fixture.three)
            try fixture.pipeline(
                "schedule: {cron: \"30 2 * * ? *\", timezone: \(zone), startCondition: expression-match-only}")
            try start(from, fixture)
            let end = fixture.test.now + .days(5)
            let runs = try ticks(until: end.description, fixture, try fixture.workspace())
            #expect(runs.map(\.scheduled.description) == expected.filter { $0 < end.description })
            #expect(runs.first?.outcome.hasPrefix("built ami-") == true)
            #expect(runs.dropFirst().allSatisfy { $0.outcome.hasPrefix("unchanged: ami-") })
        }
    }

    @Test("missed nights are made up for by one run, or skipped", arguments: ["run-once", "skip"])
    func missed(policy: String) throws {
        try Fixture.with { fixture in
            try fixture.recipe(Fixture.three)
            try fixture.pipeline(Self.nightly.replacingOnce("only}", with: "only, missedRuns: \(policy)}"))
            let workspace = try fixture.workspace()
            try start("2026-05-01T12:00:00Z", fixture)
            #expect(try fixture.scheduler(workspace).tick().runs.isEmpty)
            try start("2026-05-05T12:00:00Z", fixture)
            let runs = try fixture.scheduler(workspace).tick().runs
            #expect(runs.map(\.scheduled.description) == ["2026-05-05T02:00:00Z"])
            #expect(runs[0].outcome.hasPrefix(policy == "skip" ? "skipped 4 missed" : "built ami-"))
            #expect(try fixture.scheduler(workspace).tick().runs.isEmpty)
            try start("2026-05-06T02:00:10Z", fixture)
            #expect(try fixture.scheduler(workspace).tick().runs.count == 1)
        }
    }

    @Test("two schedulers over one ledger run no instant twice, also when both look at once")
    func twoSchedulers() throws {
        try Fixture.with { fixture in
            try fixture.recipe(Fixture.three)
            try fixture.pipeline(Self.nightly)
            let one = try fixture.workspace()
            let two = try fixture.workspace()
            try start("2026-05-01", fixture)
            #expect(try fixture.scheduler(one).tick().runs.isEmpty)
            let runs = Shared<[Instant]>([])
            for day in 1...6 {
                fixture.test.now = try Instant(parsing: "2026-05-0\(day)T02:00:00Z")
                let look: @Sendable (Workspace) throws -> Void = { workspace in
                    let done = try fixture.scheduler(workspace).tick().runs
                    runs.add(done.map(\.scheduled))
                }
                try together({ try look(one) }, { try look(two) })
            }
            #expect(runs.value.count == 6 && Set(runs.value).count == 6)
            try expectOrder(one)
        }
    }

    @Test("dependency-updates starts nothing until the parent image or an input changed")
    func dependencyUpdates() throws {
        try Fixture.with { fixture in
            try fixture.recipe("- files: [{write: {path: /base, text: one}}]", name: "base")
            try fixture.pipeline(name: "base", recipe: "base")
            try fixture.write("recipes/motd", "hello\n")
            try fixture.recipe("- files: [{copy: {from: motd, to: /etc/motd}}]", parent: "base")
            try fixture.pipeline("schedule: {cron: \"0 2 * * ? *\"}\ndistribution: [{region: us-west-2}]")
            let workspace = try fixture.workspace()
            try fixture.build("base", in: workspace)
            try start("2026-05-01", fixture)
            _ = try fixture.scheduler(workspace).tick()
            func night(_ day: Int) throws -> String {
                fixture.test.now = try Instant(parsing: "2026-05-0\(day)T02:00:00Z")
                let tick = try fixture.scheduler(workspace).tick()
                #expect(tick.runs.count == 1 && tick.problems.isEmpty)
                return tick.runs.first?.outcome ?? ""
            }
            #expect(try night(1).hasPrefix("built"))
            #expect(try night(2) == "not started: no dependency changed")
            try fixture.write("recipes/motd", "good evening\n")
            #expect(try night(3).hasPrefix("built"))
            try fixture.recipe("- files: [{write: {path: /base, text: two}}]", name: "base")
            try fixture.build("base", in: workspace)
            #expect(try night(4).hasPrefix("built"))
            // A copy that failed is made up for, also where no dependency changed.
            let copy = try #require(try fixture.images("us-west-2", of: workspace).last)
            try fixture.region("us-west-2", of: workspace).deregister(copy.id, deletingSnapshots: true)
            #expect(try night(5) == "not started: no dependency changed; made up for 1 copy")
            #expect(try night(6) == "not started: no dependency changed")
            #expect(try workspace.ledger.builds(pipeline: ResourceName(parsing: "nightly")).count == 3)
        }
    }

    @Test("copies go by their own schedule")
    func copies() throws {
        try Fixture.with { fixture in
            try fixture.recipe(Fixture.three)
            try fixture.pipeline(
                Self.nightly + "\ndistribution: [{region: us-west-2, schedule: {cron: \"0 4 * * ? *\"}}]")
            let workspace = try fixture.workspace()
            try start("2026-05-01T03:00:00Z", fixture)
            let runs = try ticks(until: "2026-05-02T05:00:00Z", fixture, workspace)
            #expect(runs.map(\.kind) == ["copy us-west-2", "build", "copy us-west-2"])
            #expect(runs[0].failure?.code == .notFound)
            #expect(runs[0].failure?.hint == "build the pipeline first")
            #expect(runs[2].outcome.hasPrefix("copied ami-"))
            try fixture.build(in: workspace)
            #expect(try fixture.images("us-west-2", of: workspace).count == 1)
        }
    }

    @Test("a run whose scheduler died is done by the next one, exactly once")
    func takenOver() throws {
        try Fixture.with { fixture in
            try fixture.recipe(Fixture.three)
            try fixture.pipeline(Self.nightly)
            try start("2026-05-01", fixture)
            _ = try fixture.scheduler(try fixture.workspace(holder: Fixture.killed)).tick()
            try start("2026-05-01T02:00:00Z", fixture)
            let dead = try Gate()
            let end = try Gate()
            fixture.test.plan(.hang(reached: dead, until: end), at: "seal.pending")
            let late = Shared<Failure.Code?>(nil)
            try together(
                {
                    dead.wait()
                    defer { end.open() }
                    let workspace = try fixture.workspace(holder: Fixture.survivor)
                    let runs = try fixture.scheduler(workspace).tick().runs
                    #expect(runs.count == 1 && runs[0].outcome.hasPrefix("built"))
                    #expect(try fixture.scheduler(workspace).tick().runs.isEmpty)
                },
                {
                    defer { dead.open() }
                    let workspace = try fixture.workspace(holder: Fixture.killed)
                    late.value = #expect(throws: Failure.self) { try fixture.scheduler(workspace).tick() }?.code
                })
            #expect(late.value == .conflict)
            let workspace = try fixture.workspace(holder: Fixture.survivor)
            #expect(try workspace.ledger.unfinishedScheduleRuns().isEmpty)
            #expect(try fixture.images(of: workspace).count == 1)
            try expectOrder(workspace)
        }
    }

    @Test("a claimed run whose schedule is gone is dropped, and says so")
    func dropped() throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace(holder: Fixture.survivor)
            let name = try ResourceName(parsing: "former")
            let due = fixture.test.now
            _ = try workspace.ledger.claim(name, kind: "build", scheduled: due, by: Fixture.victim, at: due)
            try fixture.write("pipelines/bad.yaml", "name: [\n")
            #expect(try fixture.scheduler(workspace).tick().runs.isEmpty)
            try Files.remove("\(fixture.folder)/pipelines/bad.yaml")
            #expect(try fixture.scheduler(workspace).tick().runs.map(\.outcome) == ["dropped: the schedule is gone"])
            #expect(try workspace.ledger.unfinishedScheduleRuns().isEmpty)
        }
    }

    @Test("a document that cannot be read, and a recipe that is gone, are one clear error each; the others go on")
    func problems() throws {
        try Fixture.with { fixture in
            try fixture.recipe(Fixture.three)
            try fixture.pipeline(Self.nightly)
            try fixture.pipeline(Self.nightly, name: "orphan", recipe: "missing")
            try fixture.write("pipelines/broken.yaml", "name: broken\nregion: us-east-1\nsurprise: yes\n")
            let workspace = try fixture.workspace()
            try start("2026-05-01", fixture)
            _ = try fixture.scheduler(workspace).tick()
            try start("2026-05-01T02:00:00Z", fixture)
            let tick = try fixture.scheduler(workspace).tick()
            #expect(tick.problems.map(\.document) == ["broken"])
            #expect(tick.problems.first?.failure.message.contains("broken.yaml") == true)
            #expect(tick.runs.map(\.subject) == ["nightly", "orphan"])
            #expect(tick.runs.map { $0.failure?.code } == [nil, .notFound])
        }
    }

    @Test("the loop waits until the next due time, half a minute at most, warns once, and ends when it is cancelled")
    func loop() throws {
        try Fixture.with { fixture in
            try fixture.recipe(Fixture.three)
            try fixture.pipeline(Self.nightly)
            try fixture.write("pipelines/broken.yaml", "name: broken\n")
            let workspace = try fixture.workspace()
            try start("2026-05-01T01:58:45Z", fixture)
            let waits = Shared<[UInt64]>([])
            let cancellation = fixture.test.cancellation
            fixture.test.onWait { nanoseconds in
                waits.add([nanoseconds / 1_000_000_000])
                if waits.value.count == 5 { cancellation.cancel() }
            }
            var runs: [String] = []
            var warned: [String] = []
            try fixture.scheduler(workspace).run({ runs.append($0.scheduled.description) }, warn: { warned.append($0.document) })
            #expect(waits.value == [30, 30, 15, 30, 30])
            #expect(runs == ["2026-05-01T02:00:00Z"])
            #expect(warned == ["broken"])
        }
    }

    @Test("a cancelled run stays claimed, and the next scheduler does it")
    func cancelled() throws {
        try Fixture.with { fixture in
            try fixture.recipe(Fixture.three)
            try fixture.pipeline(Self.nightly)
            let workspace = try fixture.workspace(holder: Fixture.killed)
            try start("2026-05-01", fixture)
            _ = try fixture.scheduler(workspace).tick()
            try start("2026-05-01T02:00:00Z", fixture)
            let cancellation = fixture.test.cancellation
            fixture.test.plan(.call { cancellation.cancel() }, at: "build.stage-recorded")
            #expect(try fixture.scheduler(workspace).tick().runs.first?.failure?.code == .cancelled)
            let next = Fixture(folder: fixture.folder, test: TestEnvironment(seed: 2, at: fixture.test.now))
            let runs = try next.scheduler(try next.workspace(holder: Fixture.survivor)).tick().runs
            #expect(runs.map(\.scheduled) == [fixture.test.now] && runs[0].outcome.hasPrefix("built"))
        }
    }

    @Test("a year of nights with changes on forty of them gives forty builds")
    func year() throws {
        try Fixture.with { fixture in
            try fixture.pipeline("schedule: {cron: \"0 3 * * ? *\", timezone: Europe/Berlin}")
            var random = SeededRandom(40)
            let changes = Set(Array(1...364).shuffled(using: &random).prefix(39)).union([0])
            let workspace = try fixture.workspace()
            try start("2026-01-01T12:00:00Z", fixture)
            _ = try fixture.scheduler(workspace).tick()
            var built: Set<Int> = []
            for night in 0..<365 {
                if changes.contains(night) { try fixture.recipe("- files: [{write: {path: /a, text: night \(night)}}]") }
                fixture.test.advance(.days(1))
                let runs = try fixture.scheduler(workspace).tick().runs
                #expect(runs.count == 1)
                if runs.first?.outcome.hasPrefix("built") == true { built.insert(night) }
            }
            #expect(built == changes)
            #expect(try fixture.images(of: workspace).count == 40)
            #expect(try workspace.ledger.builds().count == 40)
            try expectOrder(workspace)
        }
    }
}

extension Fixture {
    func scheduler(_ workspace: Workspace) -> Scheduler {
        Scheduler(workspace, documents: documents, builder: builder(workspace))
    }
}

extension Shared {
    /// Adds to a list at once, whoever else does.
    func add<Element>(_ more: [Element]) where Value == [Element] { change { $0 += more } }
}
