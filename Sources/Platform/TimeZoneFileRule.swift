/// The rule of a POSIX TZ string such as `EST5EDT,M3.2.0,M11.1.0`, with the extensions of RFC 9636 (times of -167 to 167 h).
struct TimeZoneRule: Equatable, Sendable {
    let standardOffset: Int
    let daylight: Daylight?

    struct Daylight: Equatable, Sendable {
        let offset: Int
        let start: YearlyDate
        let end: YearlyDate
    }

    /// A day that comes once a year, and a time on it in seconds after its midnight.
    struct YearlyDate: Equatable, Sendable {
        enum Day: Equatable, Sendable {
            /// 1 to 365; 29 February is never counted.
            case julian(Int)
            /// 0 to 365; 29 February is counted.
            case ordinal(Int)
            /// Week 1 to 5, where 5 is the last; weekday 0 (Sunday) to 6.
            case weekday(month: Int, week: Int, weekday: Int)
        }

        let day: Day
        let time: Int

        /// Local seconds since 1970.
        func local(year: Int) -> Int64 {
            let first = GregorianCalendar.days(year: year, month: 1, day: 1)
            let days: Int64
            switch day {
            case .julian(let number):
                days = first + Int64(number - 1 + (number >= 60 && GregorianCalendar.isLeap(year: year) ? 1 : 0))
            case .ordinal(let number): days = first + Int64(number)
            case .weekday(let month, let week, let weekday):
                let start = GregorianCalendar.days(year: year, month: month, day: 1)
                var day = 1 + (weekday - GregorianCalendar.weekday(days: start) + 7) % 7 + (week - 1) * 7
                if day > GregorianCalendar.daysInMonth(year: year, month: month) { day -= 7 }
                days = start + Int64(day - 1)
            }
            return days * GregorianCalendar.secondsPerDay + Int64(time)
        }
    }

    /// Seconds east of UTC that a zone may have (RFC 9636, 3.2).
    static let offsets = -89_999...93_599

    /// The changes of the offset in the years from the one of `start` less one to the one of `end` plus one, ascending.
    func transitions(from start: Int64, to end: Int64) -> [ZoneInfo.Transition] {
        guard let daylight else { return [] }
        // Far enough for any calendar, near enough for 64 bits.
        let start = min(max(start, -1 << 50), 1 << 50)
        let end = min(max(end, -1 << 50), 1 << 50)
        let first = GregorianCalendar.date(days: GregorianCalendar.floorDivide(start, GregorianCalendar.secondsPerDay)).year - 1
        let last = GregorianCalendar.date(days: GregorianCalendar.floorDivide(end, GregorianCalendar.secondsPerDay)).year + 1
        var result: [ZoneInfo.Transition] = []
        for year in first...last {
            let toDaylight = daylight.start.local(year: year) - Int64(standardOffset)
            let toStandard = daylight.end.local(year: year) - Int64(daylight.offset)
            result.append(ZoneInfo.Transition(time: toDaylight, offset: daylight.offset))
            result.append(ZoneInfo.Transition(time: toStandard, offset: standardOffset))
        }
        // Daylight time all year is written so that it ends at the instant when it begins again: the beginning counts.
        return result.sorted { ($0.time, $0.offset == daylight.offset ? 1 : 0) < ($1.time, $1.offset == daylight.offset ? 1 : 0) }
    }

    func offset(at seconds: Int64) -> Int {
        transitions(from: seconds, to: seconds).last { $0.time <= seconds }?.offset ?? standardOffset
    }

    init?(parsing text: String) {
        var parser = RuleParser(rest: Substring(text).utf8)
        guard parser.name(), let west = parser.time(hours: 0...24) else { return nil }
        standardOffset = -west
        if parser.rest.isEmpty {
            daylight = nil
        } else {
            guard let daylight = parser.daylight(standardOffset: standardOffset), parser.rest.isEmpty else { return nil }
            self.daylight = daylight
        }
        guard Self.offsets.contains(standardOffset), daylight.map({ Self.offsets.contains($0.offset) }) ?? true else {
            return nil
        }
    }
}

private struct RuleParser {
    var rest: Substring.UTF8View

    mutating func daylight(standardOffset: Int) -> TimeZoneRule.Daylight? {
        guard name() else { return nil }
        var offset = standardOffset + 3600
        if rest.first != UInt8(ascii: ",") {
            guard let west = time(hours: 0...24) else { return nil }
            offset = -west
        }
        guard skip(","), let start = date(), skip(","), let end = date() else { return nil }
        return TimeZoneRule.Daylight(offset: offset, start: start, end: end)
    }

    /// `EST` or `<+0330>`: at least three characters.
    mutating func name() -> Bool {
        let isLetter = { (byte: UInt8) in UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 }
        if skip("<") {
            guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return false }
            let count = rest[..<end].count
            rest = rest[rest.index(after: end)...]
            return count >= 3
        }
        let count = rest.prefix(while: isLetter).count
        rest = rest.dropFirst(count)
        return count >= 3
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    mutating func time(hours: ClosedRange<Int>) -> Int? {
        let sign = skip("-") ? -1 : 1
        if sign == 1 { _ = skip("+") }
        guard let hour = number(), hours.contains(hour) else { return nil }
        var seconds = hour * 3600
        for unit in [60, 1] where skip(":") {
            guard let value = number(), value <= 59 else { return nil }
            seconds += value * unit
        }
        return sign * seconds
    }

    mutating func date() -> TimeZoneRule.YearlyDate? {
        guard let day = day() else { return nil }
        guard skip("/") else { return TimeZoneRule.YearlyDate(day: day, time: 7200) }
        return time(hours: 0...167).map { TimeZoneRule.YearlyDate(day: day, time: $0) }
    }

    private mutating func day() -> TimeZoneRule.YearlyDate.Day? {
        if skip("M") {
            guard let month = number(), (1...12).contains(month), skip("."), let week = number(), (1...5).contains(week),
                skip("."),
                let weekday = number(), weekday <= 6
            else { return nil }
            return .weekday(month: month, week: week, weekday: weekday)
        }
        if skip("J") { return number().flatMap { (1...365).contains($0) ? .julian($0) : nil } }
        return number().flatMap { $0 <= 365 ? .ordinal($0) : nil }
    }

    /// One to three digits.
    private mutating func number() -> Int? {
        let digits = rest.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        guard (1...3).contains(digits.count) else { return nil }
        rest = rest.dropFirst(digits.count)
        return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest = rest.dropFirst()
        return true
    }
}
