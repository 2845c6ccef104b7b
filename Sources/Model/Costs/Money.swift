/// An amount of money, exact to a billionth of the currency's unit: `0.0125`. Which currency, the price table says.
package struct Money: TextValue, Comparable {
    /// Billionths.
    package let nanos: Int64

    package init(nanos: Int64) { self.nanos = nanos }

    package static let zero = Money(nanos: 0)
    private static let unit: Int64 = 1_000_000_000

    /// Takes a decimal number without a sign: at most nine digits before its point, and at most nine behind it.
    package init(parsing text: String) throws(Failure) {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = parts.count == 2 ? parts[1] : "0"
        guard let whole = decimal(parts[0]), parts[0].utf8.count <= 9, fraction.utf8.count <= 9, let part = decimal(fraction)
        else {
            throw Failure(
                .invalid, "\"\(text.prefix(60))\" is not an amount of money",
                hint: "write it like 0.05, with at most nine digits on each side of the point")
        }
        let scale = (0..<(9 - fraction.utf8.count)).reduce(Int64(1)) { scale, _ in scale * 10 }
        nanos = Int64(whole) * Self.unit + Int64(part) * scale
    }

    /// With all digits that count, at least two behind the point: `0.0125`, `3.00`.
    package var description: String { text(digits: 9, atLeast: 2) }

    /// Rounded to four digits behind the point, half up.
    package var rounded: String {
        let step = Self.unit / 10_000
        return Money(nanos: (nanos + step / 2) / step * step).text(digits: 4, atLeast: 4)
    }

    private func text(digits: Int, atLeast: Int) -> String {
        var fraction = padded(nanos % Self.unit, to: 9).prefix(digits)
        while fraction.utf8.count > atLeast, fraction.last == "0" { fraction = fraction.dropLast() }
        return "\(nanos / Self.unit).\(fraction)"
    }

    package static func < (a: Money, b: Money) -> Bool { a.nanos < b.nanos }
    /// Saturates, rather than overflow.
    package static func + (a: Money, b: Money) -> Money {
        let (sum, overflow) = a.nanos.addingReportingOverflow(b.nanos)
        return Money(nanos: overflow ? .max : sum)
    }

    /// What so many bytes cost at this price for a GiB, rounded half up to a billionth.
    package func forBytes(_ bytes: Int64) -> Money {
        let (high, low) = nanos.multipliedFullWidth(by: bytes)
        let (quotient, remainder) = Self.gibibyte.dividingFullWidthIfFits((high, low))
        guard let quotient else { return Money(nanos: .max) }
        return Money(nanos: quotient) + Money(nanos: remainder >= Self.gibibyte / 2 ? 1 : 0)
    }

    private static let gibibyte: Int64 = 1 << 30
}

extension Int64 {
    /// Nil as the quotient where it is too large.
    fileprivate func dividingFullWidthIfFits(_ dividend: (high: Int64, low: UInt64)) -> (Int64?, Int64) {
        guard dividend.high >= 0, dividend.high < self / 2 else { return (nil, 0) }
        let (quotient, remainder) = dividingFullWidth(dividend)
        return (quotient, remainder)
    }
}
