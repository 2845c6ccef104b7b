/// Amounts as people read them.
package enum Quantity {
    /// `1.2 MB`: decimal units, one digit behind the point below a hundred.
    package static func bytes(_ count: UInt64) -> String {
        if count < 1000 { return "\(count) B" }
        var unit = 0
        var scale: UInt64 = 1000
        // 999 500 would round to 1000 kB.
        while unit + 1 < units.count, count >= scale * 1000 - scale / 2 {
            scale *= 1000
            unit += 1
        }
        return "\(decimal(count, scale)) \(units[unit])"
    }

    private static let units = ["kB", "MB", "GB", "TB", "PB"]

    private static func decimal(_ count: UInt64, _ scale: UInt64) -> String {
        let rounded = { (step: UInt64) in count / step + (count % step >= step / 2 ? 1 : 0) }
        let tenths = rounded(scale / 10)
        return tenths >= 1000 ? String(rounded(scale)) : "\(tenths / 10).\(tenths % 10)"
    }

    /// `0.3s`, `12.0s`, `1m 05s`, `2h 03m`.
    package static func duration(nanoseconds: UInt64) -> String {
        let tenths = nanoseconds / 100_000_000
        if tenths < 600 { return "\(tenths / 10).\(tenths % 10)s" }
        let seconds = tenths / 10
        if seconds < 3600 { return "\(seconds / 60)m \(twoDigits(seconds % 60))s" }
        return "\(seconds / 3600)h \(twoDigits(seconds / 60 % 60))m"
    }

    private static func twoDigits(_ number: UInt64) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
