/// A lock that keeps a snapshot from being deleted: EBS's rules on who may change it when.
package struct SnapshotLock: Hashable, Sendable {
    package enum Mode: String, Sendable, CaseIterable {
        /// Its owner may change and remove it.
        case governance
        /// Once the cooling-off period is over, nobody can shorten or remove it.
        case compliance
    }

    /// EBS's words for where a lock stands.
    package enum State: String, Sendable, CaseIterable {
        case governance
        case complianceCoolOff = "compliance-cooloff"
        case compliance
        case expired
    }

    package var mode: Mode
    package var locked: Instant
    /// The end of the cooling-off period of a lock in compliance mode.
    package var cools: Instant?
    package var ends: Instant

    package static let days = 1...36_500
    package static let coolOffHours = 1...72

    package init(mode: Mode, locked: Instant, cools: Instant? = nil, ends: Instant) {
        self.mode = mode
        self.locked = locked
        self.cools = cools
        self.ends = ends
    }

    package func state(at now: Instant) -> State {
        if now >= ends { return .expired }
        if mode == .governance { return .governance }
        return cools.map { now < $0 } ?? false ? .complianceCoolOff : .compliance
    }

    package func protects(at now: Instant) -> Bool { state(at: now) != .expired }

    /// Of a lock that EBS does not have.
    package var refusal: PlaneError? {
        let days = (ends.seconds - locked.seconds + 86_399) / 86_400
        guard Self.days.contains(Int(clamping: days)) else {
            return PlaneError(.invalidParameterValue, "A snapshot is locked for 1 to 36500 days.")
        }
        guard let cools else { return nil }
        guard mode == .compliance else {
            return PlaneError(.invalidParameterCombination, "CoolOffPeriod is for the compliance mode only.")
        }
        let hours = (cools.seconds - locked.seconds) / 3600
        return Self.coolOffHours.contains(Int(clamping: hours))
            ? nil : PlaneError(.invalidParameterValue, "A cooling-off period lasts 1 to 72 hours.")
    }

    /// Of putting another lock in this one's place.
    package func refusal(toReplaceWith new: SnapshotLock, at now: Instant) -> PlaneError? {
        guard state(at: now) == .compliance else { return nil }
        if new.mode == .compliance && new.ends >= ends && new.cools == nil { return nil }
        return PlaneError(
            .operationNotPermitted, "A snapshot that is locked in compliance mode can only have its lock extended.")
    }

    /// Of removing it.
    package func refusal(toUnlockAt now: Instant) -> PlaneError? {
        guard state(at: now) == .compliance else { return nil }
        return PlaneError(.operationNotPermitted, "A snapshot that is locked in compliance mode can't be unlocked.")
    }
}
