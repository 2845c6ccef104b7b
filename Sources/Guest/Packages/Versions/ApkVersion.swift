/// A version of an Alpine package: numbers with dots, a letter, suffixes such as `_rc1`, a commit, and `-r` with the package's revision.
///
///     digits ("." digits)* letter? ("_" suffix digits?)* ("~" hex)? ("-r" digits)?
package struct ApkVersion: Comparable, Sendable, CustomStringConvertible {
    package let description: String
    private let numbers: [[UInt8]]
    /// 0 where there is none.
    private let letter: UInt8
    private let suffixes: [Suffix]
    /// Nil where there is none, which is before `-r0`.
    private let revision: [UInt8]?

    private struct Suffix: Equatable {
        let rank: Int
        /// Nil where there is none, which is before 0.
        let number: [UInt8]?
    }

    /// What stands for no suffix lies between those of releases before and those after.
    private static let before = ["alpha", "beta", "pre", "rc"]
    private static let after = ["cvs", "svn", "git", "hg", "p"]

    /// Nil where the text is no version.
    package init?(_ text: String) {
        var rest = Array(text.utf8)[...]
        var numbers: [[UInt8]] = []
        repeat {
            if !numbers.isEmpty { rest = rest.dropFirst() }
            let digits = Self.digits(&rest)
            guard !digits.isEmpty else { return nil }
            numbers.append(digits)
        } while rest.first == UInt8(ascii: ".")
        var letter: UInt8 = 0
        if let next = rest.first, 0x61...0x7A ~= next {
            letter = next
            rest = rest.dropFirst()
        }
        var suffixes: [Suffix] = []
        while rest.first == UInt8(ascii: "_") {
            rest = rest.dropFirst()
            let word = String(decoding: rest.prefix { 0x61...0x7A ~= $0 }, as: UTF8.self)
            guard let rank = Self.rank(word) else { return nil }
            rest = rest.dropFirst(word.utf8.count)
            let number = Self.digits(&rest)
            suffixes.append(Suffix(rank: rank, number: number.isEmpty ? nil : Self.significant(number)))
        }
        if rest.first == UInt8(ascii: "~") {
            rest = rest.dropFirst().drop { 0x30...0x39 ~= $0 || 0x61...0x66 ~= $0 }
        }
        var revision: [UInt8]?
        if rest.starts(with: Array("-r".utf8)) {
            rest = rest.dropFirst(2)
            let digits = Self.digits(&rest)
            guard !digits.isEmpty else { return nil }
            revision = Self.significant(digits)
        }
        guard rest.isEmpty else { return nil }
        description = text
        self.numbers = numbers
        self.letter = letter
        self.suffixes = suffixes
        self.revision = revision
    }

    package static func == (a: ApkVersion, b: ApkVersion) -> Bool { order(a, b) == 0 }
    package static func < (a: ApkVersion, b: ApkVersion) -> Bool { order(a, b) < 0 }

    private static func order(_ a: ApkVersion, _ b: ApkVersion) -> Int {
        for (index, (x, y)) in zip(a.numbers, b.numbers).enumerated() where x != y {
            let order = component(x, y, isFirst: index == 0)
            if order != 0 { return order }
        }
        // More numbers are newer, and so is a letter against none.
        if a.numbers.count != b.numbers.count { return a.numbers.count < b.numbers.count ? -1 : 1 }
        if a.letter != b.letter { return a.letter < b.letter ? -1 : 1 }
        for index in 0..<max(a.suffixes.count, b.suffixes.count) {
            let (x, y) = (suffix(a, index), suffix(b, index))
            if x.rank != y.rank { return x.rank < y.rank ? -1 : 1 }
            let order = number(x.number, y.number)
            if order != 0 { return order }
        }
        return number(a.revision, b.revision)
    }

    /// Behind the first one, a number with a leading zero is a fraction: `1.05` is before `1.1`.
    private static func component(_ a: [UInt8], _ b: [UInt8], isFirst: Bool) -> Int {
        if !isFirst, a.first == 0x30 || b.first == 0x30 {
            return a == b ? 0 : a.lexicographicallyPrecedes(b) ? -1 : 1
        }
        return number(significant(a), significant(b))
    }

    private static func suffix(_ version: ApkVersion, _ index: Int) -> Suffix {
        index < version.suffixes.count ? version.suffixes[index] : Suffix(rank: 0, number: nil)
    }

    private static func rank(_ word: String) -> Int? {
        if let index = before.firstIndex(of: word) { return index - before.count }
        return after.firstIndex(of: word).map { $0 + 1 }
    }

    private static func number(_ a: [UInt8]?, _ b: [UInt8]?) -> Int {
        guard let a, let b else { return a == nil ? (b == nil ? 0 : -1) : 1 }
        if a.count != b.count { return a.count < b.count ? -1 : 1 }
        return a == b ? 0 : a.lexicographicallyPrecedes(b) ? -1 : 1
    }

    private static func digits(_ rest: inout ArraySlice<UInt8>) -> [UInt8] {
        let digits = Array(rest.prefix { 0x30...0x39 ~= $0 })
        rest = rest.dropFirst(digits.count)
        return digits
    }

    private static func significant(_ digits: [UInt8]) -> [UInt8] { Array(digits.drop { $0 == 0x30 }) }
}
