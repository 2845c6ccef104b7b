import Platform

/// A schedule expression in a time zone.
///
/// Where the clocks change, it does as EventBridge Scheduler does: a local time that does not exist is left out, and a local
/// time that comes twice counts once, the first time.
package struct Schedule: Equatable, Sendable {
    package let expression: ScheduleExpression
    package let zone: ZoneInfo
    /// When the schedule was made. `rate()` counts from here, first one interval later; nothing is due at or before it.
    package let anchor: Instant

    package init(_ expression: ScheduleExpression, zone: ZoneInfo = .utc, anchor: Instant) {
        self.expression = expression
        self.zone = zone
        self.anchor = anchor
    }

    /// The first instant later than both `instant` and the anchor; nil where none comes any more.
    package func next(after instant: Instant) -> Instant? {
        let instant = max(instant, anchor)
        switch expression {
        case .cron(let cron): return next(cron, after: instant)
        case .rate(let rate): return Self.run(rate, number: runs(of: rate, through: instant) + 1, from: anchor)
        }
    }

    /// The last instant at or before `instant` and later than the anchor; nil where there was none.
    package func previous(atOrBefore instant: Instant) -> Instant? {
        switch expression {
        case .cron(let cron): return previous(cron, atOrBefore: instant).flatMap { $0 > anchor ? $0 : nil }
        case .rate(let rate):
            let number = runs(of: rate, through: instant)
            return number > 0 ? Self.run(rate, number: number, from: anchor) : nil
        }
    }

    /// The next so many instants, as far as there are any.
    package func runs(after instant: Instant, count: Int) -> [Instant] {
        var runs: [Instant] = []
        var last = instant
        while runs.count < count, let next = next(after: last) {
            runs.append(next)
            last = next
        }
        return runs
    }
}

// rate()
extension Schedule {
    /// How many instants of the rate lie between the anchor and `instant`, which is one of them or not.
    func runs(of rate: RateExpression, through instant: Instant) -> Int64 {
        let (elapsed, overflow) = instant.seconds.subtractingReportingOverflow(anchor.seconds)
        if instant <= anchor { return 0 }
        return (overflow ? .max : elapsed) / rate.interval.seconds
    }

    private static func run(_ rate: RateExpression, number: Int64, from anchor: Instant) -> Instant? {
        let (elapsed, tooLong) = number.multipliedReportingOverflow(by: rate.interval.seconds)
        let (seconds, tooLate) = anchor.seconds.addingReportingOverflow(elapsed)
        return tooLong || tooLate ? nil : Instant(seconds: seconds)
    }
}

// cron()
extension Schedule {
    /// Walks over the wall clock times that match, which are few: it goes on only where the clocks change.
    private func next(_ cron: CronExpression, after instant: Instant) -> Instant? {
        var start = instant.civil(in: zone).adding(minutes: 1)
        while let match = cron.nearest(to: start, .forwards) {
            if let first = zone.resolve(local: match.secondsSinceEpoch).first, first > instant.seconds {
                return Instant(seconds: first)
            }
            start = match.adding(minutes: 1)
        }
        return nil
    }

    private func previous(_ cron: CronExpression, atOrBefore instant: Instant) -> Instant? {
        var start = latestLocal(through: instant)
        while let match = cron.nearest(to: start, .backwards) {
            if let first = zone.resolve(local: match.secondsSinceEpoch).first, first <= instant.seconds {
                return Instant(seconds: first)
            }
            start = match.adding(minutes: -1)
        }
        return nil
    }

    /// A local time which is at least as late as all that were shown until `instant`. After the clocks went back, that is more
    /// than they show now.
    private func latestLocal(through instant: Instant) -> CivilDateTime {
        let local = instant.civil(in: zone).secondsSinceEpoch
        guard case .overlap(let first, let second) = zone.resolve(local: local), second == instant.seconds else {
            return CivilDateTime(secondsSinceEpoch: local)
        }
        return CivilDateTime(secondsSinceEpoch: instant.adding(seconds: local - first).seconds)
    }
}

extension CivilDateTime {
    fileprivate func adding(minutes: Int64) -> CivilDateTime {
        CivilDateTime(secondsSinceEpoch: Instant(seconds: secondsSinceEpoch).adding(seconds: minutes * 60).seconds)
    }
}
