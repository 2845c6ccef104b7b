import Cloud
import Model

// What goes, what is archived and what is shared no more.
extension PolicyRun {
    /// Returns how many products are left, copies too.
    func retire(
        _ schedule: PolicySchedule, _ targets: PolicyTargets, _ own: any RegionActions, _ report: inout Report
    ) throws(Failure) -> Int {
        var products = try kind.products(of: policy.id, own).filter { $0.schedule == schedule.title }
        if let retention = schedule.retention {
            // What is no target any more keeps what was made of it, but for snapshots that are over by their age, and all of default policies.
            let outlives = !policy.details.isDefault && (policy.details.isOfImages || retention.count != nil)
            let managed = products.filter { !outlives || targets.sources.contains($0.source) }
            let gone = schedule.archive.map { archive(managed, retention, $0, own, &report) }
            let over = gone ?? expired(managed, retention, targets)
            remove(over, own, &report)
            products.removeAll { product in over.contains { $0.id == product.id } }
        }
        unshare(products, schedule, own, &report)
        if let rule = schedule.deprecation { deprecate(products, rule, own, &report) }
        var left = products.count
        for rule in schedule.copies ?? [] {
            guard let name = rule.region else { continue }
            let target = try actions(in: try RegionName(parsing: name))
            var copies = try kind.products(of: policy.id, target).filter { $0.schedule == schedule.title }
            let over = rule.retention.map { expired(copies, $0, targets) } ?? []
            copies.removeAll(where: over.contains)
            remove(over, target, &report)
            if let deprecation = rule.deprecation { deprecate(copies, deprecation, target, &report) }
            left += copies.count
        }
        return left
    }

    /// The newest of a source is spared, unless a default policy extends deletion and the source or the policy itself is not there any more.
    private func expired(
        _ products: [PolicyProduct], _ retention: PolicySchedule.Retention, _ targets: PolicyTargets
    ) -> [PolicyProduct] {
        retention.expired(products, at: workspace.now) { source in
            !policy.details.extendsDeletion || policy.isInForce && policy.state == .enabled && targets.existing.contains(source)
        }
    }

    /// Moves to the archive what would otherwise go, also the newest. Returns what is over there.
    private func archive(
        _ products: [PolicyProduct], _ retention: PolicySchedule.Retention, _ rule: PolicySchedule.Archive,
        _ own: any RegionActions, _ report: inout Report
    ) -> [PolicyProduct] {
        var products = products
        let standard = products.filter { $0.archived == nil }
        for product in retention.expired(standard, at: workspace.now, sparingNewestOf: { _ in false }) {
            report.attempt { report throws(Failure) in
                guard try kind.archive(product, own) else { return }
                report.archived.append(product.id)
                if let index = products.firstIndex(of: product) { products[index].archived = workspace.now }
            }
        }
        return rule.retention.tier.expiredFromArchive(products, at: workspace.now)
    }

    private func unshare(
        _ products: [PolicyProduct], _ schedule: PolicySchedule, _ own: any RegionActions, _ report: inout Report
    ) {
        for rule in schedule.shares ?? [] {
            guard let age = rule.age else { continue }
            for product in products where age.end(from: product.due) <= workspace.now {
                report.attempt { _ throws(Failure) in try kind.unshare(product, from: rule.accounts, own) }
            }
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
