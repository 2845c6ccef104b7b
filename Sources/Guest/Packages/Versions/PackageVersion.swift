import Model

/// A version of a Debian package, `[epoch:]upstream[-revision]`, ordered as deb-version(7) says.
package struct PackageVersion: Comparable, Sendable, CustomStringConvertible {
    package let epoch: Int
    package let upstream: String
    /// Empty where there is none, which is the same as `0`.
    package let revision: String
    private let text: String

    package init(parsing text: String) throws(Failure) {
        func refused(_ why: String) -> Failure { Failure(.invalid, "'\(text.prefix(100))' is no package version: \(why)") }
        var rest = Substring(text)
        var epoch = 0
        if let colon = rest.firstIndex(of: ":") {
            let digits = rest[..<colon]
            guard let number = Int(digits), digits.utf8.allSatisfy(Self.isDigit), number <= Int(Int32.max) else {
                throw refused("its epoch is no number")
            }
            epoch = number
            rest = rest[rest.index(after: colon)...]
        }
        var revision = Substring()
        if let dash = rest.lastIndex(of: "-") {
            revision = rest[rest.index(after: dash)...]
            rest = rest[..<dash]
            guard !revision.isEmpty else { throw refused("its revision is empty") }
        }
        guard let first = rest.utf8.first else { throw refused("it is empty") }
        guard Self.isDigit(first) else { throw refused("it does not start with a digit") }
        guard rest.utf8.allSatisfy({ Self.isAllowed($0, ".-+~:") }), revision.utf8.allSatisfy({ Self.isAllowed($0, ".+~") })
        else {
            throw refused("it has a character that is not allowed")
        }
        self.epoch = epoch
        upstream = String(rest)
        self.revision = String(revision)
        self.text = text
    }

    package var description: String { text }

    package static func == (a: PackageVersion, b: PackageVersion) -> Bool { order(a, b) == 0 }
    package static func < (a: PackageVersion, b: PackageVersion) -> Bool { order(a, b) < 0 }

    private static func order(_ a: PackageVersion, _ b: PackageVersion) -> Int {
        if a.epoch != b.epoch { return a.epoch < b.epoch ? -1 : 1 }
        let upstream = order(Array(a.upstream.utf8), Array(b.upstream.utf8))
        return upstream != 0 ? upstream : order(Array(a.revision.utf8), Array(b.revision.utf8))
    }

    /// Runs of non-digits by `weight`, and runs of digits as numbers, in turn.
    private static func order(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var (i, j) = (0, 0)
        while i < a.count || j < b.count {
            while (i < a.count && !isDigit(a[i])) || (j < b.count && !isDigit(b[j])) {
                let (x, y) = (weight(a, i), weight(b, j))
                if x != y { return x < y ? -1 : 1 }
                i += 1
                j += 1
            }
            let (x, y) = (number(a, &i), number(b, &j))
            if x.count != y.count { return x.count < y.count ? -1 : 1 }
            if x != y { return x.lexicographicallyPrecedes(y) ? -1 : 1 }
        }
        return 0
    }

    /// `~` before the end, the end before letters, letters before all else. A digit ends a run as the end does.
    private static func weight(_ text: [UInt8], _ index: Int) -> Int {
        guard index < text.count, !isDigit(text[index]) else { return 0 }
        let byte = text[index]
        if byte == UInt8(ascii: "~") { return -1 }
        return isLetter(byte) ? Int(byte) : Int(byte) + 256
    }

    /// The digits from `index` on without leading zeros, so that any length compares.
    private static func number(_ text: [UInt8], _ index: inout Int) -> ArraySlice<UInt8> {
        while index < text.count, text[index] == UInt8(ascii: "0") { index += 1 }
        let start = index
        while index < text.count, isDigit(text[index]) { index += 1 }
        return text[start..<index]
    }

    private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

    private static func isLetter(_ byte: UInt8) -> Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 }

    private static func isAllowed(_ byte: UInt8, _ others: StaticString) -> Bool {
        isDigit(byte) || isLetter(byte) || "\(others)".utf8.contains(byte)
    }
}
