/// A version of a Python distribution in the order of PEP 440: epoch, release, then pre-releases, post-releases and development
/// releases; local versions last.
package struct PythonVersion: Comparable, Sendable, CustomStringConvertible {
    package let description: String
    private let key: [Int]
    private let local: [Local]

    private enum Local: Equatable {
        case word(String)
        case number(Int)
    }

    /// Nil where the text is no version of PEP 440.
    package init?(_ text: String) {
        var reader = Reader(text)
        guard let parts = reader.parts() else { return nil }
        description = text
        var release = parts.release
        while release.count > 1, release.last == 0 { release.removeLast() }
        // Behind the release stands what says how far a version is: the smallest number of all ends the release, so that a longer one
        // is newer.
        key = [parts.epoch] + release.map { $0 + 1 } + [0] + Self.phase(parts)
        local = parts.local.map { word in Int(word).map { .number($0) } ?? .word(word) }
    }

    /// Development of a release is before its pre-releases, those before the release, and that before post-releases.
    private static func phase(_ parts: Reader.Parts) -> [Int] {
        let pre: [Int]
        if let (kind, number) = parts.pre {
            pre = [kind, number]
        } else if parts.post == nil, parts.dev != nil {
            pre = [-1, 0]
        } else {
            pre = [9, 0]
        }
        return pre + [parts.post.map { $0 + 1 } ?? 0, parts.dev ?? Int.max]
    }

    package static func == (a: PythonVersion, b: PythonVersion) -> Bool { a.key == b.key && a.local == b.local }

    package static func < (a: PythonVersion, b: PythonVersion) -> Bool {
        if a.key != b.key { return a.key.lexicographicallyPrecedes(b.key) }
        for (x, y) in zip(a.local, b.local) where x != y {
            switch (x, y) {
            case (.number(let x), .number(let y)): return x < y
            case (.word(let x), .word(let y)): return Array(x.utf8).lexicographicallyPrecedes(Array(y.utf8))
            case (.word, .number): return true
            case (.number, .word): return false
            }
        }
        return a.local.count < b.local.count
    }

    /// Reads the forms that PEP 440 allows, without regard to case.
    private struct Reader {
        struct Parts {
            var epoch = 0
            var release: [Int] = []
            var pre: (kind: Int, number: Int)?
            var post: Int?
            var dev: Int?
            var local: [String] = []
        }

        private var rest: ArraySlice<UInt8>

        init(_ text: String) {
            rest = Array(text.lowercased().utf8)[...]
            if rest.first == UInt8(ascii: "v") { rest = rest.dropFirst() }
        }

        mutating func parts() -> Parts? {
            var parts = Parts()
            guard var number = number() else { return nil }
            if take("!") {
                parts.epoch = number
                guard let first = self.number() else { return nil }
                number = first
            }
            parts.release = [number]
            while rest.first == UInt8(ascii: "."), rest.dropFirst().first.map(Self.isDigit) == true {
                rest = rest.dropFirst()
                guard let next = self.number() else { return nil }
                parts.release.append(next)
            }
            let kinds = [("alpha", 0), ("a", 0), ("beta", 1), ("b", 1), ("preview", 2), ("pre", 2), ("rc", 2), ("c", 2)]
            for (word, kind) in kinds where parts.pre == nil { parts.pre = tagged(word).map { (kind, $0) } }
            for word in ["post", "rev", "r"] where parts.post == nil { parts.post = tagged(word) }
            if parts.post == nil, rest.first == UInt8(ascii: "-"), rest.dropFirst().first.map(Self.isDigit) == true {
                rest = rest.dropFirst()
                parts.post = self.number()
            }
            parts.dev = tagged("dev")
            if take("+") {
                let words = rest.split(omittingEmptySubsequences: false) { [0x2E, 0x2D, 0x5F].contains($0) }
                parts.local = words.map { String(decoding: $0, as: UTF8.self) }
                guard words.allSatisfy({ !$0.isEmpty && $0.allSatisfy { Self.isDigit($0) || 0x61...0x7A ~= $0 } }) else {
                    return nil
                }
                rest = []
            }
            return rest.isEmpty ? parts : nil
        }

        /// A word with a separator before it, and a number behind it, 0 where there is none.
        private mutating func tagged(_ word: String) -> Int? {
            let separators: Set<UInt8> = [0x2E, 0x2D, 0x5F]
            var next = rest
            if let first = next.first, separators.contains(first) { next = next.dropFirst() }
            guard next.starts(with: Array(word.utf8)) else { return nil }
            rest = next.dropFirst(word.utf8.count)
            if let first = rest.first, separators.contains(first), rest.dropFirst().first.map(Self.isDigit) == true {
                rest = rest.dropFirst()
            }
            return number() ?? 0
        }

        private mutating func take(_ text: Character) -> Bool {
            guard rest.first == text.asciiValue else { return false }
            rest = rest.dropFirst()
            return true
        }

        private mutating func number() -> Int? {
            let digits = rest.prefix(while: Self.isDigit)
            guard !digits.isEmpty, digits.count <= 18 else { return nil }
            rest = rest.dropFirst(digits.count)
            return Int(String(decoding: digits, as: UTF8.self))
        }

        private static func isDigit(_ byte: UInt8) -> Bool { 0x30...0x39 ~= byte }
    }
}
