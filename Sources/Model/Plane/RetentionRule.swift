/// A rule of the Recycle Bin: how long what is deleted can still be taken back.
package struct RetentionRule: Hashable, Sendable {
    package enum Resource: String, Sendable, CaseIterable {
        case image = "EC2_IMAGE"
        case snapshot = "EBS_SNAPSHOT"
    }

    package var resource: Resource
    package var days: Int
    /// One of them must be on the resource; empty for all resources of the region.
    package var tags: [Tag]
    /// Resources with one of them are left out; for rules without `tags`.
    package var excluded: [Tag]

    package static let days = 1...365

    package init(_ resource: Resource, days: Int, tags: [Tag] = [], excluded: [Tag] = []) {
        self.resource = resource
        self.days = days
        self.tags = tags
        self.excluded = excluded
    }

    package func matches(_ tagsOfResource: TagSet) -> Bool {
        func has(_ tag: Tag) -> Bool { tagsOfResource[tag.key] == tag.value }
        return tags.isEmpty ? !excluded.contains(where: has) : tags.contains(where: has)
    }

    /// Of several rules that match, the longest counts. Nil where none does: what is deleted is gone.
    package static func retention(_ rules: [RetentionRule], of resource: Resource, tags: TagSet) -> TimeSpan? {
        rules.filter { $0.resource == resource && $0.matches(tags) }.map(\.days).max().map { .days(Int64($0)) }
    }
}
