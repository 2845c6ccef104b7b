/// What a detector takes for a credential.
struct Candidate: Hashable, Sendable {
    let rule: SecretRule
    /// Where the credential is in the content.
    let range: Range<Int>
    let rank: Rank
    /// The credential, where it is not the bytes of the range, such as a decoded password; for its keyed digest.
    var value: [UInt8]?
    /// What else is known of it, for people.
    var detail: String?

    /// Which of two rules for one place says more.
    enum Rank: Int, Comparable, Sendable {
        /// A name that sounds like one, and a value that could be one.
        case assignment
        /// A form that many things use, such as a URL with a password.
        case form
        /// A field that a file's format has for a credential.
        case parser
        /// A token of a known issuer, or a key.
        case token

        static func < (a: Rank, b: Rank) -> Bool { a.rawValue < b.rawValue }
    }

    init(_ rule: SecretRule, _ range: Range<Int>, _ rank: Rank, value: [UInt8]? = nil, detail: String? = nil) {
        self.rule = rule
        self.range = range
        self.rank = rank
        self.value = value
        self.detail = detail
    }

    /// The candidates of which none is about the place of another that says more.
    static func strongest(_ candidates: [Candidate]) -> [Candidate] {
        if candidates.count < 2 { return candidates }
        let sorted = candidates.enumerated().sorted {
            ($0.element.range.lowerBound, -$0.element.rank.rawValue, $0.offset)
                < ($1.element.range.lowerBound, -$1.element.rank.rawValue, $1.offset)
        }.map(\.element)
        var kept: [Candidate] = []
        for candidate in sorted {
            // What is kept is disjoint and ascending, so only the last of them can overlap.
            guard let last = kept.last, last.range.overlaps(candidate.range) else {
                kept.append(candidate)
                continue
            }
            if candidate.rank > last.rank { kept[kept.count - 1] = candidate }
        }
        return kept
    }
}
