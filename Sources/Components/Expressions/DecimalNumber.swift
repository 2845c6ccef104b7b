/// A decimal number of any length, for comparing.
struct DecimalNumber: Comparable {
    private let isNegative: Bool
    /// Without leading zeros; empty for numbers below 1.
    private let whole: [UInt8]
    /// Without trailing zeros.
    private let fraction: [UInt8]

    /// Takes what AWSTOE takes for a number: `^[-+]?([0-9]+[.])?[0-9]+$`.
    init?(_ text: String) {
        var bytes = Array(text.utf8)[...]
        let sign = bytes.first
        if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { bytes.removeFirst() }
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(Self.isDigit) }), let first = parts.first else {
            return nil
        }
        whole = Array(first.drop { $0 == UInt8(ascii: "0") })
        let digits = parts.count == 2 ? parts[1] : []
        fraction = Array(
            digits.prefix((digits.lastIndex { $0 != UInt8(ascii: "0") } ?? digits.startIndex - 1) - digits.startIndex + 1))
        isNegative = sign == UInt8(ascii: "-") && !(whole.isEmpty && fraction.isEmpty)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

    static func < (a: DecimalNumber, b: DecimalNumber) -> Bool {
        if a.isNegative != b.isNegative { return a.isNegative }
        return a.isNegative ? b.isSmallerInSize(than: a) : a.isSmallerInSize(than: b)
    }

    private func isSmallerInSize(than other: DecimalNumber) -> Bool {
        if whole.count != other.whole.count { return whole.count < other.whole.count }
        if whole != other.whole { return whole.lexicographicallyPrecedes(other.whole) }
        return fraction.lexicographicallyPrecedes(other.fraction)
    }
}
