/// An instance refresh: a group's instances are replaced by new ones, a few at a time. What is next follows from the group as it is and
/// the clock, by `next`, which starts nothing.
package struct InstanceRefresh: Codable, Hashable, Sendable {
    package let id: String
    package let group: String
    package let preferences: Preferences
    /// What the new instances are made of: `version` is a number.
    package let desired: TemplateChoice
    /// What the group had before, to which a rollback goes back. `version` is a number.
    package let previous: TemplateChoice
    /// Whether the request named what it wants, without which there is nothing to roll back.
    package let hasDesiredConfiguration: Bool
    /// Instances to be replaced.
    package private(set) var total: Int
    package private(set) var status = Status.pending
    package private(set) var reason: String?
    package let started: Instant
    package private(set) var ended: Instant?
    package private(set) var percent = 0
    /// Checkpoints that are behind it, and since when it stands at the next one.
    package private(set) var checkpoints = 0
    package private(set) var reached: Instant?
    package private(set) var baking: Instant?
    /// Since when new instances have been failing.
    package private(set) var failing: Instant?
    package private(set) var rollback: Rollback?

    package enum Status: String, Codable, Sendable, CaseIterable {
        case pending = "Pending"
        case inProgress = "InProgress"
        case baking = "Baking"
        case successful = "Successful"
        case failed = "Failed"
        case cancelled = "Cancelled"
        case rollbackInProgress = "RollbackInProgress"
        case rollbackSuccessful = "RollbackSuccessful"
        case rollbackFailed = "RollbackFailed"

        package var isActive: Bool {
            switch self {
            case .pending, .inProgress, .baking, .rollbackInProgress: true
            case .successful, .failed, .cancelled, .rollbackSuccessful, .rollbackFailed: false
            }
        }
    }

    package struct Preferences: Codable, Hashable, Sendable {
        package var health = HealthRange(least: 90, most: 100)
        /// Seconds.
        package var warmup = 0
        package var checkpoints: [Int] = []
        /// Seconds.
        package var checkpointDelay = 3600
        package var skipsMatching = false
        package var rollsBack = false
        package var protected = Protected.wait
        /// Seconds that it is watched for at its end.
        package var bakeTime = 0

        /// What becomes of instances that are protected from scaling in.
        package enum Protected: String, Codable, Sendable, CaseIterable {
            case refresh = "Refresh"
            case ignore = "Ignore"
            case wait = "Wait"
        }

        package init() {}

        /// Of preferences that Auto Scaling does not have.
        package var refusal: PlaneError? {
            if let error = health.refusal { return error }
            guard checkpoints.allSatisfy({ 1...100 ~= $0 }), zip(checkpoints, checkpoints.dropFirst()).allSatisfy({ $0 < $1 })
            else {
                return PlaneError(.validationError, "CheckpointPercentages must be unique, ascending and from 1 to 100.")
            }
            guard 0...172_800 ~= checkpointDelay, 0...172_800 ~= bakeTime, warmup >= 0 else {
                return PlaneError(.validationError, "CheckpointDelay and BakeTime are 0 to 172800 seconds.")
            }
            return nil
        }
    }

    package struct Rollback: Codable, Hashable, Sendable {
        package let reason: String
        package let started: Instant
        package fileprivate(set) var percent = 0
        package let total: Int
    }

    package init(
        id: String, group: AutoScalingGroup, preferences: Preferences, desired: TemplateChoice, previous: TemplateChoice,
        hasDesiredConfiguration: Bool, at now: Instant
    ) {
        self.id = id
        self.group = group.name
        self.preferences = preferences
        self.desired = desired
        self.previous = previous
        self.hasDesiredConfiguration = hasDesiredConfiguration
        started = now
        total = 0
        total = group.members.count { !isReplaced($0) && !isLeftAlone($0) }
    }

    // MARK: Members

    /// What instances that it launches are marked with.
    package var mark: String { rollback == nil ? id : id + "/rollback" }

    /// What they are made of.
    package var wanted: TemplateChoice { rollback == nil ? desired : previous }

    /// Whether nothing is to be done with an instance any more.
    private func isReplaced(_ member: GroupMember) -> Bool {
        if rollback != nil { return member.refresh != id }
        if member.refresh == id { return true }
        return preferences.skipsMatching && member.template == desired.id && String(member.version) == desired.version
    }

    private func isLeftAlone(_ member: GroupMember) -> Bool { member.isProtected && preferences.protected == .ignore }

    // MARK: Going on

    package enum Move: Hashable, Sendable {
        case launch
        case terminate(InstanceID)
        /// Until the clock or the group has moved on.
        case wait
        case end
    }

    /// What is to be done next. Called again after each move; every call may note where the refresh stands.
    package mutating func next(_ group: AutoScalingGroup, at now: Instant) -> Move {
        if status == .pending { status = .inProgress }
        guard status.isActive else { return .end }
        let desiredCount = group.size.desired
        let fresh = group.members.filter { isReplaced($0) || isLeftAlone($0) }
        let old = group.members.filter { !isReplaced($0) && !isLeftAlone($0) }
        let ready = fresh.count { isReady($0, at: now) }
        if fresh.contains(where: { !$0.isHealthy }) { noteFailure("An instance that was launched is unhealthy", at: now) }
        if let since = failing, since + Self.patience <= now {
            giveUp(group, at: now)
            return status.isActive ? next(group, at: now) : .end
        }
        let renewed = fresh.count { $0.refresh == mark && isReady($0, at: now) }
        note(renewed: renewed, isDone: old.isEmpty && ready == fresh.count)
        if status == .baking { return bake(at: now) }
        let isAllReady = ready == fresh.count && group.members.count >= desiredCount
        if old.isEmpty && isAllReady { return finish(at: now) }
        if rollback == nil, isAllReady, let move = checkpoint(group, at: now) { return move }
        return replace(group, old, ready: ready, fresh: fresh.count)
    }

    /// How long new instances may fail before the refresh does.
    private static let patience = TimeSpan.hours(1)

    private func isReady(_ member: GroupMember, at now: Instant) -> Bool {
        member.isHealthy && member.launched + TimeSpan(seconds: Int64(preferences.warmup)) <= now
    }

    private mutating func note(renewed: Int, isDone: Bool) {
        let whole = rollback?.total ?? total
        let done = isDone ? 100 : whole == 0 ? 0 : min(99, 100 * renewed / whole)
        guard let back = rollback else {
            percent = max(percent, done)
            return
        }
        rollback?.percent = max(back.percent, done)
    }

    private mutating func bake(at now: Instant) -> Move {
        guard let baking, baking + TimeSpan(seconds: Int64(preferences.bakeTime)) <= now else { return .wait }
        end(.successful, nil, at: now)
        return .end
    }

    private mutating func finish(at now: Instant) -> Move {
        if rollback != nil {
            end(.rollbackSuccessful, reason, at: now)
            return .end
        }
        percent = 100
        guard preferences.bakeTime > 0 else {
            end(.successful, nil, at: now)
            return .end
        }
        status = .baking
        baking = now
        return .wait
    }

    /// Nil where nothing holds it back.
    private mutating func checkpoint(_ group: AutoScalingGroup, at now: Instant) -> Move? {
        guard checkpoints < preferences.checkpoints.count, percent >= preferences.checkpoints[checkpoints] else { return nil }
        let since = reached ?? now
        reached = since
        guard since + TimeSpan(seconds: Int64(preferences.checkpointDelay)) <= now else {
            reason = "Waiting at the checkpoint of \(preferences.checkpoints[checkpoints]) percent"
            return .wait
        }
        checkpoints += 1
        reached = nil
        reason = nil
        // A list that ends before 100 leaves the rest as it is.
        guard checkpoints < preferences.checkpoints.count || preferences.checkpoints.last == 100 else {
            end(.successful, nil, at: now)
            return .end
        }
        return checkpoint(group, at: now)
    }

    /// Instances that may be replaced before the next checkpoint.
    private var quota: Int {
        guard rollback == nil, checkpoints < preferences.checkpoints.count else { return Int.max }
        return (total * preferences.checkpoints[checkpoints] + 99) / 100
    }

    private func replace(_ group: AutoScalingGroup, _ old: [GroupMember], ready: Int, fresh: Int) -> Move {
        let desired = group.size.desired
        let terminable = old.filter { !($0.isProtected && preferences.protected == .wait) }
        let least = (desired * preferences.health.least + 99) / 100
        let most = max(desired, desired * preferences.health.most / 100)
        let inService = ready + old.count { $0.isHealthy }
        let replaced = max(0, (rollback?.total ?? total) - old.count)
        let surplus = group.members.count - desired
        if let first = terminable.first, surplus > 0, inService > least { return .terminate(first.instance) }
        if surplus < 0 { return .launch }
        // Nothing more of this part: what is under way comes to its end.
        guard replaced + surplus < quota, let first = terminable.first else { return .wait }
        if group.members.count < most { return .launch }
        if inService > least { return .terminate(first.instance) }
        // One at a time goes on, however small the group is.
        return ready == fresh && surplus == 0 ? .terminate(first.instance) : .wait
    }

    // MARK: Ends

    /// A launch that failed, or an instance that did. For an hour it is tried again.
    package mutating func noteFailure(_ text: String, at now: Instant) {
        failing = failing ?? now
        reason = text
    }

    /// A launch that came to something.
    package mutating func noteLaunch() { failing = nil }

    package mutating func cancel(at now: Instant) { end(.cancelled, "Cancelled by its owner", at: now) }

    /// Of a rollback that cannot be.
    package var rollbackRefusal: PlaneError? {
        guard status.isActive, rollback == nil else {
            return PlaneError(.activeInstanceRefreshNotFound, "There is no active instance refresh that can be rolled back.")
        }
        return hasDesiredConfiguration
            ? nil
            : PlaneError(.irreversibleInstanceRefresh, "The instance refresh has no desired configuration to roll back from.")
    }

    package mutating func rollBack(_ group: AutoScalingGroup, _ text: String, at now: Instant) {
        let total = group.members.count { $0.refresh == id }
        rollback = Rollback(reason: text, started: now, total: total)
        status = .rollbackInProgress
        reason = text
        failing = nil
        baking = nil
        reached = nil
    }

    private mutating func giveUp(_ group: AutoScalingGroup, at now: Instant) {
        let text = reason ?? "New instances fail"
        if rollback != nil { return end(.rollbackFailed, text, at: now) }
        guard preferences.rollsBack, hasDesiredConfiguration else { return end(.failed, text, at: now) }
        rollBack(group, text, at: now)
    }

    private mutating func end(_ status: Status, _ reason: String?, at now: Instant) {
        self.status = status
        self.reason = reason
        ended = now
    }
}
