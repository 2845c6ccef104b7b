/// A version of rpm, `[epoch:]version[-release]`, ordered as rpm's `rpmvercmp` orders: runs of digits as numbers, runs of letters as
/// text, everything else only separates; `~` before the end, `^` behind it.
package struct RPMVersion: Comparable, Sendable, CustomStringConvertible {
    /// 0 where none is written.
    package let epoch: Int
    package let version: String
    /// Nil where none is written, which comes before all that are.
    package let release: String?
    package let description: String

    package init(_ text: String) {
        var rest = Substring(text)
        var epoch = 0
        if let colon = rest.firstIndex(of: ":"), let number = Int(rest[..<colon]), number >= 0 {
            epoch = number
            rest = rest[rest.index(after: colon)...]
        }
        self.epoch = epoch
        if let dash = rest.lastIndex(of: "-") {
            release = String(rest[rest.index(after: dash)...])
            rest = rest[..<dash]
        } else {
            release = nil
        }
        version = String(rest)
        description = text
    }

    package static func == (a: RPMVersion, b: RPMVersion) -> Bool { order(a, b) == 0 }
    package static func < (a: RPMVersion, b: RPMVersion) -> Bool { order(a, b) < 0 }

    private static func order(_ a: RPMVersion, _ b: RPMVersion) -> Int {
        if a.epoch != b.epoch { return a.epoch < b.epoch ? -1 : 1 }
        let order = compare(a.version, b.version)
        if order != 0 { return order }
        guard let first = a.release, let second = b.release else {
            return a.release == b.release ? 0 : a.release == nil ? -1 : 1
        }
        return compare(first, second)
    }

    /// `rpmvercmp`: below, at or above zero.
    package static func compare(_ a: String, _ b: String) -> Int { compare(Array(a.utf8), Array(b.utf8)) }

    private static func compare(_ a: [UInt8], _ b: [UInt8]) -> Int {
        if a == b { return 0 }
        var (i, j) = (0, 0)
        while i < a.count || j < b.count {
            while i < a.count, isSeparator(a[i]) { i += 1 }
            while j < b.count, isSeparator(b[j]) { j += 1 }
            if let order = tilde(a, &i, b, &j) ?? caret(a, &i, b, &j) {
                if order == 0 { continue }
                return order
            }
            guard i < a.count, j < b.count else { break }
            let isNumber = isDigit(a[i])
            let (x, y) = (run(a, &i, digits: isNumber), run(b, &j, digits: isNumber))
            // Of different kinds, the number is newer.
            if y.isEmpty { return isNumber ? 1 : -1 }
            let order = isNumber ? compareNumbers(x, y) : compareText(x, y)
            if order != 0 { return order }
        }
        // What is left over wins.
        if i >= a.count && j >= b.count { return 0 }
        return i < a.count ? 1 : -1
    }

    /// 0 where both stand at a `~`, nil where neither does.
    private static func tilde(_ a: [UInt8], _ i: inout Int, _ b: [UInt8], _ j: inout Int) -> Int? {
        let (x, y) = (i < a.count && a[i] == tilde, j < b.count && b[j] == tilde)
        if !x && !y { return nil }
        if x != y { return x ? -1 : 1 }
        i += 1
        j += 1
        return 0
    }

    /// 0 where both stand at a `^`, nil where neither does. Behind the end, and before everything else.
    private static func caret(_ a: [UInt8], _ i: inout Int, _ b: [UInt8], _ j: inout Int) -> Int? {
        let (x, y) = (i < a.count && a[i] == caret, j < b.count && b[j] == caret)
        if !x && !y { return nil }
        if i >= a.count { return -1 }
        if j >= b.count { return 1 }
        if x != y { return x ? -1 : 1 }
        i += 1
        j += 1
        return 0
    }

    private static func run(_ text: [UInt8], _ index: inout Int, digits: Bool) -> ArraySlice<UInt8> {
        let start = index
        while index < text.count, digits ? isDigit(text[index]) : isLetter(text[index]) { index += 1 }
        return text[start..<index]
    }

    private static func compareNumbers(_ a: ArraySlice<UInt8>, _ b: ArraySlice<UInt8>) -> Int {
        let (x, y) = (a.drop { $0 == 0x30 }, b.drop { $0 == 0x30 })
        if x.count != y.count { return x.count < y.count ? -1 : 1 }
        return compareText(x, y)
    }

    private static func compareText(_ a: ArraySlice<UInt8>, _ b: ArraySlice<UInt8>) -> Int {
        if a.elementsEqual(b) { return 0 }
        return a.lexicographicallyPrecedes(b) ? -1 : 1
    }

    private static let tilde = UInt8(ascii: "~")
    private static let caret = UInt8(ascii: "^")

    private static func isSeparator(_ byte: UInt8) -> Bool { !isDigit(byte) && !isLetter(byte) && byte != tilde && byte != caret }

    private static func isDigit(_ byte: UInt8) -> Bool { 0x30...0x39 ~= byte }

    private static func isLetter(_ byte: UInt8) -> Bool { 0x61...0x7A ~= byte | 0x20 }
}
