import Platform

/// An AWS cron expression: `minute hour day-of-month month day-of-week year`, to the minute, on a wall clock.
///
/// It follows the table that AWS documents for EventBridge and Image Builder. Where that is silent: ranges do not wrap around,
/// the increment is at least 1 and less than the range, `31W` does not come in shorter months, and the nearest weekday is
/// sought within the month. `LW` and `L-3`, which AWS does not document, are refused.
package struct CronExpression: TextValue {
    /// The six fields, separated by one blank each, in upper case.
    package let fields: String
    private let minutes: [Int]
    private let hours: [Int]
    private let months: [Int]
    private let years: [Int]
    private let days: CronDays

    /// Takes the six fields, with or without `cron( )` around them.
    package init(parsing text: String) throws(Failure) {
        var inner = text.trimmed
        if inner.hasPrefix("cron("), inner.hasSuffix(")") { inner = String(inner.dropFirst(5).dropLast()) }
        let parts = inner.split(whereSeparator: \.isWhitespace).map { $0.uppercased() }
        guard parts.count == CronField.all.count else {
            throw Failure(
                .invalid, "the schedule \"\(text)\" has \(Amount.count(parts.count, "field")) where a cron expression has six",
                hint: parts.count == 5
                    ? "AWS adds a year to the five of Unix, and ? in one of the day fields: 0 2 * * ? * is every night at two"
                    : "write minute, hour, day of month, month, day of week and year, for example 0 2 * * ? *")
        }
        minutes = try CronField.minute.values(of: parts[0])
        hours = try CronField.hour.values(of: parts[1])
        months = try CronField.month.values(of: parts[3])
        years = try CronField.year.values(of: parts[5])
        days = try CronDays(dayOfMonth: parts[2], dayOfWeek: parts[4])
        fields = parts.joined(separator: " ")
    }

    /// `cron(0 2 * * ? *)`
    package var description: String { "cron(\(fields))" }

    package static func == (a: CronExpression, b: CronExpression) -> Bool { a.fields == b.fields }
    package func hash(into hasher: inout Hasher) { hasher.combine(fields) }

    enum Direction {
        case forwards
        case backwards

        func ordered(_ values: [Int]) -> [Int] { self == .forwards ? values : values.reversed() }
        func reaches(_ value: Int, from start: Int) -> Bool { self == .forwards ? value >= start : value <= start }
    }

    /// The nearest wall clock time that matches: `start` itself, or one after it or before it. Seconds are not looked at.
    ///
    /// Each field is tried from the coarsest to the finest; below a field that differs from the start's, everything is allowed.
    func nearest(to start: CivilDateTime, _ direction: Direction) -> CivilDateTime? {
        for year in direction.ordered(years) where direction.reaches(year, from: start.year) {
            let isYear = year == start.year
            for month in direction.ordered(months) where !isYear || direction.reaches(month, from: start.month) {
                let isMonth = isYear && month == start.month
                for day in direction.ordered(days.days(year: year, month: month))
                where !isMonth || direction.reaches(day, from: start.day) {
                    let isDay = isMonth && day == start.day
                    guard let (hour, minute) = time(isDay ? start : nil, direction) else { continue }
                    return CivilDateTime(year: year, month: month, day: day, hour: hour, minute: minute)
                }
            }
        }
        return nil
    }

    /// The time of day nearest to that of `start`, or the first one in that direction.
    private func time(_ start: CivilDateTime?, _ direction: Direction) -> (hour: Int, minute: Int)? {
        for hour in direction.ordered(hours) {
            guard let start, hour == start.hour else {
                if let start, !direction.reaches(hour, from: start.hour) { continue }
                return direction.ordered(minutes).first.map { (hour, $0) }
            }
            if let minute = direction.ordered(minutes).first(where: { direction.reaches($0, from: start.minute) }) {
                return (hour, minute)
            }
        }
        return nil
    }
}
