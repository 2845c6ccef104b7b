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
        var removed: [String] = []
        /// The first; what fails for one resource does not keep the others.
        var failure: Failure?

        /// In a few words.
        var text: String {
            var parts: [String] = []
            if !made.isEmpty { parts.append("made \(made.joined(separator: ", "))") }
            if !copied.isEmpty { parts.append("copied \(copied.joined(separator: ", "))") }
            if !removed.isEmpty { parts.append("deleted \(removed.joined(separator: ", "))") }
            if let failure { parts.append("failed: \(failure.message)") }
            return parts.isEmpty ? "nothing to do" : parts.joined(separator: "; ")
        }

        mutating func attempt(_ body: (inout Report) throws(Failure) -> Void) {
            do throws(Failure) { try body(&self) } catch { failure = failure ?? error }
        }
    }

    private let workspace: Workspace
    private let policy: LifecyclePolicy
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
            let schedules = policy.details.schedules ?? []
            if record.kind == .create,
                let schedule = PolicySchedule.merged(schedules.filter { record.schedules.contains($0.title) })
            {
                try make(schedule, record, targets, own, &report)
            }
            // Nothing goes before what is new is there.
            guard report.failure == nil, policy.state == .enabled || record.kind == .create else { return }
            for schedule in schedules { try retire(schedule, targets, own, &report) }
        }
        return report
    }

    private var kind: any PolicyProductKind.Type { policy.details.isOfImages ? PolicyImages.self : PolicySnapshots.self }

    private func actions(in region: RegionName) throws(Failure) -> any RegionActions {
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
        for target in targets.all {
            if workspace.environment.cancellation.isCancelled {
                report.failure = Failure(.cancelled, "interrupted; the next scheduler goes on")
                return
            }
            report.attempt { report throws(Failure) in
                var products = before.filter { target.sources.contains($0.source) }
                if products.isEmpty {
                    products = try kind.make(target, making, own)
                    try workspace.failpoint("policy-made")
                    report.made += products.map(\.id)
                }
                for product in products { try copy(product, making, own, &copied, &report) }
            }
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

    // MARK: Retiring

    private func retire(
        _ schedule: PolicySchedule, _ targets: PolicyTargets, _ own: any RegionActions, _ report: inout Report
    ) throws(Failure) {
        var products = try kind.products(of: policy.id, own).filter { $0.schedule == schedule.title }
        if let retention = schedule.retention {
            // What is no target any more keeps what was made of it, but for snapshots that are over by their age.
            let outlives = policy.details.isOfImages || retention.count != nil
            let managed = products.filter { !outlives || targets.sources.contains($0.source) }
            let over = retention.expired(managed, at: workspace.now)
            products.removeAll(where: over.contains)
            remove(over, own, &report)
        }
        if let rule = schedule.deprecation { deprecate(products, rule, own, &report) }
        for rule in schedule.copies ?? [] {
            guard let name = rule.region else { continue }
            let target = try actions(in: try RegionName(parsing: name))
            var copies = try kind.products(of: policy.id, target).filter { $0.schedule == schedule.title }
            let over = rule.retention?.expired(copies, at: workspace.now) ?? []
            copies.removeAll(where: over.contains)
            remove(over, target, &report)
            if let deprecation = rule.deprecation { deprecate(copies, deprecation, target, &report) }
        }
    }

    private func remove(_ products: [PolicyProduct], _ actions: any RegionActions, _ report: inout Report) {
        for product in products {
            report.attempt { report throws(Failure) in
                if try kind.remove(product, actions) { report.removed.append(product.id) }
            }
        }
    }

    /// By number those that are too old now; by age all, from when they are.
    private func deprecate(
        _ products: [PolicyProduct], _ rule: PolicySchedule.Retention, _ actions: any RegionActions, _ report: inout Report
    ) {
        let now = workspace.now
        for product in rule.count == nil ? products : rule.expired(products, at: now) {
            report.attempt { _ throws(Failure) in
                try kind.deprecate(product, at: max(now, rule.age?.end(from: product.due) ?? now), actions)
            }
        }
    }
}
