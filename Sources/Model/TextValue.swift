/// A value with exactly one text form, which is also its form in JSON.
package protocol TextValue: Hashable, Sendable, Codable, CustomStringConvertible {
    /// Takes what `description` prints, and refuses everything else with `Failure(.invalid)`.
    init(parsing text: String) throws(Failure)
}

extension TextValue {
    package init(from decoder: any Decoder) throws {
        try self.init(parsing: decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// Decimal digits, padded with zeros to at least `width`.
func padded(_ number: some BinaryInteger, to width: Int) -> String {
    let digits = String(number.magnitude)
    let zeros = String(repeating: "0", count: max(0, width - digits.count))
    return (number < 0 ? "-" : "") + zeros + digits
}

/// An unsigned decimal number of ASCII digits only: no sign, no blanks. Nil also when it does not fit.
func decimal(_ text: some StringProtocol) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else { return nil }
    return Int(text)
}

extension StringProtocol {
    /// Whether every byte is an ASCII letter, an ASCII digit, or one of `others`.
    package func isMadeOfLettersDigits(and others: String) -> Bool {
        let others = Array(others.utf8)
        return utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: others.contains(byte)
            }
        }
    }

    /// Without blanks, tabs and line ends at either end.
    var trimmed: String {
        let start = drop(while: \.isWhitespace)
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...last])
    }
}
