// What becomes of a snapshot of a schedule besides its copies: others may use it for a while, and the archive keeps it.
extension PolicySchedule {
    /// One of ShareRules.
    package struct Share: Hashable, Sendable, Codable {
        package var accounts: [String]
        package var interval: Int?
        package var unit: RetentionAge.Unit?

        package init(accounts: [String], interval: Int? = nil, unit: RetentionAge.Unit? = nil) {
            self.accounts = accounts
            self.interval = interval
            self.unit = unit
        }

        private enum CodingKeys: String, CodingKey {
            case accounts = "TargetAccounts"
            case interval = "UnshareInterval"
            case unit = "UnshareIntervalUnit"
        }

        /// Nil where it is for good.
        package var age: RetentionAge? {
            if let interval, let unit { RetentionAge(count: interval, unit: unit) } else { nil }
        }
    }

    /// ArchiveRule: what would be deleted goes to the archive tier, and from there after a while.
    package struct Archive: Hashable, Sendable, Codable {
        package var retention: Rule

        package struct Rule: Hashable, Sendable, Codable {
            package var tier: Retention

            private enum CodingKeys: String, CodingKey { case tier = "RetentionArchiveTier" }
        }

        package init(_ tier: Retention) { retention = Rule(tier: tier) }

        private enum CodingKeys: String, CodingKey { case retention = "RetainRule" }
    }

    func checkShares(_ details: PolicyDetails) throws(Failure) {
        guard let shares else { return }
        guard !details.isOfImages else { throw Failure(.invalidPolicy("ShareRules are for policies that make snapshots.")) }
        guard shares.count <= 1 else { throw Failure(.invalidPolicy("ShareRules must hold at most 1 rule.")) }
        for share in shares {
            guard !share.accounts.isEmpty, Set(share.accounts).count == share.accounts.count,
                share.accounts.allSatisfy({ (try? AccountID(parsing: $0)) != nil })
            else { throw Failure(.invalidPolicy("TargetAccounts must name accounts by 12 digits, each once.")) }
            guard (share.interval == nil) == (share.unit == nil), share.age?.isPossible ?? true else {
                throw Failure(.invalidPolicy("An UnshareInterval must be at least 1, and has an UnshareIntervalUnit."))
            }
            if let age = share.age, let most = retention?.age, age.days > most.days {
                throw Failure(.invalidPolicy("The UnshareInterval must not exceed the Interval of the RetainRule."))
            }
        }
    }

    /// The archive keeps what is in it for 90 days at least, and takes only what is not made more often than every 28.
    func checkArchive(_ details: PolicyDetails, _ timing: Schedule, at now: Instant) throws(Failure) {
        guard let tier = archive?.retention.tier, let retention else { return }
        guard details.isOfVolumes, !details.isOfImages else {
            throw Failure(.invalidPolicy("An ArchiveRule is for policies on the resource type VOLUME."))
        }
        // What comes less than twice comes seldom enough.
        let span = timing.leastSpan(after: now) ?? .days(36_525)
        guard creation?.cron != nil, span >= .days(28) else {
            throw Failure(
                .invalidPolicy("An ArchiveRule is for a CronExpression with at least 28 days from one time to the next."))
        }
        guard (tier.count == nil) == (retention.count == nil) else {
            throw Failure(
                .invalidPolicy("The RetentionArchiveTier has a Count or an Interval, as its schedule's RetainRule has."))
        }
        try tier.check("RetentionArchiveTier")
        let days = tier.age?.days ?? Double(tier.count ?? 0) * Double(span.seconds) / 86_400
        guard days >= 89.5 else {
            throw Failure(.invalidPolicy("A RetentionArchiveTier must keep each snapshot for at least 90 days."))
        }
    }
}
