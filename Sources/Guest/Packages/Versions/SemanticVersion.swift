/// A semantic version (https://semver.org), as Go modules and npm packages have it; a `v` before it is passed over, and missing numbers are
/// zero.
package struct SemanticVersion: Comparable, Sendable, CustomStringConvertible {
    package let description: String
    private let numbers: [[UInt8]]
    /// Empty for a release.
    private let prerelease: [[UInt8]]

    /// Nil where the text is no version.
    package init?(_ text: String) {
        var rest = Array(text.utf8)[...]
        if rest.first == UInt8(ascii: "v") { rest = rest.dropFirst() }
        if let plus = rest.firstIndex(of: UInt8(ascii: "+")) { rest = rest[..<plus] }
        var prerelease: [[UInt8]] = []
        if let dash = rest.firstIndex(of: UInt8(ascii: "-")) {
            prerelease = Self.parts(rest[(dash + 1)...])
            rest = rest[..<dash]
            guard prerelease.allSatisfy({ !$0.isEmpty }) else { return nil }
        }
        let numbers = Self.parts(rest)
        guard 1...3 ~= numbers.count, numbers.allSatisfy({ !$0.isEmpty && $0.allSatisfy { 0x30...0x39 ~= $0 } }) else {
            return nil
        }
        description = text
        self.numbers = (numbers + [[UInt8]](repeating: [], count: 3 - numbers.count)).map { Array($0.drop { $0 == 0x30 }) }
        self.prerelease = prerelease
    }

    package static func == (a: SemanticVersion, b: SemanticVersion) -> Bool { order(a, b) == 0 }
    package static func < (a: SemanticVersion, b: SemanticVersion) -> Bool { order(a, b) < 0 }

    private static func order(_ a: SemanticVersion, _ b: SemanticVersion) -> Int {
        for (x, y) in zip(a.numbers, b.numbers) {
            let order = number(x, y)
            if order != 0 { return order }
        }
        if a.prerelease.isEmpty || b.prerelease.isEmpty {
            return a.prerelease.isEmpty == b.prerelease.isEmpty ? 0 : a.prerelease.isEmpty ? 1 : -1
        }
        for (x, y) in zip(a.prerelease, b.prerelease) {
            let order = identifier(x, y)
            if order != 0 { return order }
        }
        return a.prerelease.count == b.prerelease.count ? 0 : a.prerelease.count < b.prerelease.count ? -1 : 1
    }

    /// Numbers come before words.
    private static func identifier(_ a: [UInt8], _ b: [UInt8]) -> Int {
        let (x, y) = (a.allSatisfy { 0x30...0x39 ~= $0 }, b.allSatisfy { 0x30...0x39 ~= $0 })
        if x != y { return x ? -1 : 1 }
        if x { return number(Array(a.drop { $0 == 0x30 }), Array(b.drop { $0 == 0x30 })) }
        return a == b ? 0 : a.lexicographicallyPrecedes(b) ? -1 : 1
    }

    private static func number(_ a: [UInt8], _ b: [UInt8]) -> Int {
        if a.count != b.count { return a.count < b.count ? -1 : 1 }
        return a == b ? 0 : a.lexicographicallyPrecedes(b) ? -1 : 1
    }

    private static func parts(_ text: ArraySlice<UInt8>) -> [[UInt8]] {
        text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map { Array($0) }
    }
}
