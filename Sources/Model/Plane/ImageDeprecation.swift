/// When an image is deprecated: EC2's rules on the time.
package enum ImageDeprecation {
    /// Of a public image, from its creation.
    package static let longestOfPublic = 2
    /// From now.
    package static let longest = 10

    /// The time that counts: rounded to the minute, halves upwards. Throws what EC2 refuses.
    package static func time(
        _ wanted: Instant, now: Instant, created: Instant, isPublic: Bool
    ) throws(PlaneError) -> Instant {
        let time = rounded(wanted)
        guard time >= rounded(now) else {
            throw PlaneError(.invalidParameterValue, "DeprecateAt \(wanted) is in the past.")
        }
        if isPublic {
            guard time <= rounded(created.adding(years: longestOfPublic)) else {
                throw PlaneError(
                    .invalidParameterValue,
                    "DeprecateAt \(wanted) of a public image is more than \(longestOfPublic) years after its creation.")
            }
        } else if time > rounded(now.adding(years: longest)) {
            throw PlaneError(.invalidParameterValue, "DeprecateAt \(wanted) is more than \(longest) years from now.")
        }
        return time
    }

    /// What is set, and for a public image two years after its creation at the latest.
    package static func effective(_ chosen: Instant?, created: Instant, isPublic: Bool) -> Instant? {
        guard isPublic else { return chosen }
        let latest = rounded(created.adding(years: longestOfPublic))
        return chosen.map { min($0, latest) } ?? latest
    }

    static func rounded(_ instant: Instant) -> Instant {
        let second = Int64(instant.utc.second)
        return instant.adding(seconds: second < 30 ? -second : 60 - second)
    }
}

extension Instant {
    /// The same day and time in another year; 28 February for the 29th where there is none.
    package func adding(years: Int) -> Instant {
        let utc = utc
        let same = CivilDateTime(
            year: utc.year + years, month: utc.month, day: utc.day, hour: utc.hour, minute: utc.minute, second: utc.second)
        let before = CivilDateTime(
            year: utc.year + years, month: utc.month, day: utc.day - 1, hour: utc.hour, minute: utc.minute, second: utc.second)
        return (same ?? before).map { Instant(seconds: $0.secondsSinceEpoch) } ?? self
    }
}
