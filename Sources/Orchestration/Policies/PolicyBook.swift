import Cloud
import Model

/// The lifecycle policies of all regions, as far as they run by themselves.
package struct PolicyBook: Sendable {
    /// One schedule of one policy, or its daily look at what is over.
    package struct Entry: Sendable {
        package let policy: LifecyclePolicy
        package let region: RegionName
        package let kind: PolicyRunRecord.Kind
        /// Of `create`: which of the policy's schedules.
        package let name: String
        /// From when the policy counts on.
        package let schedule: Schedule
    }

    package private(set) var entries: [Entry] = []
    /// The regions whose policies could be read.
    private(set) var regions: [any Region] = []
    package private(set) var problems: [ScheduleBook.Problem] = []

    package init(_ plane: any Plane) throws(Failure) {
        for name in try plane.regions() {
            do throws(Failure) {
                let region = try plane.region(name)
                for policy in try region.allLifecyclePolicies() where policy.isInForce || policy.details.extendsDeletion {
                    do throws(Failure) { try add(policy, in: name) } catch {
                        problems.append(ScheduleBook.Problem(document: "the policy \(policy.id)", failure: error))
                    }
                }
                regions.append(region)
            } catch { problems.append(ScheduleBook.Problem(document: "the region \(name)", failure: error)) }
        }
    }

    private mutating func add(_ policy: LifecyclePolicy, in region: RegionName) throws(Failure) {
        for schedule in policy.isInForce ? policy.details.allSchedules : [] {
            entries.append(
                Entry(
                    policy: policy, region: region, kind: .create, name: schedule.title,
                    schedule: try policy.details.timing(of: schedule, from: policy.effective, made: policy.created)))
        }
        // What is over by its age goes also where nothing new is made.
        entries.append(
            Entry(
                policy: policy, region: region, kind: .retain, name: "retain",
                schedule: Schedule(.rate(.daily), anchor: policy.effective)))
    }

    /// A due time with all that is due then.
    struct Due {
        let policy: LifecyclePolicy
        let kind: PolicyRunRecord.Kind
        let instant: Instant
        var names: [String]
    }

    /// What is due now in a region, the earliest first: of each schedule the latest time that has come since the policy's last run.
    func due(in region: RegionName, at now: Instant, last: (Entry) throws(Failure) -> Instant?) throws(Failure) -> [Due] {
        var due: [Due] = []
        for entry in entries where entry.region == region {
            guard let latest = entry.schedule.previous(atOrBefore: now), try last(entry).map({ latest > $0 }) ?? true else {
                continue
            }
            let same = due.firstIndex {
                $0.policy.id == entry.policy.id && $0.kind == entry.kind && $0.instant == latest
            }
            if let same {
                due[same].names.append(entry.name)
            } else {
                due.append(Due(policy: entry.policy, kind: entry.kind, instant: latest, names: [entry.name]))
            }
        }
        return due.sorted { ($0.instant, $0.kind.rawValue, $0.policy.id) < ($1.instant, $1.kind.rawValue, $1.policy.id) }
    }
}
