import Platform

extension PolicyDetails {
    /// When something is made by one of the schedules, from `start` on. A default policy's days count from there.
    package func timing(of schedule: PolicySchedule, from start: Instant, made: Instant) throws(Failure) -> Schedule {
        guard isDefault else { return try schedule.timing(from: start, made: made) }
        let days = createInterval ?? 1
        return Schedule(.rate(try RateExpression(parsing: "rate(\(days) day\(days == 1 ? "" : "s"))")), anchor: start)
    }
}

extension PolicySchedule {
    /// When it makes something, from `start` on. `made` decides the minute of an interval without a time.
    ///
    /// `Failure` with a `planeError` where the rule is none.
    package func timing(from start: Instant, made: Instant) throws(Failure) -> Schedule {
        guard let creation else { throw Failure(.invalidPolicy("The schedule '\(title)' has no CreateRule.")) }
        return Schedule(.cron(try creation.expression(made: made)), anchor: start)
    }
}

extension PolicySchedule.Creation {
    /// The hours that divide a day.
    package static let intervals = [1, 2, 3, 4, 6, 8, 12, 24]

    fileprivate func expression(made: Instant) throws(Failure) -> CronExpression {
        guard (cron == nil) != (interval == nil) else {
            throw Failure(.invalidPolicy("A CreateRule has either a CronExpression, or an Interval with an IntervalUnit."))
        }
        guard let interval else { return try expression(of: cron ?? "") }
        guard Self.intervals.contains(interval), intervalUnit == "HOURS" else {
            throw Failure(
                .invalidPolicy("The Interval of a CreateRule must be one of 1, 2, 3, 4, 6, 8, 12 and 24, and its unit HOURS."))
        }
        let (hour, minute) = try time(made: made)
        let hours = stride(from: hour % interval, to: 24, by: interval).map(String.init).joined(separator: ",")
        return try CronExpression(parsing: "\(minute) \(hours) * * ? *")
    }

    private func time(made: Instant) throws(Failure) -> (hour: Int, minute: Int) {
        guard let times, !times.isEmpty else { return (made.utc.hour, made.utc.minute) }
        let parts = times[0].split(separator: ":", omittingEmptySubsequences: false)
        guard times.count == 1, parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }), let hour = decimal(parts[0]),
            let minute = decimal(parts[1]), 0...23 ~= hour, 0...59 ~= minute
        else { throw Failure(.invalidPolicy("The Times of a CreateRule must hold one time of the form hh:mm.")) }
        return (hour, minute)
    }

    private func expression(of text: String) throws(Failure) -> CronExpression {
        guard times == nil, intervalUnit == nil else {
            throw Failure(.invalidPolicy("A CreateRule with a CronExpression has no IntervalUnit and no Times."))
        }
        guard text.hasPrefix("cron("), text.hasSuffix(")"), text.utf8.count <= 106 else {
            throw Failure(.invalidPolicy("The CronExpression '\(text.prefix(120))' must have the form cron(…)."))
        }
        do throws(Failure) { return try CronExpression(parsing: text) } catch {
            throw error.answered(.invalidRequestException)
        }
    }
}

extension Schedule {
    /// The least span between two of its next instants; nil where fewer than two come.
    package func leastSpan(after start: Instant) -> TimeSpan? {
        let next = runs(after: start, count: 60)
        return zip(next, next.dropFirst()).map { TimeSpan(seconds: $1.seconds - $0.seconds) }.min()
    }
}
