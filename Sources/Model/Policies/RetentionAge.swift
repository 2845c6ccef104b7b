import Platform

/// An age of so many days, weeks, months or years of the calendar in UTC.
package struct RetentionAge: Hashable, Sendable {
    package let count: Int
    package let unit: Unit

    package enum Unit: String, Sendable, Codable, CaseIterable {
        case days = "DAYS"
        case weeks = "WEEKS"
        case months = "MONTHS"
        case years = "YEARS"

        /// So many are a hundred years.
        var most: Int {
            switch self {
            case .days: 36_525
            case .weeks: 5_217
            case .months: 1_200
            case .years: 100
            }
        }

        /// About so many days.
        var days: Double {
            switch self {
            case .days: 1
            case .weeks: 7
            case .months: 30.44
            case .years: 365.25
            }
        }
    }

    package init(count: Int, unit: Unit) {
        self.count = count
        self.unit = unit
    }

    /// At most a hundred years.
    package var isPossible: Bool { 1...unit.most ~= count }

    /// For comparing ages of different units.
    package var days: Double { Double(count) * unit.days }

    /// When something that was made at `instant` has the age. On the last day of a month that has no such day.
    package func end(from instant: Instant) -> Instant {
        switch unit {
        case .days: return instant.adding(seconds: Int64(count) * 86_400)
        case .weeks: return instant.adding(seconds: Int64(count) * 604_800)
        case .months, .years:
            let civil = instant.utc
            let months = civil.year * 12 + civil.month - 1 + (unit == .years ? count * 12 : count)
            let (year, month) = (months / 12, months % 12 + 1)
            let day = min(civil.day, GregorianCalendar.daysInMonth(year: year, month: month))
            let end = CivilDateTime(
                year: year, month: month, day: day, hour: civil.hour, minute: civil.minute, second: civil.second)
            return end.map { Instant(seconds: $0.secondsSinceEpoch) } ?? instant.adding(seconds: Int64(days * 86_400))
        }
    }
}
