/// A set of the values of a cron field other than the year: numbers from 0 to 63, one bit each.
struct CronValues: Hashable, Sendable {
    private var bits: UInt64 = 0

    init() {}

    init(_ values: some Sequence<Int>) {
        for value in values { insert(value) }
    }

    mutating func insert(_ value: Int) { bits |= 1 << UInt64(value) }

    /// The lowest value that is at least `start`.
    func first(from start: Int) -> Int? {
        let rest = start > 63 ? 0 : bits & (.max << UInt64(max(0, start)))
        return rest == 0 ? nil : rest.trailingZeroBitCount
    }

    /// The highest value that is at most `end`.
    func last(through end: Int) -> Int? {
        let rest = end < 0 ? 0 : bits & (.max >> UInt64(63 - min(63, end)))
        return rest == 0 ? nil : 63 - rest.leadingZeroBitCount
    }
}
