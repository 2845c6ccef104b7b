/// A length of time in whole seconds, never negative, as recipes write it: `7d`, `36h`, `30m`, `45s`, `2w`.
package struct TimeSpan: Comparable, TextValue {
    package let seconds: Int64

    /// A hundred years and a leap day: longer spans are mistakes.
    package static let longest = TimeSpan(seconds: 36_525 * 86_400)

    package init(seconds: Int64) { self.seconds = max(0, seconds) }

    package static func minutes(_ count: Int64) -> TimeSpan { TimeSpan(seconds: count * 60) }
    package static func hours(_ count: Int64) -> TimeSpan { TimeSpan(seconds: count * 3600) }
    package static func days(_ count: Int64) -> TimeSpan { TimeSpan(seconds: count * 86_400) }

    package static func < (a: TimeSpan, b: TimeSpan) -> Bool { a.seconds < b.seconds }

    private static let units: [(name: String, seconds: Int64)] = [
        ("w", 604_800), ("d", 86_400), ("h", 3600), ("m", 60), ("s", 1),
    ]

    /// Takes one number and one unit: `s`, `m`, `h`, `d` or `w`.
    package init(parsing text: String) throws(Failure) {
        guard let unit = Self.units.first(where: { text.hasSuffix($0.name) }), let count = decimal(text.dropLast()) else {
            throw Failure(
                .invalid, "cannot read \"\(text)\" as a length of time",
                hint: "write a number and one of s, m, h, d, w, for example 30m, 36h or 7d")
        }
        let (seconds, overflow) = Int64(count).multipliedReportingOverflow(by: unit.seconds)
        guard !overflow, seconds <= Self.longest.seconds else {
            throw Failure(.invalid, "the length of time \(text) is longer than a hundred years")
        }
        self.init(seconds: seconds)
    }

    /// The largest unit that divides it: `7d`, `36h`. Weeks are written as days.
    package var description: String {
        for unit in Self.units where unit.name != "w" && seconds >= unit.seconds && seconds % unit.seconds == 0 {
            return "\(seconds / unit.seconds)\(unit.name)"
        }
        return "\(seconds)s"
    }
}
