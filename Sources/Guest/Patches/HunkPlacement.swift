/// Finds where a hunk goes, as GNU patch does without fuzz: at its line, or at the nearest place where all its old lines stand.
struct HunkPlacement {
    /// The farthest that a hunk is looked for from where it should be, in lines.
    static let maximumOffset = 20_000

    /// What became of a file by its hunks.
    enum Outcome: Equatable {
        case applied([UInt8])
        /// The hunks that found no place, by index.
        case rejected([Int])
    }

    private let lines: [[UInt8]]
    /// The lines of the old file that hunks have taken; the next one goes behind them.
    private var frozen = 0
    private var offset = 0
    private var result: [[UInt8]] = []

    private init(_ bytes: [UInt8]) { lines = Self.split(bytes) }

    /// Applies all hunks to the bytes of a file.
    static func apply(_ hunks: [FileDiff.Hunk], to bytes: [UInt8]) -> Outcome {
        var placement = HunkPlacement(bytes)
        var rejected: [Int] = []
        for (index, hunk) in hunks.enumerated() where !placement.place(hunk) { rejected.append(index) }
        if !rejected.isEmpty { return .rejected(rejected) }
        return .applied(Array((placement.result + placement.lines[placement.frozen...]).joined()))
    }

    /// Lines with their line feeds.
    static func split(_ bytes: [UInt8]) -> [[UInt8]] {
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { Array($0) + [0x0A] }
        if let last = lines.popLast(), last.count > 1 { lines.append(Array(last.dropLast())) }
        return lines
    }

    private mutating func place(_ hunk: FileDiff.Hunk) -> Bool {
        let old = hunk.old
        // Where it should be, from 0. A hunk without old lines goes after the line that it names.
        let expected = (old.isEmpty ? hunk.oldStart : hunk.oldStart - 1) + offset
        guard let start = find(old, hunk, expected) else { return false }
        offset += start - expected
        result += lines[frozen..<start] + hunk.new
        frozen = start + old.count
        // A line without its line feed that does not end the file gets it back.
        if frozen < lines.count, let last = result.last, last.last != 0x0A { result[result.count - 1].append(0x0A) }
        return true
    }

    private func find(_ old: [[UInt8]], _ hunk: FileDiff.Hunk, _ expected: Int) -> Int? {
        let last = lines.count - old.count
        if old.isEmpty { return (frozen...max(frozen, lines.count)).contains(expected) ? expected : nil }
        guard last >= frozen else { return nil }
        // Less context before than after says that the hunk stands at the start of its file; the other way round, at the end.
        let (leading, trailing) = (hunk.leadingContext, hunk.trailingContext)
        if leading < trailing && hunk.oldStart <= 1 { return frozen == 0 && matches(old, 0) ? 0 : nil }
        if trailing < leading { return matches(old, last) ? last : nil }
        var distance = max(0, expected - last, frozen - expected)
        while distance <= Self.maximumOffset && (expected + distance <= last || expected - distance >= frozen) {
            if expected + distance <= last, expected + distance >= frozen, matches(old, expected + distance) {
                return expected + distance
            }
            if expected - distance >= frozen, expected - distance <= last, matches(old, expected - distance) {
                return expected - distance
            }
            distance += 1
        }
        return nil
    }

    private func matches(_ old: [[UInt8]], _ start: Int) -> Bool {
        for (index, line) in old.enumerated() where lines[start + index] != line { return false }
        return true
    }
}
