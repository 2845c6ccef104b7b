/// Reads the language of `TokenPattern`, from its end to its start, so that each node knows its successor.
struct TokenPatternParser {
    private let text: [UInt8]
    private var position = 0
    private var nodes: [TokenPattern.Node] = [.end]
    private var ignoresCase = false

    /// What is read, before it has a place in the graph.
    private indirect enum Part {
        case set(ByteSet, Int, Int)
        case choice([[Part]], optional: Bool)
        case credential([[Part]])
    }

    init(_ text: String) { self.text = Array(text.utf8) }

    mutating func parse() -> (nodes: [TokenPattern.Node], start: Int) {
        if text.starts(with: Array("(?i)".utf8)) {
            ignoresCase = true
            position = 4
        }
        let branches = alternatives()
        precondition(position == text.count, "the token pattern \(String(decoding: text, as: UTF8.self)) has a ) too many")
        let start = place(branches, next: 0)
        return (nodes, start)
    }

    // MARK: Reading

    private var next: UInt8? { position < text.count ? text[position] : nil }

    private mutating func take() -> UInt8 {
        precondition(position < text.count, "the token pattern \(String(decoding: text, as: UTF8.self)) breaks off")
        position += 1
        return text[position - 1]
    }

    private mutating func alternatives() -> [[Part]] {
        var branches: [[Part]] = [[]]
        while let byte = next, byte != UInt8(ascii: ")") {
            if byte == UInt8(ascii: "|") {
                position += 1
                branches.append([])
            } else {
                branches[branches.count - 1].append(part())
            }
        }
        return branches
    }

    private mutating func part() -> Part {
        let byte = take()
        if byte == UInt8(ascii: "(") { return group() }
        let set: ByteSet =
            switch byte {
            case UInt8(ascii: "["): readSet()
            case UInt8(ascii: "."): ByteSet().inverted
            case UInt8(ascii: "\\"): escape(take())
            default: single(byte)
            }
        let (minimum, maximum) = repetition()
        return .set(set, minimum, maximum)
    }

    private mutating func group() -> Part {
        let isPlain = text[position...].starts(with: Array("?:".utf8))
        if isPlain { position += 2 }
        let branches = alternatives()
        precondition(take() == UInt8(ascii: ")"), "a group of a token pattern is not closed")
        if !isPlain { return .credential(branches) }
        let isOptional = next == UInt8(ascii: "?")
        if isOptional { position += 1 }
        return .choice(branches, optional: isOptional)
    }

    private mutating func repetition() -> (Int, Int) {
        switch next {
        case UInt8(ascii: "?"):
            position += 1
            return (0, 1)
        case UInt8(ascii: "*"):
            position += 1
            return (0, TokenPattern.maximumRepeat)
        case UInt8(ascii: "+"):
            position += 1
            return (1, TokenPattern.maximumRepeat)
        case UInt8(ascii: "{"):
            position += 1
            let minimum = number()
            var maximum = minimum
            if next == UInt8(ascii: ",") {
                position += 1
                maximum = next == UInt8(ascii: "}") ? TokenPattern.maximumRepeat : number()
            }
            precondition(take() == UInt8(ascii: "}") && minimum <= maximum, "a repetition of a token pattern cannot be read")
            return (minimum, maximum)
        default: return (1, 1)
        }
    }

    private mutating func number() -> Int {
        var value = 0
        while let byte = next, ByteSet.digits.contains(byte) {
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
            position += 1
        }
        return value
    }

    // MARK: Sets

    private func single(_ byte: UInt8) -> ByteSet {
        var set = ByteSet()
        set.insert(byte)
        if ignoresCase && ByteSet.letters.contains(byte) { set.insert(byte ^ 0x20) }
        return set
    }

    private func escape(_ byte: UInt8) -> ByteSet {
        switch byte {
        case UInt8(ascii: "d"): return .digits
        case UInt8(ascii: "w"): return .word
        case UInt8(ascii: "s"): return .blank
        case UInt8(ascii: "n"): return single(0x0A)
        case UInt8(ascii: "r"): return single(0x0D)
        case UInt8(ascii: "t"): return single(0x09)
        default: return single(byte)
        }
    }

    private mutating func readSet() -> ByteSet {
        var set = ByteSet()
        let isInverted = next == UInt8(ascii: "^")
        if isInverted { position += 1 }
        while next != UInt8(ascii: "]") {
            let byte = take()
            if byte == UInt8(ascii: "\\") {
                set = set.union(escape(take()))
            } else if next == UInt8(ascii: "-"), position + 1 < text.count, text[position + 1] != UInt8(ascii: "]") {
                position += 1
                let last = take()
                precondition(byte <= last, "a range of a token pattern is the wrong way round")
                for member in byte...last { set = set.union(single(member)) }
            } else {
                set = set.union(single(byte))
            }
        }
        position += 1
        return isInverted ? set.inverted : set
    }

    // MARK: The graph

    private mutating func place(_ branches: [[Part]], next: Int) -> Int {
        let starts = branches.map { place($0, next: next) }
        return starts.count == 1 ? starts[0] : add(.choice(starts))
    }

    private mutating func place(_ parts: [Part], next: Int) -> Int {
        var next = next
        for part in parts.reversed() {
            switch part {
            case .set(let set, let minimum, let maximum):
                next = add(.set(set, minimum: minimum, maximum: maximum, next: next))
            case .choice(let branches, let isOptional):
                let start = place(branches, next: next)
                next = isOptional ? add(.choice([start, next])) : start
            case .credential(let branches):
                let end = add(.mark(1, next: next))
                next = add(.mark(0, next: place(branches, next: end)))
            }
        }
        return next
    }

    private mutating func add(_ node: TokenPattern.Node) -> Int {
        nodes.append(node)
        return nodes.count - 1
    }
}
