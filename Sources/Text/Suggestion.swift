/// "Did you mean": the known word nearest to what was written.
package enum Suggestion {
    /// The candidate that is the fewest edits away, if it is near enough to be a slip of the pen: at most a third of the longer word,
    /// one edit at least, three at most. The first of equals wins. Where none is near, the only one that begins with the word, if that
    /// has two letters or more. Case does not count.
    package static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
        let written = Array(word.lowercased().unicodeScalars)
        var best: (candidate: String, distance: Int)?
        var longer: [String] = []
        for candidate in candidates where candidate != word {
            let known = Array(candidate.lowercased().unicodeScalars)
            if known.starts(with: written) { longer.append(candidate) }
            let limit = min(3, max(1, max(written.count, known.count) / 3))
            guard abs(written.count - known.count) <= limit else { continue }
            let distance = editDistance(written, known)
            if distance <= limit && distance < best?.distance ?? Int.max { best = (candidate, distance) }
        }
        return best?.candidate ?? (written.count >= 2 && longer.count == 1 ? longer.first : nil)
    }

    /// A hint for an unknown word: `did you mean 'x'?`, or all known words when none is near and they are few.
    package static func hint(for word: String, among candidates: some Collection<String>) -> String? {
        if let nearest = nearest(to: word, among: candidates) { return "did you mean '\(nearest)'?" }
        guard !candidates.isEmpty, candidates.count <= 12 else { return nil }
        return "known: \(candidates.joined(separator: ", "))"
    }

    /// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
    private static func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...b.count)
        for i in 0..<a.count {
            var row = [i + 1]
            row.reserveCapacity(b.count + 1)
            for j in 0..<b.count {
                var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
                row.append(cost)
            }
            beforeLast = last
            last = row
        }
        return last[b.count]
    }
}
