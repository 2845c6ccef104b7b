/// A small, bounded language for the form of a credential, and a matcher for it.
///
/// Letters and digits stand for themselves. `[a-z]` and `[^a-z]` are sets, `\d`, `\w`, `\s` (blank), `.` (no line end) too; `\` before
/// anything else makes it literal. `{n}`, `{m,n}`, `{m,}`, `?`, `*`, `+` repeat a set or a letter, at most `maximumRepeat` times, as often
/// as possible. `(?:a|b)` and `(?:…)?` choose. `(…)`, once, marks the credential itself within the text. `(?i)` at the start ignores the
/// case of letters. There is no way to write a pattern whose work is not bounded.
struct TokenPattern: Sendable {
    /// What a node of the pattern asks for. The nodes form a graph without cycles, by their indices.
    enum Node: Sendable {
        case set(ByteSet, minimum: Int, maximum: Int, next: Int)
        case choice([Int])
        /// The start (0) or end (1) of the credential.
        case mark(Int, next: Int)
        case end
    }

    /// As it was written.
    let text: String
    let nodes: [Node]
    let start: Int

    /// What `*`, `+` and `{m,}` may repeat.
    static let maximumRepeat = 4096
    /// Steps of one attempt to match.
    private static let maximumSteps = 4000

    /// Patterns are written in code: one that cannot be read is a fault of this program.
    init(_ text: String) {
        self.text = text
        var parser = TokenPatternParser(text)
        (nodes, start) = parser.parse()
    }

    /// Where the credential is, in a text that begins at `position`; nil where the text is not of this form. `accepts` may refuse an end,
    /// so that a shorter one is tried.
    func match(
        _ bytes: [UInt8], at position: Int, accepts: (_ end: Int) -> Bool = { _ in true }
    ) -> (whole: Range<Int>, credential: Range<Int>)? {
        var state = State(credentialStart: position, credentialEnd: nil, steps: 0)
        guard let end = run(start, bytes, position, &state, accepts) else { return nil }
        return (position..<end, state.credentialStart..<(state.credentialEnd ?? end))
    }

    private struct State {
        var credentialStart: Int
        var credentialEnd: Int?
        var steps: Int
    }

    private func run(
        _ node: Int, _ bytes: [UInt8], _ position: Int, _ state: inout State, _ accepts: (Int) -> Bool
    ) -> Int? {
        state.steps += 1
        if state.steps > Self.maximumSteps { return nil }
        switch nodes[node] {
        case .end: return accepts(position) ? position : nil
        case .mark(let which, let next):
            let saved = state
            if which == 0 { state.credentialStart = position } else { state.credentialEnd = position }
            if let end = run(next, bytes, position, &state, accepts) { return end }
            (state.credentialStart, state.credentialEnd) = (saved.credentialStart, saved.credentialEnd)
            return nil
        case .choice(let branches):
            for branch in branches {
                if let end = run(branch, bytes, position, &state, accepts) { return end }
            }
            return nil
        case .set(let set, let minimum, let maximum, let next):
            let limit = min(bytes.count, position + maximum)
            var reached = position
            while reached < limit && set.contains(bytes[reached]) { reached += 1 }
            let shortest = position + minimum
            while reached >= shortest {
                if let end = run(next, bytes, reached, &state, accepts) { return end }
                reached -= 1
            }
            return nil
        }
    }
}

extension TokenPattern {
    /// Bytes of this form, from a source of randomness; those that a repetition need not have are mostly left out.
    func example(_ random: inout some RandomNumberGenerator) -> [UInt8] { example(from: start, &random) }

    func example(from first: Int, _ random: inout some RandomNumberGenerator) -> [UInt8] {
        var bytes: [UInt8] = []
        var node = first
        while true {
            switch nodes[node] {
            case .end: return bytes
            case .mark(_, let next): node = next
            case .choice(let branches): node = branches[Int.random(in: 0..<branches.count, using: &random)]
            case .set(let set, let minimum, let maximum, let next):
                let letters = set.printable
                let count = minimum == 0 && maximum == 1 ? Int.random(in: 0...1, using: &random) : minimum
                let alphabet = letters.filter { ByteSet.alphanumeric.contains($0) }
                for _ in 0..<count {
                    let source = alphabet.isEmpty ? letters : alphabet
                    if let byte = source.randomElement(using: &random) { bytes.append(byte) }
                }
                node = next
            }
        }
    }
}
