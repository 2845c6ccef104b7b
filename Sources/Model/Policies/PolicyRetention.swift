/// A snapshot or an image that a policy made, or a copy of one.
package struct PolicyProduct: Hashable, Sendable {
    /// `snap-…` or `ami-…`
    package let id: String
    /// The volume or the instance that it was made of: `vol-…` or `i-…`. A copy has that of its original.
    package let source: String
    /// The name of the schedule that keeps it.
    package let schedule: String
    /// The due time that it was made for.
    package let due: Instant
    /// When it went to the archive tier; nil where it is not there.
    package var archived: Instant?

    package init(id: String, source: String, schedule: String, due: Instant) {
        self.id = id
        self.source = source
        self.schedule = schedule
        self.due = due
    }
}

extension PolicySchedule.Retention {
    /// Those of a schedule's products whose time has come, the oldest first. Of each source the newest one is among them only where it need not
    /// be spared.
    package func expired(
        _ products: [PolicyProduct], at now: Instant, sparingNewestOf isSpared: (_ source: String) -> Bool = { _ in true }
    ) -> [PolicyProduct] {
        var expired: [PolicyProduct] = []
        for (source, own) in Dictionary(grouping: products, by: \.source) {
            let newestFirst = own.sorted { ($1.due, $1.id) < ($0.due, $0.id) }.enumerated()
            expired += newestFirst.dropFirst(isSpared(source) ? 1 : 0).compactMap { newer, product in
                isOver(product, newer: newer, at: now) ? product : nil
            }
        }
        return expired.sorted { ($0.due, $0.id) < ($1.due, $1.id) }
    }

    /// As `expired`, of products in the archive, where an age counts from when they came there. `all` are those outside of it too.
    package func expiredFromArchive(_ all: [PolicyProduct], at now: Instant) -> [PolicyProduct] {
        let archived = all.filter { $0.archived != nil }
        if count != nil { return expired(archived, at: now) }
        let newest = Dictionary(grouping: all, by: \.source).compactMapValues { own in
            own.max { ($0.due, $0.id) < ($1.due, $1.id) }?.id
        }
        return archived.filter { product in
            guard let age, let began = product.archived else { return false }
            return age.end(from: began) <= now && newest[product.source] != product.id
        }.sorted { ($0.due, $0.id) < ($1.due, $1.id) }
    }

    private func isOver(_ product: PolicyProduct, newer: Int, at now: Instant) -> Bool {
        if let count { return newer >= count }
        return age.map { $0.end(from: product.due) <= now } ?? false
    }

    /// For choosing the longest of several rules of one kind.
    package static func isShorter(_ a: Self, than b: Self) -> Bool {
        (Double(a.count ?? 0) + (a.age?.days ?? 0)) < (Double(b.count ?? 0) + (b.age?.days ?? 0))
    }
}

extension PolicySchedule {
    /// Several schedules that are due at one time as one: it keeps what is made for as long as the longest of them, under that one's name,
    /// with the tags of all, copies it wherever one of them does, and shares it with whom one of them does.
    package static func merged(_ schedules: [PolicySchedule]) -> PolicySchedule? {
        let longest = schedules.max { a, b in
            if let a = a.retention, let b = b.retention { Retention.isShorter(a, than: b) } else { false }
        }
        guard var result = longest else { return nil }
        for schedule in schedules where schedule.title != result.title {
            result.copiesTags = (result.copiesTags ?? false) || (schedule.copiesTags ?? false)
            let known = Set(((result.tagsToAdd ?? []) + (result.variableTags ?? [])).map(\.key))
            result.tagsToAdd = (result.tagsToAdd ?? []) + (schedule.tagsToAdd ?? []).filter { !known.contains($0.key) }
            result.variableTags = (result.variableTags ?? []) + (schedule.variableTags ?? []).filter { !known.contains($0.key) }
            result.shares = (result.shares ?? []) + (schedule.shares ?? [])
            let regions = Set((result.copies ?? []).map(\.region))
            result.copies = (result.copies ?? []) + (schedule.copies ?? []).filter { !regions.contains($0.region) }
        }
        return result
    }
}
