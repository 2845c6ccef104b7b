import Platform
import Text

/// An AWS cron expression: `minute hour day-of-month month day-of-week year`, to the minute, on a wall clock.
///
/// It follows the table that AWS documents for EventBridge and Image Builder. Where that is silent: ranges do not wrap around,
/// the increment is at least 1 and less than the range, `31W` does not come in shorter months, and the nearest weekday is
/// sought within the month. `LW` and `L-3`, which AWS does not document, are refused.
package struct CronExpression: TextValue {
    /// The six fields, separated by one blank each, in upper case.
    package let fields: String
    private let minutes: CronValues
    private let hours: CronValues
    private let months: CronValues
    /// Ascending.
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
        minutes = CronValues(try CronField.minute.values(of: parts[0]))
        hours = CronValues(try CronField.hour.values(of: parts[1]))
        months = CronValues(try CronField.month.values(of: parts[3]))
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
    }

    /// The nearest wall clock time that matches: `start` itself, or one after it or before it. Seconds are not looked at.
    ///
    /// Each field is tried from the coarsest to the finest; once a field differs from the start's, all below it is open.
    func nearest(to start: CivilDateTime, _ direction: Direction) -> CivilDateTime? {
        var year = self.year(start.year, direction)
        while let current = year {
            if let found = nearest(inYear: current, to: current == start.year ? start : nil, direction) { return found }
            year = self.year(direction == .forwards ? current + 1 : current - 1, direction)
        }
        return nil
    }

    private func year(_ start: Int, _ direction: Direction) -> Int? {
        direction == .forwards ? years.first { $0 >= start } : years.last { $0 <= start }
    }

    private func nearest(inYear year: Int, to start: CivilDateTime?, _ direction: Direction) -> CivilDateTime? {
        var month = months.nearest(to: start?.month, direction)
        while let current = month {
            let start = current == start?.month ? start : nil
            if let found = nearest(inYear: year, month: current, to: start, direction) { return found }
            month = months.beyond(current, direction)
        }
        return nil
    }

    private func nearest(inYear year: Int, month: Int, to start: CivilDateTime?, _ direction: Direction) -> CivilDateTime? {
        let days = days.days(year: year, month: month)
        var day = days.nearest(to: start?.day, direction)
        while let current = day {
            if let (hour, minute) = time(current == start?.day ? start : nil, direction) {
                return CivilDateTime(year: year, month: month, day: current, hour: hour, minute: minute)
            }
            day = days.beyond(current, direction)
        }
        return nil
    }

    private func time(_ start: CivilDateTime?, _ direction: Direction) -> (hour: Int, minute: Int)? {
        guard let hour = hours.nearest(to: start?.hour, direction) else { return nil }
        if let minute = minutes.nearest(to: hour == start?.hour ? start?.minute : nil, direction) { return (hour, minute) }
        guard let hour = hours.beyond(hour, direction), let minute = minutes.nearest(to: nil, direction) else { return nil }
        return (hour, minute)
    }
}

extension CronValues {
    /// `start` or the nearest value in that direction; the outermost one where there is no start.
    fileprivate func nearest(to start: Int?, _ direction: CronExpression.Direction) -> Int? {
        direction == .forwards ? first(from: start ?? 0) : last(through: start ?? 63)
    }

    fileprivate func beyond(_ value: Int, _ direction: CronExpression.Direction) -> Int? {
        direction == .forwards ? first(from: value + 1) : last(through: value - 1)
    }
}
