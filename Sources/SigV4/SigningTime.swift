import Platform

/// The time of a signature: `20150830T123600Z`.
package struct SigningTime: Sendable, Hashable, CustomStringConvertible {
    /// Since 1970, UTC.
    package let seconds: Int64
    package let description: String

    package init(seconds: Int64) {
        self.seconds = seconds
        let days = GregorianCalendar.floorDivide(seconds, GregorianCalendar.secondsPerDay)
        let time = Int(GregorianCalendar.floorModulo(seconds, GregorianCalendar.secondsPerDay))
        let date = GregorianCalendar.date(days: days)
        let day = Self.digits(date.year, 4) + Self.digits(date.month, 2) + Self.digits(date.day, 2)
        description = "\(day)T\(Self.digits(time / 3600, 2))\(Self.digits(time / 60 % 60, 2))\(Self.digits(time % 60, 2))Z"
    }

    /// Nil where it is no such time.
    package init?(parsing text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 16, bytes[8] == UInt8(ascii: "T"), bytes[15] == UInt8(ascii: "Z") else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            guard bytes[range].allSatisfy(isDigit) else { return nil }
            return bytes[range].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        }
        guard let year = number(0..<4), let month = number(4..<6), let day = number(6..<8), let hour = number(9..<11),
            let minute = number(11..<13), let second = number(13..<15), 1...12 ~= month,
            1...GregorianCalendar.daysInMonth(year: year, month: month) ~= day, hour < 24, minute < 60, second < 60
        else { return nil }
        let days = GregorianCalendar.days(year: year, month: month, day: day)
        seconds = days * GregorianCalendar.secondsPerDay + Int64(hour * 3600 + minute * 60 + second)
        description = text
    }

    /// The day of a scope.
    package var day: String { String(description.prefix(8)) }

    private static func digits(_ number: Int, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }
}
