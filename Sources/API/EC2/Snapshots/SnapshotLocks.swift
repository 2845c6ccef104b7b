import Cloud
import Model

struct LockSnapshot: EC2Action {
    private let id: SnapshotID
    private let mode: SnapshotLock.Mode
    private let coolOff: TimeSpan?
    private let days: Int?
    private let end: Instant?

    init(_ input: QueryInput) throws(APIError) {
        id = try input.snapshotID()
        let text = try input.required("LockMode")
        guard let mode = SnapshotLock.Mode(rawValue: text) else { throw .invalid(text, of: "LockMode") }
        self.mode = mode
        coolOff = try input.int("CoolOffPeriod").map { TimeSpan.hours(Int64($0)) }
        days = try input.int("LockDuration")
        end = input.string("ExpirationDate") == nil ? nil : try input.instant("ExpirationDate")
        guard (days == nil) != (end == nil) else {
            throw APIError("InvalidParameterCombination", "Specify either LockDuration or ExpirationDate, and not both")
        }
        if let days, !SnapshotLock.days.contains(days) { throw .invalid(String(days), of: "LockDuration") }
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let end = end ?? call.now + .days(Int64(days ?? 1))
        let lock = try asking { () throws(Failure) in
            try call.actions.lockSnapshot(id, mode: mode, coolOff: coolOff, until: end)
        }
        answer.element("snapshotId", id.description)
        answer.lock(lock, call.now)
    }
}

struct UnlockSnapshot: EC2Action {
    private let id: SnapshotID

    init(_ input: QueryInput) throws(APIError) { id = try input.snapshotID() }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.unlockSnapshot(id) }
        answer.element("snapshotId", id.description)
    }
}

/// The caller's snapshots that have a lock, also one that is over.
struct DescribeLockedSnapshots: EC2Action {
    private let ids: [SnapshotID]
    private let filters: [ResourceFilter]
    private let limit: Int?
    private let token: PageToken?

    init(_ input: QueryInput) throws(APIError) {
        ids = try input.strings("SnapshotId").map { text throws(APIError) in try SnapshotID(asked: text) }
        filters = try input.filters()
        limit = try input.limit()
        token = try input.pageToken()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let query = SnapshotQuery(ids: ids.isEmpty ? nil : ids, owners: [.own])
        let all = try asking { () throws(Failure) in try call.actions.describeSnapshots(query) }
        let shown = try all.kept { snapshot throws(APIError) in
            guard let lock = snapshot.lock else { return false }
            return try filters.accept(["lock-state": [lock.state(at: call.now).rawValue]])
        }
        let page = shown.page(after: token, limit: limit)
        answer.list("snapshotSet", page.items) { snapshot, xml in
            xml.element("ownerId", snapshot.owner.description)
            xml.element("snapshotId", snapshot.id.description)
            if let lock = snapshot.lock { xml.lock(lock, call.now) }
        }
        answer.element("nextToken", ifPresent: page.next?.description)
    }
}

extension XMLWriter {
    fileprivate mutating func lock(_ lock: SnapshotLock, _ now: Instant) {
        element("lockState", lock.state(at: now).rawValue)
        element("lockDuration", (lock.ends.seconds - lock.locked.seconds + 86_399) / 86_400)
        if let cools = lock.cools {
            element("coolOffPeriod", (cools.seconds - lock.locked.seconds) / 3600)
            element("coolOffPeriodExpiresOn", cools.withMilliseconds)
        }
        element("lockCreatedOn", lock.locked.withMilliseconds)
        element("lockDurationStartTime", lock.locked.withMilliseconds)
        element("lockExpiresOn", lock.ends.withMilliseconds)
    }
}
