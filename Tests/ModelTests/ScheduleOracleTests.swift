import Crypto
import Model
import Platform
import TestSupport
import Testing

/// Lists of runs against an oracle in Python that knows nothing of our code: it tries every day and every minute of the day
/// against each field, and asks zoneinfo what becomes of the local time.
@Suite struct `Schedules agree with a brute-force oracle in Python` {
    static let expressions = [
        "0 2 * * ? *", "30 2 * * ? *", "0 0 * * ? *", "59 23 * * ? *", "0 10 ? * 2-6 *", "30 22 ? * tue#2 *", "30 1 ? * SUN *",
        "0 3 L * ? *", "0 3 ? * L *", "15 10 ? * 6L *", "0 9 1W * ? *", "0 9 15W * ? *", "0 9 31W * ? *", "0 9 30W 2,4 ? *",
        "0 0 29 2 ? *", "0 12 31 * ? *", "0 12 13 * ? *", "0 8 1 * ? *", "0/15 1-3 ? 3,4,9-11 SUN *", "*/20 0-2 1-7 * ? *",
        "5 4/6 * * ? *", "0 18 ? * MON-FRI *", "0 0 1 1 ? *", "0 0 1 1/3 ? *", "30 2 ? 3 SUN#2 *", "30 2 ? 3 SUNL *",
        "30 1 ? 11 1#1 *", "30 1 ? 10 1L *", "0 6 ? * 7#5 *", "10-50/10 5 ? * 1,4 *", "0 2 1-31/2 * ? *", "0 2 L,15 * ? *",
        "0 5 ? JAN-MAR,DEC 2/2 *", "7 7 7 7 ? *", "0 0 30 12 ? *", "45 23 L 2 ? *", "0 1,2,3 ? * SUN,L *", "0 2 ? * MONL 2010/3",
        "0 2 * * ? 2013-2016,2035", "0 4 10-20/5,25 */2 ? *", "0 13 ? * FRI 2011,2033/2", "15 0 ? * THU#4 *",
    ]

    static let zones = [
        "UTC", "America/New_York", "Europe/Berlin", "Asia/Seoul", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca",
        "Europe/Dublin", "America/Sao_Paulo", "Asia/Kathmandu", "Antarctica/Troll", "America/St_Johns", "Pacific/Chatham",
        "Asia/Gaza", "America/Nuuk", "Europe/Lisbon", "Africa/Cairo", "America/Santiago", "Asia/Tehran", "Pacific/Kiritimati",
    ]

    /// Prints for every line `zone,first day,last day,expression` how many runs there are, and the digest of the list of them.
    /// With the word `list` before it, prints the runs.
    static let oracle = """
        import sys, calendar, datetime, hashlib, zoneinfo
        NAMES = {n: i + 1 for i, n in enumerate('JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split())}
        DAYS = {n: i + 1 for i, n in enumerate('SUN MON TUE WED THU FRI SAT'.split())}
        def number(word, names):
            return names[word] if word in names else int(word)
        def matches(field, value, low, high, names={}):
            for term in field.split(','):
                base, _, step = term.partition('/')
                first, _, last = base.partition('-')
                if base == '*': a, b = low, high
                elif last: a, b = number(first, names), number(last, names)
                else: a = number(first, names); b = high if step else a
                if a <= value <= b and (value - a) % int(step or 1) == 0: return True
            return False
        def weekday(date):
            return date.isoweekday() % 7 + 1
        def day_of_month(field, date):
            length = calendar.monthrange(date.year, date.month)[1]
            for term in field.split(','):
                if term == 'L':
                    if date.day == length: return True
                elif term.endswith('W'):
                    wanted = int(term[:-1])
                    if wanted > length or weekday(date) in (1, 7): continue
                    working = [d for d in range(1, length + 1) if weekday(date.replace(day=d)) not in (1, 7)]
                    if min(working, key=lambda d: abs(d - wanted)) == date.day: return True
                elif matches(term, date.day, 1, 31): return True
            return False
        def day_of_week(field, date):
            for term in field.split(','):
                if term == 'L':
                    if weekday(date) == 7: return True
                elif '#' in term:
                    day, _, nth = term.partition('#')
                    if weekday(date) == number(day, DAYS) and (date.day - 1) // 7 + 1 == int(nth): return True
                elif term.endswith('L'):
                    later = date + datetime.timedelta(days=7)
                    if weekday(date) == number(term[:-1], DAYS) and later.month != date.month: return True
                elif matches(term, weekday(date), 1, 7, DAYS): return True
            return False
        def day_matches(fields, date):
            if not matches(fields[5], date.year, 1970, 2199) or not matches(fields[3], date.month, 1, 12, NAMES): return False
            return day_of_month(fields[2], date) if fields[2] != '?' else day_of_week(fields[4], date)
        utc = datetime.timezone.utc
        epoch = datetime.datetime(1970, 1, 1, tzinfo=utc)
        def runs(zone, first, last, expression):
            fields = expression.upper().split()
            times = [datetime.time(h, m) for h in range(24) if matches(fields[1], h, 0, 23)
                     for m in range(60) if matches(fields[0], m, 0, 59)]
            day = first
            while day <= last:
                if day_matches(fields, day):
                    for time in times:
                        # Without fold this is the first of two; in a gap the way there and back ends elsewhere.
                        local = datetime.datetime.combine(day, time, zone)
                        there = local.astimezone(utc)
                        if there.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
                            yield (there - epoch) // datetime.timedelta(seconds=1)
                day += datetime.timedelta(days=1)
        for line in sys.stdin.read().splitlines():
            listing = line.startswith('list ')
            zone, first, last, expression = line.removeprefix('list ').split(';')
            date = datetime.date.fromisoformat
            found = [str(run) for run in runs(zoneinfo.ZoneInfo(zone), date(first), date(last), expression)]
            text = ' '.join(found)
            print(text if listing else '%d %s' % (len(found), hashlib.sha256(text.encode()).hexdigest()))
        """

    /// One expression in one zone over ten years, given by their first and last local day.
    struct Case {
        let zone: String
        let years: (first: Int, last: Int)
        let expression: String

        var line: String { "\(zone);\(years.first)-01-01;\(years.last)-12-31;\(expression)" }

        func runs() throws -> [Int64] {
            let zone = try ZoneInfo(named: zone)
            let start = try #require(CivilDateTime(year: years.first, month: 1, day: 1)).secondsSinceEpoch
            let end = try #require(CivilDateTime(year: years.last + 1, month: 1, day: 1)).secondsSinceEpoch
            let first = try #require(zone.resolve(local: start).first) - 1
            let last = try #require(zone.resolve(local: end).first)
            let expression = try ScheduleExpression(parsing: expression)
            let schedule = Schedule(expression, zone: zone, anchor: Instant(seconds: first))
            var runs: [Int64] = []
            var instant = Instant(seconds: first)
            while let next = schedule.next(after: instant), next.seconds < last {
                runs.append(next.seconds)
                instant = next
            }
            return runs
        }
    }

    /// Every expression in five zones, every zone with several expressions; half of the cases in years that only footers know.
    static let cases = expressions.indices.flatMap { index in
        (0..<5).map { turn in
            Case(
                zone: zones[(index * 7 + turn * 4) % zones.count],
                years: (index + turn).isMultiple(of: 2) ? (2009, 2018) : (2031, 2040), expression: expressions[index])
        }
    }

    @Test("the runs of ten years, for 42 expressions and 20 zones", .enabled(if: Python.isAvailable, Python.missing))
    func tenYears() throws {
        let answers = try Python.run(Self.oracle, input: Self.cases.map(\.line).joined(separator: "\n")).split(separator: "\n")
        try #require(answers.count == Self.cases.count)
        #expect(Set(Self.cases.map(\.zone)).count == 20)
        var compared = 0
        for (item, answer) in zip(Self.cases, answers) {
            let runs = try item.runs()
            let digest = SHA256.digest(of: runs.map(String.init).joined(separator: " "))
            if answer != "\(runs.count) \(digest)" { Issue.record("\(item.line): \(try difference(item, runs))") }
            compared += runs.count
        }
        #expect(compared > 50_000)
    }

    /// Where the list leaves the oracle's.
    private func difference(_ item: Case, _ runs: [Int64]) throws -> String {
        let expected = try Python.run(Self.oracle, input: "list \(item.line)").split(whereSeparator: \.isWhitespace).compactMap {
            Int64($0)
        }
        let index = zip(runs, expected).enumerated().first { $1.0 != $1.1 }?.offset ?? min(runs.count, expected.count)
        let text = { (list: [Int64]) in index < list.count ? Instant(seconds: list[index]).description : "none" }
        return "run \(index) of \(expected.count) is \(text(runs)), and Python's \(text(expected))"
    }

    @Test("going backwards gives the same runs as going forwards", arguments: [3, 11, 20, 57, 92, 101, 122, 184])
    func backwards(_ index: Int) throws {
        let item = Self.cases[index]
        let forwards = try item.runs()
        let anchor = Instant(seconds: (forwards.first ?? 0) - 1)
        let schedule = Schedule(
            try ScheduleExpression(parsing: item.expression), zone: try ZoneInfo(named: item.zone), anchor: anchor)
        var backwards: [Int64] = []
        var instant = Instant(seconds: forwards.last ?? 0)
        while let previous = schedule.previous(atOrBefore: instant) {
            backwards.append(previous.seconds)
            instant = previous.adding(seconds: -1)
        }
        #expect(backwards.reversed() == forwards)
    }

    @Test(
        "from every minute around a change of the clocks, the next run and the previous one are those of a walk minute by minute",
        .enabled(if: Python.isAvailable, Python.missing),
        arguments: [
            ("America/New_York", "2026-03-08"), ("America/New_York", "2026-11-01"), ("Australia/Lord_Howe", "2026-04-05"),
            ("Australia/Lord_Howe", "2026-10-04"), ("Pacific/Apia", "2011-12-30"), ("Antarctica/Troll", "2027-03-28"),
            ("Antarctica/Troll", "2027-10-31"), ("Africa/Casablanca", "2026-02-15"), ("America/Nuuk", "2024-03-31"),
            ("Europe/Dublin", "2039-10-30"), ("Asia/Seoul", "1988-05-08"), ("America/Sao_Paulo", "2018-11-04"),
        ])
    func everyMinute(_ name: String, _ day: String) throws {
        let walk = """
            import sys, datetime, zoneinfo
            utc = datetime.timezone.utc
            name, day = sys.stdin.read().split()
            zone = zoneinfo.ZoneInfo(name)
            at = datetime.datetime.fromisoformat(day).replace(tzinfo=utc) - datetime.timedelta(days=2)
            for minute in range(4 * 1440):
                local = (at + datetime.timedelta(minutes=minute)).astimezone(zone)
                print(local.hour * 60 + local.minute if local.fold == 0 else -1)
            """
        let shown = try Python.run(walk, input: "\(name) \(day)").split(separator: "\n").compactMap { Int($0) }
        let start = try Instant(parsing: day).adding(seconds: -2 * 86_400)
        let zone = try ZoneInfo(named: name)
        let wanted: [(String, (Int) -> Bool)] = [
            ("0/5 * * * ? *", { $0 % 5 == 0 }), ("* * * * ? *", { _ in true }), ("30 2 * * ? *", { $0 == 150 }),
            ("15,45 0-3,23 * * ? *", { [15, 45].contains($0 % 60) && ($0 / 60 <= 3 || $0 / 60 == 23) }),
        ]
        for (expression, matches) in wanted {
            let schedule = Schedule(try ScheduleExpression(parsing: expression), zone: zone, anchor: start)
            let runs = shown.indices.filter { $0 > 0 && shown[$0] >= 0 && matches(shown[$0]) }
            var index = 0
            for minute in 0..<shown.count - 1440 {
                while index < runs.count, runs[index] <= minute { index += 1 }
                let now = start.adding(seconds: Int64(minute) * 60)
                let next = index < runs.count ? start.adding(seconds: Int64(runs[index]) * 60) : nil
                let previous = index > 0 ? start.adding(seconds: Int64(runs[index - 1]) * 60) : nil
                guard schedule.next(after: now) == next, schedule.previous(atOrBefore: now) == previous else {
                    Issue.record("\(expression) in \(name) at \(now)")
                    break
                }
            }
        }
    }
}
