/// When something runs: `cron(0 2 * * ? *)`, the same six fields without `cron( )`, or `rate(12 hours)`.
package enum ScheduleExpression: TextValue {
    case cron(CronExpression)
    case rate(RateExpression)

    package init(parsing text: String) throws(Failure) {
        let trimmed = text.trimmed
        if trimmed.hasPrefix("rate(") {
            self = .rate(try RateExpression(parsing: trimmed))
        } else {
            self = .cron(try CronExpression(parsing: trimmed))
        }
    }

    package var description: String {
        switch self {
        case .cron(let cron): cron.description
        case .rate(let rate): rate.description
        }
    }
}

/// `rate(N unit)`: every N minutes, hours or days, counted from when the schedule was made. A day is 24 hours, also where the
/// clocks change.
package struct RateExpression: TextValue {
    package let count: Int
    package let unit: Unit

    package enum Unit: String, Sendable, CaseIterable {
        case minute
        case hour
        case day

        init?(singularOrPlural text: String) { self.init(rawValue: text.hasSuffix("s") ? String(text.dropLast()) : text) }

        var seconds: Int64 {
            switch self {
            case .minute: 60
            case .hour: 3600
            case .day: 86_400
            }
        }
    }

    private init(_ count: Int, _ unit: Unit) {
        self.count = count
        self.unit = unit
    }

    package static let daily = RateExpression(1, .day)

    /// Never zero.
    package var interval: TimeSpan { TimeSpan(seconds: Int64(count) * unit.seconds) }

    package init(parsing text: String) throws(Failure) {
        let trimmed = text.trimmed
        let inner = trimmed.hasPrefix("rate(") && trimmed.hasSuffix(")") ? trimmed.dropFirst(5).dropLast() : ""
        let parts = inner.split(separator: " ").map(String.init)
        guard parts.count == 2, let count = decimal(parts[0]), let unit = Unit(singularOrPlural: parts[1]) else {
            throw Failure(
                .invalid, "cannot read the schedule \"\(text)\" as a rate",
                hint: "write rate(N unit) with minutes, hours or days, for example rate(1 day) or rate(12 hours)")
        }
        let most = Int(TimeSpan.longest.seconds / unit.seconds)
        guard (1...most).contains(count) else {
            throw Failure(.invalid, "the schedule \(text) counts \(count), which is outside 1 to \(most) \(unit)s")
        }
        guard (count == 1) == (parts[1] == unit.rawValue) else {
            throw Failure(
                .invalid, "the number and the unit of the schedule \(text) do not agree",
                hint: "write rate(\(count) \(unit)\(count == 1 ? "" : "s"))")
        }
        self.count = count
        self.unit = unit
    }

    package var description: String { "rate(\(count) \(unit)\(count == 1 ? "" : "s"))" }
}
