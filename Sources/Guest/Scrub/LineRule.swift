import Model

/// Which lines of a text file an operation means: those that fit a pattern, or that set a key.
package struct LineRule: Hashable, Sendable {
    private let patterns: [Wildcard]
    /// In lower case.
    private let keys: [[UInt8]]

    /// `patterns` are wildcards, with braces, for a whole line without the blanks around it; a comment never fits. `keys` are names before `=`.
    package init(patterns: [String] = [], keys: [String] = []) throws(Failure) {
        var wildcards: [Wildcard] = []
        for pattern in patterns {
            for text in try BraceExpansion.expand(pattern) { wildcards.append(try Wildcard(text.utf8)) }
        }
        self.patterns = wildcards
        self.keys = keys.map { Array($0.lowercased().utf8) }
    }

    package var isEmpty: Bool { patterns.isEmpty && keys.isEmpty }

    package func matches(_ line: [UInt8]) -> Bool {
        let line = Self.trimmed(line[...])
        guard let first = line.first, first != UInt8(ascii: "#"), first != UInt8(ascii: ";") else { return false }
        if patterns.contains(where: { $0.matches(line) }) { return true }
        guard !keys.isEmpty, let equals = line.firstIndex(of: UInt8(ascii: "=")) else { return false }
        let key = Self.trimmed(line[..<equals]).map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
        return keys.contains(key)
    }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0D }
        guard let first = line.firstIndex(where: { !isBlank($0) }), let last = line.lastIndex(where: { !isBlank($0) }) else {
            return []
        }
        return line[first...last]
    }
}
