/// What stands between `{{` and `}}`.
package enum Reference: Hashable, Sendable {
    /// A parameter or constant of the document.
    case variable(String)
    /// An input or output of a step that ran before.
    case chained(ChainedReference)
    /// The place of the iteration, from 0.
    case loopIndex
    /// The counter or the item of the iteration.
    case loopValue
    /// The value of a Systems Manager parameter.
    case stored(name: String)
    /// The value of a Systems Manager parameter whose name is the value of this parameter or constant of the document.
    case storedUnder(variable: String)
}

/// `phase.step.outputs[0].name`
package struct ChainedReference: Hashable, Sendable {
    package enum Side: String, Sendable {
        case inputs, outputs
    }

    /// `phase.step`: names may have dots themselves, so only the document's names tell where one ends.
    package var step: String
    package var side: Side
    /// Which entry of inputs that are a list; nil where they are none.
    package var item: Int?
    package var name: String
}

/// The loop of the step that a text belongs to.
package enum LoopScope: Sendable {
    /// No loop, or a text that is not rendered in each iteration.
    case none
    case loop(name: String?)
}

extension Reference {
    enum Parsed {
        case reference(Reference)
        /// Not a reference by its shape.
        case literal
        case invalid(String, hint: String?)
    }

    static func parse(_ content: String, loop: LoopScope) -> Parsed {
        guard let first = content.firstIndex(where: { !$0.isWhitespace }),
            let last = content.lastIndex(where: { !$0.isWhitespace })
        else { return .literal }
        let name = content[first...last]
        if name.hasPrefix("aws:ssm:") { return stored(name.dropFirst("aws:ssm:".count)) }
        if let chained = chained(name) { return chained }
        if let value = loopValue(name, loop) { return value }
        if isName(name) { return .reference(.variable(String(name))) }
        guard isShapedLikeReference(name) else { return .literal }
        return .invalid(
            "'\(name)' is no reference",
            hint: "write a parameter's or constant's name, phase.step.outputs.name, phase.step.inputs.name, or aws:ssm:/name")
    }

    // MARK: Systems Manager

    private static func stored(_ rest: Substring) -> Parsed {
        if rest.hasPrefix("resolve(") && rest.hasSuffix(")") {
            let argument = rest.dropFirst("resolve(".count).dropLast()
            let inner = argument.drop(while: \.isWhitespace)
            let name = inner.prefix { !$0.isWhitespace }
            if name.hasPrefix("aws:ssm:/") { return .reference(.stored(name: String(name.dropFirst("aws:ssm:".count)))) }
            if name.hasPrefix("/") { return .reference(.stored(name: String(name))) }
            if isName(name) { return .reference(.storedUnder(variable: String(name))) }
            return .invalid("aws:ssm:resolve() has no name in it", hint: "write aws:ssm:resolve(ParameterName)")
        }
        if rest.hasPrefix("/"), rest.count > 1, rest.utf8.allSatisfy(isPathByte) {
            return .reference(.stored(name: String(rest)))
        }
        return .invalid("'aws:ssm:\(rest)' names no Systems Manager parameter", hint: "write aws:ssm:/path/of/the/parameter")
    }

    private static func isPathByte(_ byte: UInt8) -> Bool {
        isNameByte(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: ".")
    }

    // MARK: Chaining

    private static func chained(_ text: Substring) -> Parsed? {
        for side in [ChainedReference.Side.outputs, .inputs] {
            for mark in text.ranges(of: ".\(side.rawValue)") {
                let step = String(text[..<mark.lowerBound])
                let rest = text[mark.upperBound...]
                guard !step.isEmpty, let next = rest.first, next == "." || next == "[" else { continue }
                guard let (item, name) = field(rest) else {
                    return .invalid(
                        "'\(text)' is no reference to a step's \(side.rawValue)",
                        hint: "write \(step).\(side.rawValue).name or \(step).\(side.rawValue)[0].name")
                }
                return .reference(.chained(ChainedReference(step: step, side: side, item: item, name: name)))
            }
        }
        return nil
    }

    /// `.name` or `[0].name`
    private static func field(_ text: Substring) -> (item: Int?, name: String)? {
        var rest = text
        var item: Int?
        if rest.first == "[" {
            guard let end = rest.firstIndex(of: "]"), let number = Int(rest[rest.index(after: rest.startIndex)..<end]),
                number >= 0
            else { return nil }
            item = number
            rest = rest[rest.index(after: end)...]
        }
        guard rest.first == "." else { return nil }
        let name = rest.dropFirst()
        return isName(name) ? (item, String(name)) : nil
    }

    // MARK: Loops

    /// `loop.index`, `name.value`. Those of another step's loop are text.
    private static func loopValue(_ text: Substring, _ loop: LoopScope) -> Parsed? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, isName(parts[0]) else { return nil }
        let isValue = parts[1] == "value" || parts[1] == "index"
        guard case .loop(let name) = loop, parts[0] == "loop" || String(parts[0]) == name else {
            return isValue || parts[0] == "loop" ? .literal : nil
        }
        guard isValue else { return .invalid("a loop has no '\(parts[1])'", hint: "a loop has 'index' and 'value'") }
        return .reference(parts[1] == "value" ? .loopValue : .loopIndex)
    }

    // MARK: Shapes

    /// Letters, digits, `-` and `_`.
    static func isName(_ text: some StringProtocol) -> Bool { !text.isEmpty && text.utf8.allSatisfy(isNameByte) }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// Names with dots, colons, slashes and brackets between them, as all references are made of.
    private static func isShapedLikeReference(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, isNameByte(first), first != UInt8(ascii: "-") else { return false }
        return text.utf8.allSatisfy { isNameByte($0) || Array(".:/[]()".utf8).contains($0) }
    }
}
