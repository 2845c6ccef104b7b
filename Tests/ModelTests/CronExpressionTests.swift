import Model
import Platform
import Testing

/// The next runs in UTC, as text.
private func runs(_ expression: String, after start: String, count: Int, in zone: ZoneInfo = .utc) throws -> [String] {
    let start = try Instant(parsing: start)
    let schedule = Schedule(try ScheduleExpression(parsing: expression), zone: zone, anchor: start)
    return schedule.runs(after: start, count: count).map(\.description)
}

private func failure(_ expression: String) -> Failure? {
    do throws(Failure) {
        _ = try ScheduleExpression(parsing: expression)
        return nil
    } catch { return error }
}

@Suite struct `Cron expressions` {
    @Test(
        "AWS's documented examples mean what AWS says they mean",
        arguments: [
            // EventBridge's and Image Builder's user guides, "cron expressions reference" and "schedule types".
            ("cron(0 10 * * ? *)", ["2026-01-01T10:00:00Z", "2026-01-02T10:00:00Z"]),
            ("cron(15 12 * * ? *)", ["2026-01-01T12:15:00Z", "2026-01-02T12:15:00Z"]),
            ("cron(0 18 ? * MON-FRI *)", ["2026-01-01T18:00:00Z", "2026-01-02T18:00:00Z", "2026-01-05T18:00:00Z"]),
            ("cron(0 8 1 * ? *)", ["2026-01-01T08:00:00Z", "2026-02-01T08:00:00Z"]),
            ("cron(0/15 * * * ? *)", ["2026-01-01T00:15:00Z", "2026-01-01T00:30:00Z", "2026-01-01T00:45:00Z"]),
            ("cron(1/10 * * * ? *)", ["2026-01-01T00:01:00Z", "2026-01-01T00:11:00Z", "2026-01-01T00:21:00Z"]),
            ("cron(0/10 * ? * MON-FRI *)", ["2026-01-01T00:10:00Z", "2026-01-01T00:20:00Z"]),
            ("cron(0/5 8-17 ? * MON-FRI *)", ["2026-01-01T08:00:00Z", "2026-01-01T08:05:00Z"]),
            ("cron(0 9 ? * 2#1 *)", ["2026-01-05T09:00:00Z", "2026-02-02T09:00:00Z"]),
            ("cron(15 10 ? * 6L 2026-2027)", ["2026-01-30T10:15:00Z", "2026-02-27T10:15:00Z"]),
            ("cron(0 10 ? * 2-6 *)", ["2026-01-01T10:00:00Z", "2026-01-02T10:00:00Z", "2026-01-05T10:00:00Z"]),
            ("cron(30 22 ? * tue#2 *)", ["2026-01-13T22:30:00Z", "2026-02-10T22:30:00Z"]),
        ] as [(String, [String])])
    func documented(_ expression: String, _ expected: [String]) throws {
        #expect(try runs(expression, after: "2026-01-01", count: expected.count) == expected)
    }

    @Test(
        "days are found by rule",
        arguments: [
            // 2026-02-01 and 2026-03-01 are Sundays, 2026-05-31 is one too; 2026-08-01 is a Saturday.
            ("0 0 1W 2 ? 2026", ["2026-02-02T00:00:00Z"]),
            ("0 0 1W 8 ? 2026", ["2026-08-03T00:00:00Z"]),
            ("0 0 31W 5 ? 2026", ["2026-05-29T00:00:00Z"]),
            ("0 0 30W 5 ? 2026", ["2026-05-29T00:00:00Z"]),
            ("0 0 31W * ? 2026", ["2026-01-30T00:00:00Z", "2026-03-31T00:00:00Z", "2026-05-29T00:00:00Z"]),
            ("0 0 L 2 ? 2026-2028", ["2026-02-28T00:00:00Z", "2027-02-28T00:00:00Z", "2028-02-29T00:00:00Z"]),
            ("0 0 29 2 ? *", ["2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z"]),
            ("0 0 ? * 1#5 2026", ["2026-03-29T00:00:00Z", "2026-05-31T00:00:00Z"]),
            ("0 0 ? * L 2026", ["2026-01-03T00:00:00Z", "2026-01-10T00:00:00Z"]),
            ("0 0 ? * SUN,TUE,SAT 2026", ["2026-01-03T00:00:00Z", "2026-01-04T00:00:00Z", "2026-01-06T00:00:00Z"]),
            ("0 0 L,1,1W 2 ? 2026", ["2026-02-01T00:00:00Z", "2026-02-02T00:00:00Z", "2026-02-28T00:00:00Z"]),
        ] as [(String, [String])])
    func days(_ expression: String, _ expected: [String]) throws {
        #expect(try runs(expression, after: "2026-01-01", count: expected.count) == expected)
    }

    @Test(
        "a date that never comes gives no run, at once", arguments: ["0 0 30 2 ? *", "0 0 31 2,4,6,9,11 ? *", "0 0 1 1 ? 2025"])
    func never(_ expression: String) throws {
        #expect(try runs(expression, after: "2026-01-01", count: 1) == [])
    }

    @Test("the last run of all is in 2199, and the first in 1970")
    func ends() throws {
        #expect(try runs("59 23 31 12 ? *", after: "2199-01-01", count: 5) == ["2199-12-31T23:59:00Z"])
        let schedule = Schedule(try ScheduleExpression(parsing: "0 0 1 1 ? *"), anchor: Instant(seconds: .min))
        #expect(schedule.next(after: Instant(seconds: .min)) == .epoch)
        #expect(schedule.next(after: Instant(seconds: .max)) == nil)
        #expect(schedule.previous(atOrBefore: Instant(seconds: .max))?.description == "2199-01-01T00:00:00Z")
        #expect(schedule.previous(atOrBefore: Instant(seconds: -1)) == nil)
    }

    @Test("with or without cron( ), in any case and spacing, it is the same expression")
    func spelling() throws {
        let expression = try ScheduleExpression(parsing: "cron(0 2 ? jan Mon-fri *)")
        #expect(try ScheduleExpression(parsing: "  0  2\t? JAN MON-FRI * ") == expression)
        #expect(expression.description == "cron(0 2 ? JAN MON-FRI *)")
        #expect(try ScheduleExpression(parsing: expression.description) == expression)
    }

    @Test(
        "an error names the field and what is allowed in it",
        arguments: [
            ("60 * * * ? *", "minute", "0 to 59"), ("* 24 * * ? *", "hour", "0 to 23"),
            ("* * 0 * ? *", "day-of-month", "1 to 31"),
            ("* * 32 * ? *", "day-of-month", "1 to 31"), ("* * * 13 ? *", "month", "1 to 12 or JAN to DEC"),
            ("* * * FOO ? *", "month", "1 to 12 or JAN to DEC"), ("* * ? * 0 *", "day-of-week", "1 to 7 or SUN to SAT"),
            ("* * ? * 8 *", "day-of-week", "1 to 7 or SUN to SAT"), ("* * * * ? 1969", "year", "1970 to 2199"),
            ("* * * * ? 2200", "year", "1970 to 2199"), ("*/0 * * * ? *", "minute", "1 to 59"),
            ("*/60 * * * ? *", "minute", "1 to 59"),
            ("1,,2 * * * ? *", "minute", "comma"), ("1/2/3 * * * ? *", "minute", "more than one /"),
            ("1-2-3 * * * ? *", "minute", "more than one -"), ("30-10 * * * ? *", "minute", "runs backwards"),
            ("* * ? * FRI-MON *", "day-of-week", "runs backwards"), ("? * * * ? *", "minute", "0 to 59"),
            ("* * ? * 3#6 *", "day-of-week", "1 to 5"), ("* * ? * 3#0 *", "day-of-week", "1 to 5"),
            ("* * ? * 3#1,6#3 *", "day-of-week", "only one"), ("* * ? * #2 *", "day-of-week", "1 to 7"),
            ("* * LW * ? *", "day-of-month", "only alone"), ("* * L-3 * ? *", "day-of-month", "only alone"),
            ("* * 32W * ? *", "day-of-month", "1 to 31"), ("* * W * ? *", "day-of-month", "1 to 31"),
            ("* * ? * 9L *", "day-of-week", "1 to 7"), ("-1 * * * ? *", "minute", "0 to 59"),
            ("+5 * * * ? *", "minute", "0 to 59"),
            ("٥ * * * ? *", "minute", "0 to 59"), ("* * * * ? 99999999999999999999", "year", "1970 to 2199"),
        ])
    func refused(_ expression: String, _ field: String, _ part: String) throws {
        let error = try #require(failure(expression))
        #expect(error.code == .invalid)
        #expect(error.message.contains("the \(field) field"))
        #expect(error.message.contains(part), "\(error.message)")
    }

    @Test("exactly one of the day fields is ?", arguments: ["* * * * * *", "* * 1 * MON *", "* * ? * ? *", "* * 1 * * *"])
    func questionMark(_ expression: String) throws {
        let error = try #require(failure(expression))
        #expect(error.code == .invalid)
        #expect(try #require(error.hint).contains("exactly one"))
    }

    @Test("five fields of Unix get a hint about the sixth", arguments: ["0 2 * * *", "cron(0 2 * * *)"])
    func unix(_ expression: String) throws {
        let error = try #require(failure(expression))
        #expect(error.message.contains("5 fields"))
        #expect(try #require(error.hint).contains("AWS adds a year"))
    }

    @Test(
        "what is no six fields is refused",
        arguments: ["", "cron()", "cron(* * * * ? *", "@daily", "* * * * ? * *", "at(2026-01-01T00:00:00)"])
    func fields(_ expression: String) throws {
        #expect(try #require(failure(expression)).code == .invalid)
    }
}

@Suite struct `Rates` {
    @Test("a rate counts from its anchor, the first run one interval later")
    func anchor() throws {
        #expect(
            try runs("rate(12 hours)", after: "2026-01-01T05:30:07Z", count: 3)
                == ["2026-01-01T17:30:07Z", "2026-01-02T05:30:07Z", "2026-01-02T17:30:07Z"])
        let anchor = try Instant(parsing: "2026-01-01")
        let schedule = Schedule(try ScheduleExpression(parsing: "rate(1 day)"), anchor: anchor)
        #expect(schedule.previous(atOrBefore: anchor) == nil)
        #expect(schedule.previous(atOrBefore: anchor.adding(seconds: 86_399)) == nil)
        #expect(schedule.previous(atOrBefore: anchor.adding(seconds: 86_400)) == anchor.adding(seconds: 86_400))
        #expect(schedule.next(after: anchor.adding(seconds: 86_400)) == anchor.adding(seconds: 2 * 86_400))
        #expect(schedule.next(after: Instant(seconds: .min)) == anchor.adding(seconds: 86_400))
        #expect(schedule.next(after: Instant(seconds: .max)) == nil)
    }

    @Test("a day is 24 hours also where the clocks change")
    func days() throws {
        let zone = try ZoneInfo(named: "America/New_York")
        #expect(
            try runs("rate(1 day)", after: "2026-03-07T12:00:00Z", count: 2, in: zone)
                == ["2026-03-08T12:00:00Z", "2026-03-09T12:00:00Z"])
    }

    @Test(
        "number and unit agree, and the text comes back",
        arguments: ["rate(1 minute)", "rate(5 minutes)", "rate(1 hour)", "rate(7 days)"])
    func text(_ expression: String) throws {
        #expect(try ScheduleExpression(parsing: expression).description == expression)
    }

    @Test(
        "another rate is refused",
        arguments: [
            "rate(1 minutes)", "rate(2 minute)", "rate(0 minutes)", "rate(-1 days)", "rate(1.5 hours)", "rate(1 week)",
            "rate(5minutes)",
            "rate(1 day", "rate()", "rate(99999999 days)", "rate(9223372036854775807 days)", "rate(2 dayss)",
        ])
    func refused(_ expression: String) throws {
        #expect(try #require(failure(expression)).code == .invalid)
    }
}

@Suite struct `Schedules where the clocks change` {
    @Test("a local time that does not exist is left out")
    func gap() throws {
        let zone = try ZoneInfo(named: "America/New_York")
        #expect(
            try runs("30 2 * * ? *", after: "2026-03-07", count: 3, in: zone)
                == ["2026-03-07T07:30:00Z", "2026-03-09T06:30:00Z", "2026-03-10T06:30:00Z"])
        #expect(try runs("30 2 ? 3 SUN#2 *", after: "2026-01-01", count: 1, in: zone) == [])
    }

    @Test("a local time that comes twice counts once, the first time")
    func overlap() throws {
        let zone = try ZoneInfo(named: "America/New_York")
        #expect(
            try runs("30 1 * * ? *", after: "2026-10-31T12:00:00Z", count: 2, in: zone)
                == ["2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"])
        // Also where the search starts between the two.
        #expect(try runs("30 1 * * ? *", after: "2026-11-01T06:10:00Z", count: 1, in: zone) == ["2026-11-02T06:30:00Z"])
        let schedule = Schedule(try ScheduleExpression(parsing: "50 1 * * ? *"), zone: zone, anchor: .epoch)
        #expect(
            schedule.previous(atOrBefore: try Instant(parsing: "2026-11-01T06:10:00Z"))?.description == "2026-11-01T05:50:00Z")
    }

    @Test("a whole day that was left out has no runs")
    func samoa() throws {
        let zone = try ZoneInfo(named: "Pacific/Apia")
        // 30 December 2011 did not take place in Samoa.
        #expect(
            try runs("0 12 29-31 12 ? 2011", after: "2011-12-01", count: 9, in: zone) == [
                "2011-12-29T22:00:00Z", "2011-12-30T22:00:00Z",
            ])
    }
}
