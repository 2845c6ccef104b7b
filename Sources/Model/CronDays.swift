import Platform

/// The days that a cron expression means: its day-of-month or its day-of-week field, whichever is not `?`.
enum CronDays: Hashable, Sendable {
    case ofMonth([MonthTerm])
    case ofWeek([WeekTerm])

    enum MonthTerm: Hashable, Sendable {
        case day(Int)
        /// `L`
        case last
        /// `3W`: the weekday of the month that is nearest.
        case nearestWeekday(Int)
    }

    /// Days of the week are 1 (Sunday) to 7 (Saturday).
    enum WeekTerm: Hashable, Sendable {
        case every(Int)
        /// `6L`: the last Friday of the month.
        case last(Int)
        /// `3#2`: the second Tuesday of the month.
        case nth(Int, Int)
    }

    func days(year: Int, month: Int) -> CronValues {
        let count = GregorianCalendar.daysInMonth(year: year, month: month)
        let first = GregorianCalendar.weekday(days: GregorianCalendar.days(year: year, month: month, day: 1)) + 1
        var days = CronValues()
        switch self {
        case .ofMonth(let terms):
            for term in terms { if let day = term.day(count: count, firstWeekday: first) { days.insert(day) } }
        case .ofWeek(let terms):
            for term in terms { term.insert(into: &days, count: count, firstWeekday: first) }
        }
        return days
    }
}

extension CronDays.MonthTerm {
    /// The day in a month of `count` days that begins on `firstWeekday`; nil where it has no such day.
    func day(count: Int, firstWeekday: Int) -> Int? {
        switch self {
        case .day(let day): return day <= count ? day : nil
        case .last: return count
        case .nearestWeekday(let day):
            guard day <= count else { return nil }
            // The search never leaves the month.
            switch (firstWeekday + day - 2) % 7 + 1 {
            case 7: return day == 1 ? 3 : day - 1
            case 1: return day == count ? day - 2 : day + 1
            default: return day
            }
        }
    }
}

extension CronDays.WeekTerm {
    /// Adds its days of a month of `count` days that begins on `firstWeekday`.
    func insert(into days: inout CronValues, count: Int, firstWeekday: Int) {
        let first = { (weekday: Int) in 1 + (weekday - firstWeekday + 7) % 7 }
        switch self {
        case .every(let weekday):
            for day in stride(from: first(weekday), through: count, by: 7) { days.insert(day) }
        case .last(let weekday): days.insert(first(weekday) + (count - first(weekday)) / 7 * 7)
        case .nth(let weekday, let n):
            let day = first(weekday) + (n - 1) * 7
            if day <= count { days.insert(day) }
        }
    }
}

// Reading the two fields.
extension CronDays {
    /// Exactly one of the two must be `?`.
    init(dayOfMonth: String, dayOfWeek: String) throws(Failure) {
        switch (dayOfMonth == "?", dayOfWeek == "?") {
        case (false, true): self = .ofMonth(try Self.monthTerms(dayOfMonth))
        case (true, false): self = .ofWeek(try Self.weekTerms(dayOfWeek))
        case (let both, _):
            throw Failure(
                .invalid,
                both
                    ? "both the day-of-month and the day-of-week field of the schedule are ?"
                    : "neither the day-of-month nor the day-of-week field of the schedule is ?: \"\(dayOfMonth)\" and \"\(dayOfWeek)\"",
                hint: "write ? in exactly one of them, for example 0 2 * * ? * or 0 2 ? * MON-FRI *")
        }
    }

    private static func monthTerms(_ text: String) throws(Failure) -> [MonthTerm] {
        let field = CronField.dayOfMonth
        var terms: [MonthTerm] = []
        for term in try field.terms(of: text) {
            if term == "L" {
                terms.append(.last)
            } else if term.hasPrefix("L") {
                throw field.failure(text, "AWS knows L only alone, as the last day of the month")
            } else if term.hasSuffix("W") {
                terms.append(.nearestWeekday(try field.value(String(term.dropLast()), in: text)))
            } else {
                terms += try field.expand(term, in: text).map { .day($0) }
            }
        }
        return terms
    }

    private static func weekTerms(_ text: String) throws(Failure) -> [WeekTerm] {
        let field = CronField.dayOfWeek
        let parts = try field.terms(of: text)
        var terms: [WeekTerm] = []
        for term in parts {
            if term.contains("#") {
                guard parts.count == 1 else { throw field.failure(text, "a term with # must be the only one") }
                terms.append(try nth(term))
            } else if term == "L" {
                // The last day of the week, which is every Saturday.
                terms.append(.every(field.range.upperBound))
            } else if term.hasSuffix("L") {
                terms.append(.last(try field.value(String(term.dropLast()), in: text)))
            } else {
                terms += try field.expand(term, in: text).map { .every($0) }
            }
        }
        return terms
    }

    /// `3#2` or `TUE#2`
    private static func nth(_ text: String) throws(Failure) -> WeekTerm {
        let field = CronField.dayOfWeek
        let parts = text.split(separator: "#", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let n = decimal(parts[1]), (1...5).contains(n) else {
            throw field.failure(text, "after # comes one number from 1 to 5")
        }
        return .nth(try field.value(parts[0], in: text), n)
    }
}
