/// What files of one kind are called, in lower case. Patterns hold `*` for anything between two parts, and `$` at the end for the end.
struct NameTest: Sendable {
    /// Whole names; copies of such files count too.
    var names: Set<String> = []
    /// What stands behind a name's last dot.
    var endings: Set<String> = []
    /// Patterns of the last name, which begins with a slash here: `/user-data` is how a name begins.
    var parts: [String] = []
    /// Patterns of the path, which begins with a slash.
    var paths: [String] = []
}

/// Many name tests, which are all made in one pass over a name.
struct NameTable: Sendable {
    /// Positions of tests in a table's list.
    struct Matches: Hashable, Sendable {
        private var words: (low: UInt64, high: UInt64) = (0, 0)

        /// A table has at most so many tests.
        static let capacity = 128

        init(_ positions: [Int] = []) { for position in positions { insert(position) } }

        mutating func insert(_ position: Int) {
            precondition(position < Self.capacity)
            if position < 64 { words.low |= 1 << UInt64(position) } else { words.high |= 1 << UInt64(position - 64) }
        }

        func contains(_ position: Int) -> Bool {
            (position < 64 ? words.low >> UInt64(position) : words.high >> UInt64(position - 64)) & 1 == 1
        }

        func union(_ other: Matches) -> Matches {
            var result = self
            result.words.low |= other.words.low
            result.words.high |= other.words.high
            return result
        }

        func isDisjoint(with other: Matches) -> Bool {
            words.low & other.words.low == 0 && words.high & other.words.high == 0
        }

        static func == (a: Matches, b: Matches) -> Bool { a.words == b.words }

        func hash(into hasher: inout Hasher) {
            hasher.combine(words.low)
            hasher.combine(words.high)
        }

        /// As they stand in the keys of caches.
        var bytes: [UInt8] {
            [words.low, words.high].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
        }
    }

    private struct Pattern: Sendable {
        let pieces: [[UInt8]]
        let isAtEnd: Bool
        let isOfLastName: Bool
        let test: Int

        init(_ text: String, ofLastName: Bool, test: Int) {
            isAtEnd = text.hasSuffix("$")
            pieces = (isAtEnd ? text.dropLast() : text[...]).split(separator: "*").map { Array($0.utf8) }
            isOfLastName = ofLastName
            self.test = test
            precondition(pieces.first.map { $0.count >= 2 } ?? false)
        }
    }

    private var byName: [String: Matches] = [:]
    private var byEnding: [String: Matches] = [:]
    /// By the hash of their first two bytes: `patterns[starts[hash]..<starts[hash + 1]]`.
    private var patterns: [Pattern] = []
    /// How each pattern begins: most are told from a name by that.
    private var heads: [Head] = []
    private var starts: [Int] = []

    /// The first eight bytes of a pattern's first part, as a big-endian number, and which of these bytes it has.
    private struct Head: Sendable {
        var word: UInt64 = 0
        var mask: UInt64 = 0

        init(_ bytes: [UInt8]) {
            for (index, byte) in bytes.prefix(8).enumerated() {
                word |= UInt64(byte) << UInt64(56 - 8 * index)
                mask |= 0xFF << UInt64(56 - 8 * index)
            }
        }
    }

    private static let slots = 2048
    private static func slot(_ first: UInt8, _ second: UInt8) -> Int { (Int(first) << 4 ^ Int(second) &* 29) & (slots - 1) }

    init(_ tests: [NameTest]) {
        var slots = [[Pattern]](repeating: [], count: Self.slots)
        for (index, test) in tests.enumerated() {
            for name in test.names { byName[name, default: Matches()].insert(index) }
            for ending in test.endings { byEnding[ending, default: Matches()].insert(index) }
            let all =
                test.parts.map { Pattern($0, ofLastName: true, test: index) }
                + test.paths.map { Pattern($0, ofLastName: false, test: index) }
            for pattern in all { slots[Self.slot(pattern.pieces[0][0], pattern.pieces[0][1])].append(pattern) }
        }
        for slot in slots {
            starts.append(patterns.count)
            patterns += slot
        }
        starts.append(patterns.count)
        heads = patterns.map { Head($0.pieces[0]) }
    }

    /// The tests that a name meets.
    func matches(_ name: FileName) -> Matches {
        var matches = byName[name.last] ?? Matches()
        let original = name.original
        if original != name.last, let more = byName[original] { matches = matches.union(more) }
        if !name.ending.isEmpty, let more = byEnding[name.ending] { matches = matches.union(more) }
        return matches.union(patternMatches(name))
    }

    /// Those of them that a pattern says.
    func patternMatches(_ name: FileName) -> Matches {
        var matches = Matches()
        let lastSlash = name.bytes.count - name.last.utf8.count - 1
        let (heads, starts) = (heads.span, starts.span)
        // The eight bytes from a position on, or what is left of them: from the end, so that each step brings one more.
        var window: UInt64 = 0
        for position in name.bytes.indices.reversed() {
            window = window >> 8 | UInt64(name.bytes[position]) << 56
            let slot = Self.slot(UInt8(window >> 56), UInt8(truncatingIfNeeded: window >> 48))
            for index in starts[slot]..<starts[slot + 1] where window & heads[index].mask == heads[index].word {
                let pattern = patterns[index]
                if (!pattern.isOfLastName || position >= lastSlash) && Self.matches(pattern, name.bytes, at: position) {
                    matches.insert(pattern.test)
                }
            }
        }
        return matches
    }

    private static func matches(_ pattern: Pattern, _ bytes: [UInt8], at position: Int) -> Bool {
        var position = position
        for (index, piece) in pattern.pieces.enumerated() {
            let isLast = index == pattern.pieces.count - 1
            if index > 0 {
                if isLast && pattern.isAtEnd {
                    return bytes.count - piece.count >= position && bytes.suffix(piece.count).elementsEqual(piece)
                }
                while position + piece.count <= bytes.count && !bytes[position...].starts(with: piece) { position += 1 }
            }
            guard bytes[position...].starts(with: piece) else { return false }
            position += piece.count
        }
        return !pattern.isAtEnd || position == bytes.count
    }
}
