import Platform

/// A point in time: whole seconds since 1970-01-01T00:00:00Z, without leap seconds.
package struct Instant: Hashable, Comparable, TextValue {
    package let seconds: Int64

    package init(seconds: Int64) { self.seconds = seconds }

    package static let epoch = Instant(seconds: 0)

    package static func < (a: Instant, b: Instant) -> Bool { a.seconds < b.seconds }

    /// Nanoseconds since 1970; nil before 1678 and after 2261, where 64 bits do not hold them.
    package var nanoseconds: Int64? {
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? nil : product
    }

    /// Stops at the ends of the representable range instead of overflowing.
    package func adding(seconds more: Int64) -> Instant {
        let (sum, overflow) = seconds.addingReportingOverflow(more)
        return Instant(seconds: overflow ? (more < 0 ? .min : .max) : sum)
    }

    package static func + (instant: Instant, span: TimeSpan) -> Instant { instant.adding(seconds: span.seconds) }

    package static func - (instant: Instant, span: TimeSpan) -> Instant { instant.adding(seconds: -span.seconds) }

    /// What a clock in UTC shows.
    package var utc: CivilDateTime { CivilDateTime(secondsSinceEpoch: seconds) }

    /// What a clock in `zone` shows.
    package func civil(in zone: ZoneInfo) -> CivilDateTime {
        CivilDateTime(secondsSinceEpoch: adding(seconds: Int64(zone.offset(at: seconds))).seconds)
    }
}

// Text: ISO 8601, as EC2 prints and takes it.
extension Instant {
    /// `2026-11-20T23:19:33Z`
    package var description: String { "\(utc)Z" }

    /// `2026-11-20T23:19:33.000Z`, as EC2 prints a CreationDate.
    package var withMilliseconds: String { "\(utc).000Z" }

    /// `2026-11-20T23-19-33.000Z`, as Image Builder prints `imagebuilder:buildDate`: without colons, so that it may be part of a name.
    package var inNames: String {
        let utc = utc
        return "\(utc.dateText)T\(padded(utc.hour, to: 2))-\(padded(utc.minute, to: 2))-\(padded(utc.second, to: 2)).000Z"
    }

    /// `2026-11-21T08:19:33+09:00`
    package func text(in zone: ZoneInfo) -> String {
        let offset = zone.offset(at: seconds)
        let minutes = offset.magnitude / 60
        return "\(civil(in: zone))\(offset < 0 ? "-" : "+")\(padded(minutes / 60, to: 2)):\(padded(minutes % 60, to: 2))"
    }

    /// Takes `2026-11-20` (midnight UTC) and `2026-11-20T23:19:33` with `Z` or an offset such as `+09:00`. Seconds may be left
    /// out, and may have a fraction, which is dropped.
    package init(parsing text: String) throws(Failure) {
        var scanner = ISO8601Scanner(text)
        guard let instant = scanner.instant() else {
            throw Failure(
                .invalid, "cannot read \"\(text)\" as a date or time",
                hint: "write it as 2026-11-20 or 2026-11-20T23:19:33Z")
        }
        self = instant
    }
}

/// Reads one ISO 8601 date or date-time.
private struct ISO8601Scanner {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = Substring(text).utf8 }

    mutating func instant() -> Instant? {
        guard let year = number(digits: 4), skip("-"), let month = number(digits: 2), skip("-"), let day = number(digits: 2)
        else { return nil }
        if rest.isEmpty {
            return CivilDateTime(year: year, month: month, day: day).map { Instant(seconds: $0.secondsSinceEpoch) }
        }
        guard skip("T") || skip(" "), let hour = number(digits: 2), skip(":"), let minute = number(digits: 2) else { return nil }
        guard let second = seconds(), let offset = offset(), rest.isEmpty,
            let civil = CivilDateTime(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        else { return nil }
        return Instant(seconds: civil.secondsSinceEpoch - Int64(offset))
    }

    private mutating func seconds() -> Int? {
        guard skip(":") else { return 0 }
        guard let second = number(digits: 2) else { return nil }
        if skip(".") {
            guard number(digits: 1) != nil else { return nil }
            while number(digits: 1) != nil {}
        }
        return second
    }

    private mutating func offset() -> Int? {
        if skip("Z") { return 0 }
        let sign = skip("+") ? 1 : -1
        guard sign == 1 || skip("-"), let hours = number(digits: 2), hours <= 23 else { return nil }
        _ = skip(":")
        guard let minutes = number(digits: 2), minutes <= 59 else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }

    private mutating func number(digits: Int) -> Int? {
        var value = 0
        var after = rest
        for _ in 0..<digits {
            guard let byte = after.popFirst(), UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        rest = after
        return value
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }
}
