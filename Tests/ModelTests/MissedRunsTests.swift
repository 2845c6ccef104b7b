import Model
import Platform
import Testing

@Suite struct `Missed runs` {
    private let anchor = Instant(seconds: 1_700_000_000)

    private func schedule(_ expression: String) throws -> Schedule {
        Schedule(try ScheduleExpression(parsing: expression), anchor: anchor)
    }

    private func at(_ text: String) throws -> Instant { try Instant(parsing: text) }

    @Test("before the first instant nothing is due, nor again after it was recorded")
    func nothing() throws {
        let schedule = try schedule("0 2 * * ? *")
        #expect(schedule.due(lastRecorded: nil, now: anchor, policy: .runOnce) == .nothing)
        #expect(schedule.due(lastRecorded: nil, now: anchor.adding(seconds: -9_999_999), policy: .runOnce) == .nothing)
        let run = try at("2026-11-20T02:00:00Z")
        #expect(schedule.due(lastRecorded: run, now: run, policy: .runOnce) == .nothing)
        #expect(schedule.due(lastRecorded: run, now: try at("2026-11-21T01:59:59Z"), policy: .runOnce) == .nothing)
        // The clock was set back.
        #expect(schedule.due(lastRecorded: run, now: try at("2026-11-01"), policy: .runOnce) == .nothing)
    }

    @Test("a run on time is a run under both policies", arguments: MissedRunPolicy.allCases)
    func punctual(_ policy: MissedRunPolicy) throws {
        let due = try schedule("0 2 * * ? *").due(
            lastRecorded: at("2026-11-19T02:00:00Z"), now: at("2026-11-20T02:00:05Z"), policy: policy)
        #expect(due == .run(try at("2026-11-20T02:00:00Z"), passed: RunCount(atLeast: 1, isExact: true), isCatchUp: false))
    }

    @Test("run-once makes one run for the latest of several that were missed, and skip makes none")
    func policies() throws {
        let schedule = try schedule("0 2 * * ? *")
        let now = try at("2026-11-20T09:00:00Z")
        let last = try at("2026-11-17T02:00:00Z")
        let latest = try at("2026-11-20T02:00:00Z")
        let three = RunCount(atLeast: 3, isExact: true)
        #expect(schedule.due(lastRecorded: last, now: now, policy: .runOnce) == .run(latest, passed: three, isCatchUp: true))
        #expect(schedule.due(lastRecorded: last, now: now, policy: .skip) == .skip(through: latest, passed: three))
        // Once recorded, both are done.
        for policy in MissedRunPolicy.allCases {
            #expect(schedule.due(lastRecorded: latest, now: now, policy: policy) == .nothing)
        }
    }

    @Test("a run is punctual up to the limit, and missed a second later")
    func limit() throws {
        let schedule = try schedule("0 2 * * ? *")
        let last = try at("2026-11-19T02:00:00Z")
        let latest = try at("2026-11-20T02:00:00Z")
        let one = RunCount(atLeast: 1, isExact: true)
        for (seconds, expected) in [
            (120, DueRun.run(latest, passed: one, isCatchUp: false)), (121, .skip(through: latest, passed: one)),
        ] {
            let due = schedule.due(
                lastRecorded: last, now: latest.adding(seconds: Int64(seconds)), policy: .skip, punctuality: .minutes(2))
            #expect(due == expected)
        }
    }

    @Test("a million missed instants cost no more than a hundred, and give one run")
    func million() throws {
        let minutely = try schedule("* * * * ? *")
        let now = anchor.adding(seconds: 60 * 1_000_000)
        let latest = Instant(seconds: now.seconds / 60 * 60)
        let elapsed = try ContinuousClock().measure {
            for _ in 0..<100 {
                let due = minutely.due(lastRecorded: nil, now: now, policy: .runOnce)
                try #require(due == .run(latest, passed: RunCount(atLeast: 100, isExact: false), isCatchUp: false))
            }
        }
        // A walk over all of them a hundred times would take minutes.
        #expect(elapsed < .seconds(20))
        #expect(RunCount(atLeast: 100, isExact: false).description == "more than 100")
        let rate = try schedule("rate(1 minute)")
        #expect(
            rate.due(lastRecorded: nil, now: now.adding(seconds: 30), policy: .runOnce, punctuality: TimeSpan(seconds: 10))
                == .run(now, passed: RunCount(atLeast: 1_000_000, isExact: true), isCatchUp: true))
    }
}
