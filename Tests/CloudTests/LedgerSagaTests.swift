import Crypto
import Ledger
import Model
import Platform
import SQLite
import Synchronization
import TestSupport
import Testing

@Suite("the ledger's operations, channels, claims, leases and events")
struct LedgerSagaTests {
    private let image = ImageID(random: [1, 2, 3, 4, 5, 6, 7, 8])

    private func target(_ version: String) throws -> ChannelTarget {
        ChannelTarget(version: try name(version), image: image)
    }

    @Test("an intention is one operation however often it is made, is found after a crash, and is settled one way")
    func operations() throws {
        try withLedger { ledger, path in
            let copy = try ledger.intend(
                .copy, subject: "ami-1", region: name("us-west-2"), intent: #"{"to":"us-west-2"}"#, token: "t1", at: noon)
            let register = try ledger.intend(.register, subject: "web", intent: "{}", token: "t2", at: noon)
            #expect(try ledger.intend(.copy, subject: "ami-1", intent: "{}", token: "t1", at: noon.adding(seconds: 1)) == copy)
            let after = try Ledger(path: path)
            #expect(try after.unfinishedOperations() == [copy, register])
            #expect(try after.unfinishedOperations(.copy) == [copy])
            let done = try after.complete(copy.id, result: #"{"image":"ami-2"}"#, at: noon)
            #expect(done.state == .done && done.settled == noon && done.result == #"{"image":"ami-2"}"#)
            #expect(try after.complete(copy.id, at: noon.adding(seconds: 5)) == done)
            #expect(failure { _ = try after.abandon(copy.id, reason: "late", at: noon) }?.code == .conflict)
            #expect(try after.abandon(register.id, reason: "cancelled", at: noon).state == .undone)
            #expect(failure { _ = try after.complete(register.id, at: noon) }?.code == .conflict)
            #expect(failure { _ = try after.complete(99, at: noon) }?.code == .notFound)
            #expect(try after.unfinishedOperations().isEmpty)
            #expect(try after.intend(.copy, subject: "ami-1", intent: "{}", token: "t1", at: noon) == done)
        }
    }

    @Test("a channel has a history, and moves only from where it is seen to be")
    func channels() throws {
        try withLedger { ledger, _ in
            let (web, dev): (ResourceName, ChannelName) = (try name("web"), try name("dev"))
            let (one, two) = (try target("1.0.0/1"), try target("1.1.0/1"))
            #expect(try ledger.channel(web, dev) == nil)
            _ = try ledger.promote(web, dev, from: nil, to: one, at: noon, by: "kim", reason: "first")
            let stale = failure { _ = try ledger.promote(web, dev, from: nil, to: two, at: noon, by: "lee", reason: "") }
            #expect(stale?.code == .conflict)
            #expect(stale?.message == "the channel dev of web changed meanwhile: it points to 1.0.0/1 (\(image))")
            let move = try ledger.promote(web, dev, from: one, to: two, at: noon, by: "lee", reason: "fix")
            _ = try ledger.promote(web, name("prod"), from: nil, to: one, at: noon, by: "kim", reason: "")
            _ = try ledger.promote(name("database"), dev, from: nil, to: one, at: noon, by: "kim", reason: "")
            #expect(try ledger.channel(web, dev) == two)
            #expect(try ledger.history(of: web, dev).map(\.to) == [two, one])
            #expect(try ledger.history(of: web, dev).first == move)
            #expect(try ledger.channels().map { "\($0.recipe)/\($0.channel)" } == ["database/dev", "web/dev", "web/prod"])
            #expect(try ledger.channels(of: web).map(\.to) == [two, one])
        }
    }

    @Test("of promotions that saw the same value, each through its own connection, one wins")
    func promotionRace() throws {
        try withLedger { ledger, path in
            let (web, dev): (ResourceName, ChannelName) = (try name("web"), try name("dev"))
            let targets = try (0..<4).map { try target("1.0.\($0)/1") }
            let outcomes = race(4) { worker in
                let mine = try Ledger(path: path)
                _ = try mine.promote(web, dev, from: nil, to: targets[worker], at: noon, by: "worker \(worker)", reason: "")
                return "won"
            }
            #expect(outcomes == ["conflict", "conflict", "conflict", "won"])
            #expect(try ledger.history(of: web, dev).count == 1)
        }
    }

    @Test("of schedulers that claim the same due times, exactly one gets each")
    func claims() throws {
        try withLedger { ledger, path in
            let pipeline: ResourceName = try name("web-nightly")
            let won = race(4) { worker in
                let mine = try Ledger(path: path)
                var won = 0
                for day in 0..<25 {
                    let due = noon.adding(seconds: Int64(day) * 86_400)
                    if try mine.claim(pipeline, kind: "build", scheduled: due, by: "scheduler \(worker)", at: due) { won += 1 }
                }
                return String(won)
            }
            #expect(won.compactMap { Int($0) }.reduce(0, +) == 25)
            #expect(try ledger.lastClaimed(pipeline, kind: "build") == noon.adding(seconds: 24 * 86_400))
            #expect(try ledger.lastClaimed(pipeline, kind: "copy us-west-2") == nil)
            #expect(try ledger.claim(pipeline, kind: "copy us-west-2", scheduled: noon, by: "a", at: noon))
            #expect(try ledger.events(EventFilter(kinds: [.scheduleClaimed])).count == 26)
        }
    }

    @Test("a claimed run that never ended is found, and ends once")
    func unfinishedRuns() throws {
        try withLedger { ledger, _ in
            let pipeline: ResourceName = try name("web-nightly")
            let finish = { (due: Instant) in
                try ledger.finishScheduleRun(pipeline, kind: "build", scheduled: due, outcome: "built", at: due)
            }
            let second = noon.adding(seconds: 60)
            for due in [noon, second] { _ = try ledger.claim(pipeline, kind: "build", scheduled: due, by: "a", at: due) }
            try finish(noon)
            #expect(try ledger.unfinishedScheduleRuns().map(\.scheduled) == [second])
            #expect(failure { try finish(noon) }?.code == .conflict)
            #expect(failure { try finish(noon.adding(seconds: 1)) }?.code == .conflict)
            #expect(try !ledger.claim(pipeline, kind: "build", scheduled: noon, by: "b", at: second))
        }
    }

    @Test("a first look is recorded whole or not at all, once, and not where something was claimed")
    func firstLooks() throws {
        try withLedger { ledger, path in
            let pipeline: ResourceName = try name("web-nightly")
            let look = { (at: Instant) in try ledger.seeFirst(pipeline, kind: "build", by: "a", at: at) }
            let connection = try Connection(path: path, mode: .writer)
            let change = { (sql: String) in try connection.write { try $0.run(sql) } }
            _ = try change(
                """
                CREATE TRIGGER fault BEFORE INSERT ON events WHEN NEW.kind = 'schedule.finished'
                BEGIN SELECT RAISE(ABORT, 'planned fault'); END
                """)
            #expect(failure { try look(noon) } != nil)
            #expect(try ledger.lastClaimed(pipeline, kind: "build") == nil && ledger.events().isEmpty)
            _ = try change("DROP TRIGGER fault")
            try look(noon)
            try look(noon.adding(seconds: 1))
            #expect(try ledger.lastClaimed(pipeline, kind: "build") == noon)
            #expect(try ledger.unfinishedScheduleRuns().isEmpty)
            #expect(try ledger.events().map(\.kind) == [.scheduleClaimed, .scheduleFinished])
            #expect(try ledger.lastRun(pipeline, kind: "build") == nil)
            #expect(try !ledger.claim(pipeline, kind: "build", scheduled: noon, by: "b", at: noon))
        }
    }

    @Test("a lease has one holder until it expires, is released, or the holder is dead")
    func leases() throws {
        try withLedger { ledger, _ in
            let minute = TimeSpan.minutes(1)
            let first = try ledger.acquire("build web", holder: "a", for: minute, at: noon)
            let busy = failure { _ = try ledger.acquire("build web", holder: "b", for: minute, at: noon.adding(seconds: 59)) }
            #expect(busy?.code == .busy)
            #expect(busy?.message == "the lease build web is held by a until \(noon.adding(seconds: 60))")
            _ = try ledger.acquire("build database", holder: "b", for: minute, at: noon)
            let renewed = try ledger.renew(first, for: minute, at: noon.adding(seconds: 30))
            #expect(
                failure { _ = try ledger.acquire("build web", holder: "b", for: minute, at: noon.adding(seconds: 89)) } != nil)
            let second = try ledger.acquire("build web", holder: "b", for: minute, at: noon.adding(seconds: 90))
            #expect(second.number > renewed.number)
            let third = try ledger.acquire("build web", holder: "c", for: minute, at: noon.adding(seconds: 91)) { $0 == "b" }
            try ledger.release(third, at: noon)
            let fourth = try ledger.acquire("build web", holder: "d", for: minute, at: noon)
            #expect(fourth.number == third.number + 1)
        }
    }

    @Test("a holder that lost its lease can neither renew it nor write under it")
    func fencing() throws {
        try withLedger { ledger, _ in
            let lost = try ledger.acquire("run", holder: "a", for: .minutes(1), at: noon)
            let pipeline: ResourceName = try name("web")
            let build = try ledger.startBuild(pipeline: pipeline, recipe: pipeline, source: nil, at: noon, under: lost)
            try ledger.check(lost)
            let later = noon.adding(seconds: 3600)
            let current = try ledger.acquire("run", holder: "b", for: .minutes(1), at: later)
            let writes: [() throws -> Void] = [
                { try ledger.check(lost) },
                { _ = try ledger.renew(lost, for: .minutes(1), at: later) },
                { try ledger.release(lost, at: later) },
                { _ = try ledger.finishBuild(build.id, .cancelled, at: later, under: lost) },
                { _ = try ledger.startBuild(pipeline: pipeline, recipe: pipeline, source: nil, at: later, under: lost) },
                { _ = try ledger.intend(.copy, subject: "x", intent: "{}", token: "t", at: later, under: lost) },
                { try ledger.append(.buildStarted, subject: "x", at: later, under: lost) },
            ]
            for write in writes {
                let refused = failure(write)
                #expect(refused?.code == .busy)
                #expect(refused?.message == "the lease run of a is lost: b took it")
            }
            #expect(try ledger.build(build.id).state == .running)
            _ = try ledger.finishBuild(build.id, .cancelled, at: later, under: current)
            try ledger.release(current, at: later)
            #expect(failure { try ledger.check(current) }?.message == "the lease run of b is lost: it was released")
        }
    }

    @Test("events come in order, are filtered, and can be neither changed nor removed")
    func events() throws {
        try withLedger { ledger, path in
            let mine = EventKind(rawValue: "image.verified")
            for second in 0..<5 {
                try ledger.append(
                    second.isMultiple(of: 2) ? mine : .buildStarted, subject: second < 3 ? "a" : "b",
                    detail: ["n": String(second), "a/b": "\"quoted\""], at: noon.adding(seconds: Int64(second)))
            }
            let numbers = { (filter: EventFilter) in try ledger.events(filter).map { $0.at.seconds - noon.seconds } }
            #expect(try numbers(EventFilter()) == [0, 1, 2, 3, 4])
            #expect(try numbers(EventFilter(kinds: [mine])) == [0, 2, 4])
            #expect(try numbers(EventFilter(subject: "a")) == [0, 1, 2])
            #expect(try numbers(EventFilter(since: noon.adding(seconds: 3))) == [3, 4])
            #expect(try numbers(EventFilter(limit: 2)) == [3, 4])
            let first = try #require(try ledger.events().first)
            #expect(try numbers(EventFilter(after: first.seq, limit: 2)) == [1, 2])
            #expect(first.detail == #"{"a/b":"\"quoted\"","n":"0"}"#)
            let connection = try Connection(path: path)
            for sql in ["UPDATE events SET kind = 'other'", "DELETE FROM events"] {
                let refused = #expect(throws: SQLiteError.self) { try connection.write { try $0.run(sql) } }
                #expect(refused?.message == "events are append-only")
            }
        }
    }

    @Test("a ledger that is not there, or no database, is called so")
    func damaged() throws {
        try withTemporaryFolder { folder in
            #expect(failure { _ = try Ledger(path: folder + "/a.db", readOnly: true) }?.code == .notFound)
            try Files.writeDurably(folder + "/b.db", Array(String(repeating: "no database ", count: 100).utf8))
            #expect(failure { _ = try Ledger(path: folder + "/b.db") }?.code == .corrupt)
        }
    }

    /// What each worker returned, or the code of its failure, sorted.
    private func race(_ count: Int, _ body: @escaping @Sendable (Int) throws -> String) -> [String] {
        let outcomes = Mutex<[String]>([])
        Threads.concurrently(count) { worker in
            let outcome: String
            do { outcome = try body(worker) } catch { outcome = (error as? Failure)?.code.rawValue ?? "\(error)" }
            outcomes.withLock { $0.append(outcome) }
        }
        return outcomes.withLock { $0 }.sorted()
    }
}
