/// Amounts as people read them. Programs get the plain number instead.
package enum Amount {
    /// Decimal units with one digit after the point: `412.3 MB`, `999 B`.
    package static func bytes(_ count: some BinaryInteger) -> String {
        guard count >= 1000 else { return "\(count) B" }
        var value = UInt64(clamping: count)
        var remainder: UInt64 = 0
        var unit = -1
        let units = ["kB", "MB", "GB", "TB", "PB", "EB"]
        while value >= 1000 {
            remainder = value % 1000
            value /= 1000
            unit += 1
        }
        var tenths = (remainder + 50) / 100
        if tenths == 10 {
            tenths = 0
            value += 1
        }
        if value == 1000, unit + 1 < units.count { return "1.0 \(units[unit + 1])" }
        return "\(value).\(tenths) \(units[unit])"
    }

    /// An elapsed time: `12 ms`, `3.4 s`, `2 min 05 s`, `1 h 02 min`, `3 d 04 h`.
    package static func elapsed(milliseconds: Int64) -> String {
        let milliseconds = max(0, milliseconds)
        if milliseconds < 1000 { return "\(milliseconds) ms" }
        if milliseconds < 59_950 {
            let tenths = (milliseconds + 50) / 100
            return "\(tenths / 10).\(tenths % 10) s"
        }
        let seconds = milliseconds / 1000 + (milliseconds % 1000 >= 500 ? 1 : 0)
        switch seconds {
        case ..<3600: return "\(seconds / 60) min \(twoDigits(seconds % 60)) s"
        case ..<86_400: return "\(seconds / 3600) h \(twoDigits(seconds / 60 % 60)) min"
        default: return "\(seconds / 86_400) d \(twoDigits(seconds / 3600 % 24)) h"
        }
    }

    /// An elapsed time of which only whole seconds are known: `<1 s`, `3 s`, and from a minute on as the others.
    package static func elapsed(seconds: Int64) -> String {
        switch seconds {
        case ..<1: return "<1 s"
        case ..<60: return "\(seconds) s"
        default: return elapsed(.seconds(seconds))
        }
    }

    /// The time that a step has taken so far, for a narrow column: `0.3s`, `12.0s`, `1m 05s`, `2h 03m`.
    package static func clock(nanoseconds: UInt64) -> String {
        let tenths = nanoseconds / 100_000_000
        if tenths < 600 { return "\(tenths / 10).\(tenths % 10)s" }
        let seconds = tenths / 10
        if seconds < 3600 { return "\(seconds / 60)m \(twoDigits(seconds % 60))s" }
        return "\(seconds / 3600)h \(twoDigits(seconds / 60 % 60))m"
    }

    private static func twoDigits(_ number: some BinaryInteger) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// An elapsed time of Swift's clocks.
    package static func elapsed(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let (thousands, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        return elapsed(milliseconds: overflow ? .max : thousands + attoseconds / 1_000_000_000_000_000)
    }

    /// A number with its noun: `1 image`, `3 images`, `1,204 files`.
    package static func count(_ number: some BinaryInteger, _ noun: String, plural: String? = nil) -> String {
        "\(grouped(number)) \(number == 1 ? noun : plural ?? noun + "s")"
    }

    /// Digits in groups of three: `20,672`.
    package static func grouped(_ number: some BinaryInteger) -> String {
        var result = ""
        let digits = String(number.magnitude)
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { result.append(",") }
            result.append(digit)
        }
        return (number < 0 ? "-" : "") + result
    }
}
