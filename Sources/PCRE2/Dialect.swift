/// What PCRE2 understands and RE2 does not.
enum Dialect {
    /// The first such construct of a pattern, as a noun; nil where there is none.
    static func foreignConstruct(in pattern: String) -> String? {
        var rest = Array(pattern.utf8)[...]
        var mayRepeat = false
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\\"):
                if let construct = escape(&rest) { return construct }
                mayRepeat = false
            case UInt8(ascii: "["):
                skipClass(&rest)
                mayRepeat = false
            case UInt8(ascii: "("):
                if let construct = group(rest) { return construct }
                mayRepeat = false
            case UInt8(ascii: "+") where mayRepeat: return "possessive quantifier"
            case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"): mayRepeat = !mayRepeat
            case UInt8(ascii: "}"): mayRepeat = true
            default: mayRepeat = false
            }
        }
        return nil
    }

    private static func escape(_ rest: inout ArraySlice<UInt8>) -> String? {
        guard let byte = rest.popFirst() else { return nil }
        switch byte {
        case UInt8(ascii: "1")...UInt8(ascii: "9"), UInt8(ascii: "g"), UInt8(ascii: "k"): return "reference back to a group"
        case UInt8(ascii: "K"), UInt8(ascii: "G"), UInt8(ascii: "R"), UInt8(ascii: "X"), UInt8(ascii: "N"), UInt8(ascii: "h"),
            UInt8(ascii: "H"), UInt8(ascii: "V"), UInt8(ascii: "Z"), UInt8(ascii: "c"), UInt8(ascii: "e"), UInt8(ascii: "o"):
            return "\\\(Character(Unicode.Scalar(byte)))"
        case UInt8(ascii: "Q"):
            while !rest.isEmpty && !rest.starts(with: Array("\\E".utf8)) { rest.removeFirst() }
            rest = rest.dropFirst(2)
            return nil
        default: return nil
        }
    }

    /// Brackets in a class have no meaning but for `[:name:]`, and a `]` that comes first.
    private static func skipClass(_ rest: inout ArraySlice<UInt8>) {
        if rest.first == UInt8(ascii: "^") { rest.removeFirst() }
        if rest.first == UInt8(ascii: "]") { rest.removeFirst() }
        while let byte = rest.popFirst(), byte != UInt8(ascii: "]") {
            if byte == UInt8(ascii: "\\") { _ = rest.popFirst() }
            if byte == UInt8(ascii: "["), rest.first == UInt8(ascii: ":") {
                while let inner = rest.popFirst(), inner != UInt8(ascii: "]") {}
            }
        }
    }

    /// What stands behind a parenthesis: nothing special, `?:`, `?P<name>`, `?<name>`, or flags.
    private static func group(_ rest: ArraySlice<UInt8>) -> String? {
        if rest.first == UInt8(ascii: "*") { return "verb" }
        guard rest.first == UInt8(ascii: "?") else { return nil }
        let text = String(decoding: rest.dropFirst().prefix(64), as: UTF8.self)
        for (start, name) in [("=", "look ahead"), ("!", "look ahead"), ("<=", "look behind"), ("<!", "look behind")]
        where text.hasPrefix(start) {
            return name
        }
        if text.hasPrefix("P<") || text.hasPrefix("<") { return nil }
        let flags = text.prefix { "imsU-".contains($0) }
        let next = text.dropFirst(flags.count).first
        return next == ":" || (next == ")" && !flags.isEmpty) ? nil : "group that begins with (?\(text.prefix(1))"
    }
}
