/// What becomes of a pipeline's old images: one entry of its `lifecycle`.
package struct LifecycleRule: Hashable, Sendable {
    package var action: Action
    package var condition: Condition

    /// From the mildest to the last: of several that take an image the last one counts.
    package enum Action: String, Sendable, Codable, CaseIterable, Comparable {
        /// Others find it no longer in lists.
        case deprecate
        /// Nobody launches it, until somebody enables it.
        case disable
        /// It goes, and its snapshots with it.
        case delete

        package static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }

        private var rank: Int {
            switch self {
            case .deprecate: 0
            case .disable: 1
            case .delete: 2
            }
        }
    }

    package enum Condition: Hashable, Sendable {
        /// It was made so long ago, and is none of the newest, which stay whatever their age.
        case olderThan(TimeSpan, retainAtLeast: Int)
        /// There are so many newer ones.
        case keep(Int)
    }

    package init(_ action: Action, _ condition: Condition) {
        self.action = action
        self.condition = condition
    }

    /// Why the rule takes an image; nil where it does not.
    ///
    /// - Parameter newer: how many newer ones there are. The newest of all is never taken.
    package func reason(created: Instant, newer: Int, now: Instant) -> String? {
        guard newer > 0 else { return nil }
        switch condition {
        case .olderThan(let span, let least):
            return newer >= least && created + span <= now ? "older than \(span)" : nil
        case .keep(let count): return newer >= count ? newer == 1 ? "1 version is newer" : "\(newer) versions are newer" : nil
        }
    }
}
