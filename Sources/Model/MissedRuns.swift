/// What becomes of instants at which nobody was there to run.
package enum MissedRunPolicy: String, Sendable, Codable, CaseIterable {
    /// One run makes up for all that were missed.
    case runOnce = "run-once"
    /// What was missed stays missed; the next run is the next one.
    case skip
}

/// What a scheduler has to do now.
package enum DueRun: Equatable, Sendable {
    case nothing
    /// Run once, for this instant. `passed` instants have come since the last recorded one, with this one.
    case run(Instant, passed: RunCount, isCatchUp: Bool)
    /// Run nothing, and record that instants through this one are dealt with.
    case skip(through: Instant, passed: RunCount)
}

/// A number of instants that is counted only as far as it matters to people.
package struct RunCount: Equatable, Sendable, CustomStringConvertible {
    package let atLeast: Int64
    package let isExact: Bool

    package init(atLeast: Int64, isExact: Bool) {
        self.atLeast = atLeast
        self.isExact = isExact
    }

    /// `3`, or `more than 100`
    package var description: String { isExact ? "\(atLeast)" : "more than \(atLeast)" }
}

extension Schedule {
    /// Counting goes no further than this.
    private static let counted: Int64 = 100

    /// Decides what is due. The work does not grow with the number of missed instants.
    ///
    /// - Parameters:
    ///   - lastRecorded: the last instant that was run or skipped; nil where there is none, and then the anchor counts.
    ///   - punctuality: an instant that lies back at most so far is not missed, and runs also under `skip`.
    package func due(
        lastRecorded: Instant?, now: Instant, policy: MissedRunPolicy, punctuality: TimeSpan = .minutes(1)
    ) -> DueRun {
        let last = max(lastRecorded ?? anchor, anchor)
        guard let latest = previous(atOrBefore: now), latest > last else { return .nothing }
        let passed = count(through: latest, after: last)
        let isPunctual = latest + punctuality >= now
        if policy == .skip && !isPunctual { return .skip(through: latest, passed: passed) }
        return .run(latest, passed: passed, isCatchUp: !isPunctual)
    }

    /// How many instants lie after `last`, until `latest`, which is one.
    private func count(through latest: Instant, after last: Instant) -> RunCount {
        if case .rate(let rate) = expression {
            return RunCount(atLeast: runs(of: rate, through: latest) - runs(of: rate, through: last), isExact: true)
        }
        var count: Int64 = 1
        var instant = latest
        while let earlier = previous(atOrBefore: instant.adding(seconds: -1)), earlier > last {
            if count == Self.counted { return RunCount(atLeast: count, isExact: false) }
            count += 1
            instant = earlier
        }
        return RunCount(atLeast: count, isExact: true)
    }
}
