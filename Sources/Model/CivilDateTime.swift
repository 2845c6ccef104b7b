import Platform

/// A date and a time of day as a wall clock shows them, in no particular zone; proleptic Gregorian, to the second.
package struct CivilDateTime: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let year: Int
    /// 1 to 12.
    package let month: Int
    /// 1 to 31.
    package let day: Int
    package let hour: Int
    package let minute: Int
    package let second: Int

    /// Nil where there is no such date or time. There are no leap seconds.
    package init?(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
        guard (-999_999...999_999).contains(year), (1...12).contains(month),
            (1...GregorianCalendar.daysInMonth(year: year, month: month)).contains(day),
            (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
    }

    /// What a clock shows that counted so many seconds from 1970-01-01T00:00:00.
    package init(secondsSinceEpoch seconds: Int64) {
        let days = GregorianCalendar.floorDivide(seconds, GregorianCalendar.secondsPerDay)
        let time = Int(GregorianCalendar.floorModulo(seconds, GregorianCalendar.secondsPerDay))
        (year, month, day) = GregorianCalendar.date(days: days)
        hour = time / 3600
        minute = time / 60 % 60
        second = time % 60
    }

    /// Seconds from 1970-01-01T00:00:00 on the same clock.
    package var secondsSinceEpoch: Int64 {
        // The product alone may lie beyond the first representable second.
        daysSinceEpoch &* GregorianCalendar.secondsPerDay &+ Int64(hour * 3600 + minute * 60 + second)
    }

    package var daysSinceEpoch: Int64 { GregorianCalendar.days(year: year, month: month, day: day) }

    /// 1 for Sunday to 7 for Saturday, as AWS counts them.
    package var weekday: Int { GregorianCalendar.weekday(days: daysSinceEpoch) + 1 }

    /// `2026-11-20`
    package var dateText: String { "\(padded(year, to: 4))-\(padded(month, to: 2))-\(padded(day, to: 2))" }

    /// `23:19:33`
    package var timeText: String { "\(padded(hour, to: 2)):\(padded(minute, to: 2)):\(padded(second, to: 2))" }

    /// `2026-11-20T23:19:33`
    package var description: String {
        var text: [UInt8] = []
        append(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Writes `description`: lists have one in every line.
    package func append(to text: inout [UInt8]) {
        guard (0...9999).contains(year) else { return text += "\(dateText)T\(timeText)".utf8 }
        let start = text.count
        text += Self.zero
        func put(_ number: Int, endingAt last: Int) {
            var (rest, place) = (number, start + last)
            while rest > 0 {
                text[place] += UInt8(rest % 10)
                (rest, place) = (rest / 10, place - 1)
            }
        }
        put(year, endingAt: 3)
        put(month, endingAt: 6)
        put(day, endingAt: 9)
        put(hour, endingAt: 12)
        put(minute, endingAt: 15)
        put(second, endingAt: 18)
    }

    private static let zero = Array("0000-00-00T00:00:00".utf8)

    package static func < (a: CivilDateTime, b: CivilDateTime) -> Bool {
        (a.year, a.month, a.day, a.hour, a.minute, a.second) < (b.year, b.month, b.day, b.hour, b.minute, b.second)
    }
}
