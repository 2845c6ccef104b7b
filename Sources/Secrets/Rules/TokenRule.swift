import Hyperscan

/// The form of one issuer's tokens. A new rule is one entry in a table of a family.
struct TokenRule: Sendable {
    let rule: SecretRule
    /// Every token has one of these in it; selective, since each occurrence costs.
    let literals: [Literal]
    let pattern: TokenPattern
    /// Where the literal is, in relation to the start of the pattern.
    let anchor: Anchor
    let check: TokenCheck
    /// Of the credential, in bits a byte.
    let minimumEntropy: Double
    /// Whether a rule for the same place says more.
    let isGeneric: Bool
    /// What an example begins with, for a rule whose pattern does not tell; nil: the pattern itself.
    let lead: String

    enum Anchor: Sendable {
        /// The pattern begins with the literal.
        case start
        /// The pattern begins where the run of these bytes begins, which the literal is in.
        case within(ByteSet)
        /// The pattern begins behind the literal, which is the name of what follows.
        case behind
    }

    /// A token that begins with one of the literals.
    init(
        _ id: String, _ title: String, _ class: SecretClass, _ severity: SecretSeverity, _ literals: [String], _ pattern: String,
        check: TokenCheck = .none, entropy: Double = 2.5, isGeneric: Bool = false
    ) {
        rule = SecretRule(id, title, `class`, severity)
        self.literals = literals.map { Literal($0) }
        self.isGeneric = isGeneric
        self.pattern = TokenPattern(pattern)
        anchor = .start
        self.check = check
        minimumEntropy = entropy
        lead = ""
    }

    /// A token with one of the literals in its middle, in a run of the bytes of `run`.
    init(
        _ id: String, _ title: String, _ class: SecretClass, _ severity: SecretSeverity, _ literals: [String],
        within run: ByteSet,
        _ pattern: String, check: TokenCheck = .none, entropy: Double = 2.5
    ) {
        rule = SecretRule(id, title, `class`, severity)
        self.literals = literals.map { Literal($0) }
        self.pattern = TokenPattern(pattern)
        anchor = .within(run)
        isGeneric = false
        self.check = check
        minimumEntropy = entropy
        lead = ""
    }

    /// A value without a form of its own, assigned to a name that has one of the words in it, in any case.
    init(
        _ id: String, _ title: String, _ class: SecretClass, _ severity: SecretSeverity, named words: [String], _ value: String,
        check: TokenCheck = .none, entropy: Double = 3
    ) {
        rule = SecretRule(id, title, `class`, severity)
        literals = words.map { Literal($0, ignoresCase: true) }
        pattern = TokenPattern(Self.assignment + "(" + value + ")")
        anchor = .behind
        isGeneric = false
        self.check = check
        minimumEntropy = entropy
        lead = words[0] + "_key = "
    }

    /// The rest of a name, quotes and brackets, an operator, and an opening quote: `_API_KEY: "`, `']='`, `Token>`, ` key is `.
    private static let assignment =
        #"[\w.\- ]{0,40}(?:\\?["'`])?[\])]?\s{0,10}(?:=>|:{1,3}=|[?.+|]{1,2}=|==|[=:,>(]|\s)[=>(]?[ \t\r\n]{0,12}[rbfu@$]?"#
        + #"\\?["'`]{0,3}(?:[(]["'`])?(?:[Bb]earer |token )?"#

    /// A text in which the rule finds a credential, from randomness; empty: none of so many draws is found.
    func example(_ random: inout some RandomNumberGenerator, tries: Int) -> [UInt8] {
        for _ in 0..<tries {
            var bytes = lead.isEmpty ? pattern.example(&random) : Array(lead.utf8) + valueExample(&random)
            check.complete(&bytes)
            let content = Content(bytes, name: FileName("/example"))
            if TokenDetector(self).firstFinding(in: content) != nil { return bytes }
        }
        return []
    }

    /// The value alone, of a rule whose pattern begins with the rest of a name.
    private func valueExample(_ random: inout some RandomNumberGenerator) -> [UInt8] {
        var node = pattern.start
        while true {
            switch pattern.nodes[node] {
            case .mark(0, let next): return pattern.example(from: next, &random)
            case .mark(_, let next), .set(_, _, _, let next): node = next
            case .choice(let branches): node = branches[branches.count - 1]
            case .end: return []
            }
        }
    }
}
