import FoundationEssentials
import Model
import Platform
import TestSupport
import Testing

@Suite struct `Instants` {
    @Test(
        "an instant prints as EC2 prints it, and reads back",
        arguments: [
            (1_795_216_773, "2026-11-20T23:19:33Z"), (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"), (-62_135_596_800, "0001-01-01T00:00:00Z"),
            (253_402_300_799, "9999-12-31T23:59:59Z"),
        ])
    func text(_ seconds: Int64, _ text: String) throws {
        let instant = Instant(seconds: seconds)
        #expect(instant.description == text)
        #expect(try Instant(parsing: text) == instant)
        #expect(try Instant(parsing: instant.withMilliseconds) == instant)
    }

    @Test(
        "the other forms",
        arguments: [
            ("2026-11-20", "2026-11-20T00:00:00Z"), ("2026-11-20T23:19Z", "2026-11-20T23:19:00Z"),
            ("2026-11-21T08:19:33+09:00", "2026-11-20T23:19:33Z"), ("2026-11-20T18:19:33-0500", "2026-11-20T23:19:33Z"),
            ("2026-11-20 23:19:33.987654Z", "2026-11-20T23:19:33Z"),
        ])
    func forms(_ text: String, _ expected: String) throws {
        #expect(try Instant(parsing: text).description == expected)
    }

    @Test(
        "what is no date or time is refused",
        arguments: [
            "", "2026", "2026-11", "2026-11-31", "2025-02-29", "2026-13-01", "2026-00-01", "2026-01-00", "2026-11-20T24:00:00Z",
            "2026-11-20T23:60:00Z", "2026-11-20T23:59:60Z", "2026-11-20T23:19:33", "2026-11-20T23:19:33.Z",
            "2026-11-20T23:19:33+24:00",
            "2026-11-20T23:19:33Zx", "2026-11-2", "20261120", "-2026-11-20", "2026-11-20T", "２０２６-11-20",
        ])
    func refused(_ text: String) {
        #expect(throws: Failure.self) { try Instant(parsing: text) }
    }

    @Test("in names there are no colons, and a zone shows its own time")
    func zones() throws {
        let instant = try Instant(parsing: "2026-11-20T23:19:33Z")
        #expect(instant.inNames == "2026-11-20T23-19-33.000Z")
        #expect(instant.withMilliseconds == "2026-11-20T23:19:33.000Z")
        #expect(instant.text(in: try ZoneInfo(named: "Asia/Seoul")) == "2026-11-21T08:19:33+09:00")
        #expect(instant.text(in: try ZoneInfo(named: "America/St_Johns")) == "2026-11-20T19:49:33-03:30")
        #expect(instant.text(in: .utc) == "2026-11-20T23:19:33+00:00")
    }

    @Test("arithmetic stops at the ends of the range")
    func ends() {
        for seconds in [Int64.min, .max] {
            let instant = Instant(seconds: seconds)
            #expect(instant.utc.secondsSinceEpoch == seconds)
            #expect(!instant.description.isEmpty)
        }
        #expect(Instant(seconds: .max) + .days(1) == Instant(seconds: .max))
        #expect(Instant(seconds: .min) - .days(1) == Instant(seconds: .min))
    }

    @Test("JSON has the text form, and wrong text is an error")
    func json() throws {
        let list = [try Instant(parsing: "2026-11-20T23:19:33Z")]
        let data = try JSONEncoder().encode(list)
        #expect(String(decoding: data, as: UTF8.self) == "[\"2026-11-20T23:19:33Z\"]")
        #expect(try JSONDecoder().decode([Instant].self, from: data) == list)
        #expect(throws: (any Error).self) { try JSONDecoder().decode([Instant].self, from: Data("[\"soon\"]".utf8)) }
    }

    @Test("dates and weekdays are Python's, for every day from 1890 to 2110", .enabled(if: Python.isAvailable, Python.missing))
    func calendar() throws {
        let script = """
            import datetime
            day, text = datetime.date(1890, 1, 1), []
            while day.year < 2111:
                text.append('%s %d' % (day.isoformat(), day.isoweekday() % 7 + 1))
                day += datetime.timedelta(days=1)
            print(' '.join(text))
            """
        let words = try Python.run(script).split(whereSeparator: \.isWhitespace)
        try #require(words.count == 2 * 80_718)
        let first = GregorianCalendar.days(year: 1890, month: 1, day: 1)
        var wrong = 0
        for index in stride(from: 0, to: words.count, by: 2) {
            let day = first + Int64(index / 2)
            let civil = CivilDateTime(secondsSinceEpoch: day * 86_400)
            if civil.dateText != words[index] || civil.daysSinceEpoch != day || "\(civil.weekday)" != words[index + 1] {
                wrong += 1
            }
        }
        #expect(wrong == 0)
    }
}

@Suite struct `Lengths of time and amounts` {
    @Test(
        "a length of time is a number and a unit",
        arguments: [
            ("7d", 604_800, "7d"), ("36h", 129_600, "36h"), ("30m", 1800, "30m"), ("2w", 1_209_600, "14d"), ("90s", 90, "90s"),
            ("48h", 172_800, "2d"), ("0s", 0, "0s"),
        ])
    func spans(_ text: String, _ seconds: Int64, _ shown: String) throws {
        let span = try TimeSpan(parsing: text)
        #expect(span.seconds == seconds)
        #expect(span.description == shown)
        #expect(try TimeSpan(parsing: shown) == span)
    }

    @Test(
        "another text is no length of time",
        arguments: ["", "7", "d", "-7d", "7 d", "1.5h", "7y", "7D", "101y", "40000d", "9223372036854775807w"])
    func refused(_ text: String) {
        #expect(throws: Failure.self) { try TimeSpan(parsing: text) }
    }
}

@Suite struct `Failures of time zones` {
    @Test("an unknown zone suggests the nearest")
    func suggestion() {
        let failure = Failure(.unknown("Asia/Soeul"), names: ["Asia/Seoul", "Europe/Berlin"])
        #expect(failure.code == .notFound)
        #expect(failure.hint?.contains("Asia/Seoul") == true)
        #expect(Failure(.noDatabase(folder: "/x"), names: []).code == .unavailable)
        #expect(Failure(.malformed(path: "/x", reason: "r"), names: []).code == .corrupt)
    }
}
