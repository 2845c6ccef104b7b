import Hyperscan

/// Finds the tokens of one rule.
struct TokenDetector: Detector {
    let token: TokenRule

    init(_ token: TokenRule) { self.token = token }

    var rules: [SecretRule] { [token.rule] }
    var literals: [Literal] { token.literals }
    var readsTextOnly: Bool { if case .behind = token.anchor { true } else { false } }

    /// How far back a token may begin before the literal in it.
    private static let maximumLead = 512

    func inspect(_ content: Content, _ hit: Range<Int>, _ found: inout [Candidate]) {
        guard let start = start(content, hit) else { return }
        let bytes = content.bytes
        let match = token.pattern.match(bytes, at: start) { end in content.isPacked || endsToken(bytes, end) }
        guard let match, match.whole.upperBound >= hit.upperBound else { return }
        let value = bytes[match.credential]
        if ValueTest.isDummy(value) || ValueTest.entropy(value) < token.minimumEntropy { return }
        if token.check.holds(bytes, match.credential) {
            found.append(Candidate(token.rule, match.credential, rank, detail: token.check.detail(value)))
        } else if token.check.isChecksum {
            // Made up, mistyped, or of a form that its issuer has changed: which of them, nobody can tell from here.
            found.append(Candidate(token.rule.with(.low), match.credential, rank, detail: "its checksum does not fit"))
        }
    }

    private var rank: Candidate.Rank { token.isGeneric ? .form : readsTextOnly ? .parser : .token }

    private func start(_ content: Content, _ hit: Range<Int>) -> Int? {
        switch token.anchor {
        case .behind: return hit.upperBound
        case .start: return content.isPacked || beginsToken(content.bytes, hit.lowerBound) ? hit.lowerBound : nil
        case .within(let run):
            var start = hit.lowerBound
            while start > 0 && hit.lowerBound - start < Self.maximumLead && run.contains(content.bytes[start - 1]) { start -= 1 }
            return start
        }
    }

    /// Whether a token can begin here: not behind a letter or digit, unless that belongs to an escape such as `\n`, `%3D` or `\u003d`.
    private func beginsToken(_ bytes: [UInt8], _ position: Int) -> Bool {
        guard position > 0, ByteSet.alphanumeric.contains(bytes[position - 1]) else { return true }
        if position >= 2 && bytes[position - 2] == UInt8(ascii: "\\") { return true }
        if position >= 3 && bytes[position - 3] == UInt8(ascii: "%") { return true }
        return position >= 6 && bytes[position - 6] == UInt8(ascii: "\\") && bytes[position - 5] == UInt8(ascii: "u")
    }

    private func endsToken(_ bytes: [UInt8], _ position: Int) -> Bool {
        position >= bytes.count || !ByteSet.word.contains(bytes[position])
    }

    /// The first finding in a small content, without an engine.
    func firstFinding(in content: Content) -> Candidate? {
        var found: [Candidate] = []
        for literal in literals {
            let needle = literal.ignoresCase ? ValueTest.lowered(literal.bytes) : literal.bytes
            let text = literal.ignoresCase ? ValueTest.lowered(content.bytes) : content.bytes
            for start in text.indices where text[start...].starts(with: needle) {
                inspect(content, start..<(start + needle.count), &found)
            }
        }
        return found.first
    }
}
