import Cloud
import Model
import Platform

/// One run of a lifecycle policy, in the name of its account.
///
/// Every product carries the policy, the schedule that keeps it, its source and the due time in its tags, which are written in the
/// transaction that makes it. So a run that is done again after a crash finds what was made, and makes only what is missing.
struct PolicyRun {
    /// What came of a run.
    struct Report {
        var made: [String] = []
        var copied: [String] = []
        var archived: [String] = []
        var removed: [String] = []
        /// The first; what fails for one resource does not keep the others.
        var failure: Failure?

        /// In a few words.
        var text: String {
            var parts: [String] = []
            if !made.isEmpty { parts.append("made \(made.joined(separator: ", "))") }
            if !copied.isEmpty { parts.append("copied \(copied.joined(separator: ", "))") }
            if !archived.isEmpty { parts.append("archived \(archived.joined(separator: ", "))") }
            if !removed.isEmpty { parts.append("deleted \(removed.joined(separator: ", "))") }
            if let failure { parts.append("failed: \(failure.message)") }
            return parts.isEmpty ? "nothing to do" : parts.joined(separator: "; ")
        }

        mutating func attempt(_ body: (inout Report) throws(Failure) -> Void) {
            do throws(Failure) { try body(&self) } catch { failure = failure ?? error }
        }
    }

    let workspace: Workspace
    let policy: LifecyclePolicy
    private let region: RegionName

    init(_ workspace: Workspace, _ policy: LifecyclePolicy, in region: RegionName) {
        self.workspace = workspace
        self.policy = policy
        self.region = region
    }

    func carryOut(_ record: PolicyRunRecord) -> Report {
        var report = Report()
        report.attempt { report throws(Failure) in
            let own = try actions(in: region)
            let targets = try PolicyTargets(policy, own)
            let schedules = policy.details.allSchedules
            guard try workspace.plane.hasRole(policy.roleARN, account: policy.owner) else {
                throw Failure(.missingRole(policy.roleARN))
            }
            if record.kind == .create,
                let schedule = PolicySchedule.merged(schedules.filter { record.schedules.contains($0.title) })
            {
                try make(schedule, record, targets, own, &report)
            }
            // Nothing goes before what is new is there.
            let mayDelete = policy.state == .enabled || record.kind == .create || policy.details.extendsDeletion
            guard report.failure == nil, mayDelete else { return }
            var left = 0
            for schedule in schedules { left += try retire(schedule, targets, own, &report) }
            if policy.deleted != nil, left == 0 { try workspace.plane.region(region).forgetLifecyclePolicy(policy.id) }
        }
        return report
    }

    var kind: any PolicyProductKind.Type { policy.details.isOfImages ? PolicyImages.self : PolicySnapshots.self }

    func actions(in region: RegionName) throws(Failure) -> any RegionActions {
        try workspace.plane.actions(in: region, as: policy.owner)
    }

    // MARK: Making

    private func make(
        _ schedule: PolicySchedule, _ record: PolicyRunRecord, _ targets: PolicyTargets, _ own: any RegionActions,
        _ report: inout Report
    ) throws(Failure) {
        let making = PolicyMaking(policy, schedule, due: record.scheduled, now: workspace.now)
        let before = try kind.products(of: policy.id, own).filter { $0.due == record.scheduled }
        var copied: [RegionName: [PolicyProduct]] = [:]
        let backups = policy.details.isDefault ? try kind.backups(of: policy.id, own) : [:]
        func isBackedUp(_ target: PolicyTargets.Target) -> Bool {
            let recent = record.scheduled - policy.details.backupAge
            return policy.details.isDefault && target.sources.allSatisfy { (backups[$0] ?? recent) > recent }
        }
        for target in targets.all {
            if workspace.environment.cancellation.isCancelled {
                report.failure = Failure(.cancelled, "interrupted; the next scheduler goes on")
                return
            }
            report.attempt { report throws(Failure) in
                var products = before.filter { target.sources.contains($0.source) }
                if products.isEmpty {
                    if isBackedUp(target) { return }
                    products = try kind.make(target, making, own)
                    try workspace.failpoint("policy-made")
                    report.made += products.map(\.id)
                }
                for product in products {
                    try share(product, making.schedule, own)
                    try copy(product, making, own, &copied, &report)
                }
            }
        }
    }

    /// What is shared for a while only, and that while is over, is not shared again by a run that is done again.
    private func share(_ product: PolicyProduct, _ schedule: PolicySchedule, _ own: any RegionActions) throws(Failure) {
        for rule in schedule.shares ?? [] where rule.age.map({ $0.end(from: product.due) > workspace.now }) ?? true {
            try kind.share(product, with: rule.accounts, own)
        }
    }

    /// - Parameter copied: what is in the regions to copy to, each asked once.
    private func copy(
        _ product: PolicyProduct, _ making: PolicyMaking, _ own: any RegionActions,
        _ copied: inout [RegionName: [PolicyProduct]], _ report: inout Report
    ) throws(Failure) {
        for rule in making.schedule.copies ?? [] {
            guard let text = rule.region else { continue }
            let name = try RegionName(parsing: text)
            let target = try actions(in: name)
            if copied[name] == nil { copied[name] = try kind.products(of: policy.id, target) }
            let isThere = copied[name]?.contains { $0.due == product.due && $0.source == product.source }
            if isThere == true { continue }
            report.copied.append(try kind.copy(product, PolicyCopying(region: region, own: own, rule: rule), making, target))
            copied[name]?.append(product)
        }
    }
}
