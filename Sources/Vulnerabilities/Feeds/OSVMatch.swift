import Guest

/// Whether a version is affected, as OSV's schema evaluates it: it is listed, or lies behind an `introduced` and before the next `fixed`
/// of some range.
package enum OSVMatch {
    /// What a version is to an affected package.
    package enum Verdict: Hashable, Sendable {
        case affected(fixedIn: String?)
        case notAffected
        /// A version that has no place in the order of the ecosystem.
        case unknown
    }

    /// An event of a range: what happened in which version. `0` stands for before everything.
    package enum Event: Hashable, Sendable {
        case introduced(String)
        case fixed(String)
        case lastAffected(String)
        case limit(String)
    }

    static func verdict(of version: String, _ affected: OSVEntry.Affected, order: VersionOrder?) -> Verdict {
        let ranges = affected.ranges.filter { $0.type != "GIT" }.map(\.events)
        return verdict(of: version, versions: affected.versions, ranges: ranges, order: order)
    }

    package static func verdict(
        of version: String, versions: [String], ranges: [[Event]], order: VersionOrder?
    ) -> Verdict {
        var isUnknown = false
        for events in ranges {
            guard let order else {
                isUnknown = true
                continue
            }
            switch Self.verdict(of: version, events, order) {
            case .affected(let fixed): return .affected(fixedIn: fixed)
            case .unknown: isUnknown = true
            case .notAffected: break
            }
        }
        if versions.contains(version) { return .affected(fixedIn: nil) }
        return isUnknown ? .unknown : .notAffected
    }

    /// Goes through the events in the order of their versions, as the schema's own algorithm does.
    private static func verdict(of version: String, _ events: [Event], _ order: VersionOrder) -> Verdict {
        // A version compared with itself says whether it is one.
        guard order.isBefore(version, version) != nil,
            events.allSatisfy({ ["0", "*"].contains(text($0)) || order.isBefore(text($0), version) != nil })
        else { return .unknown }
        let limits = events.compactMap { event in if case .limit(let limit) = event { limit } else { nil } }
        guard limits.isEmpty || limits.contains(where: { $0 == "*" || isBefore(version, $0, order) }) else { return .notAffected }
        var isAffected = false
        var fixedIn: String?
        for event in events.sorted(by: { precedes($0, $1, order) }) {
            switch event {
            case .introduced(let first):
                if !isBefore(version, first, order) { isAffected = true }
            case .fixed(let fixed):
                if isBefore(version, fixed, order) {
                    if isAffected && fixedIn == nil { fixedIn = fixed }
                } else {
                    isAffected = false
                }
            case .lastAffected(let last):
                if isBefore(last, version, order) { isAffected = false }
            case .limit: break
            }
        }
        return isAffected ? .affected(fixedIn: fixedIn) : .notAffected
    }

    private static func text(_ event: Event) -> String {
        switch event {
        case .introduced(let text), .fixed(let text), .lastAffected(let text), .limit(let text): text
        }
    }

    /// By version; what ends something comes before what begins at the same version, except that the last affected one comes behind.
    private static func precedes(_ a: Event, _ b: Event, _ order: VersionOrder) -> Bool {
        if isBefore(text(a), text(b), order) { return true }
        if isBefore(text(b), text(a), order) { return false }
        return rank(a) < rank(b)
    }

    private static func rank(_ event: Event) -> Int {
        switch event {
        case .fixed: 0
        case .introduced: 1
        case .lastAffected: 2
        case .limit: 3
        }
    }

    private static func isBefore(_ a: String, _ b: String, _ order: VersionOrder) -> Bool {
        if b == "0" { return false }
        if a == "0" { return true }
        return order.isBefore(a, b) ?? false
    }
}
