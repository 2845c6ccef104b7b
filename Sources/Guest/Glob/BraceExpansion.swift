import Model

/// `{a,b}` in a pattern stands for a pattern with `a` and one with `b`; braces nest, and may hold slashes.
enum BraceExpansion {
    /// A pattern may stand for this many at most.
    private static let limit = 1024

    static func expand(_ pattern: String) throws(Failure) -> [String] {
        let results = try expand(Array(pattern.utf8)[...], whole: pattern)
        return results.map { String(decoding: $0, as: UTF8.self) }
    }

    private static func expand(_ pattern: ArraySlice<UInt8>, whole: String) throws(Failure) -> [[UInt8]] {
        guard let open = pattern.firstIndex(of: UInt8(ascii: "{")) else {
            guard !pattern.contains(UInt8(ascii: "}")) else { throw wrong(whole, "has a '}' without '{'") }
            return [Array(pattern)]
        }
        let (choices, close) = try choices(pattern, from: open, whole: whole)
        let heads = try expand(pattern[..<open], whole: whole)
        let tails = try expand(pattern[(close + 1)...], whole: whole)
        var results: [[UInt8]] = []
        for choice in choices {
            for middle in try expand(choice, whole: whole) {
                for head in heads {
                    for tail in tails { results.append(head + middle + tail) }
                }
            }
        }
        guard results.count <= limit else { throw wrong(whole, "stands for more than \(limit) patterns") }
        return results
    }

    /// The alternatives of the brace at `open`, and where it closes.
    private static func choices(
        _ pattern: ArraySlice<UInt8>, from open: Int, whole: String
    ) throws(Failure) -> (choices: [ArraySlice<UInt8>], close: Int) {
        var choices: [ArraySlice<UInt8>] = []
        var depth = 0
        var start = open + 1
        for index in open..<pattern.endIndex {
            switch pattern[index] {
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: ",") where depth == 1:
                choices.append(pattern[start..<index])
                start = index + 1
            case UInt8(ascii: "}"):
                depth -= 1
                if depth == 0 { return (choices + [pattern[start..<index]], index) }
            default: break
            }
        }
        throw wrong(whole, "has a '{' without '}'")
    }

    private static func wrong(_ pattern: String, _ reason: String) -> Failure {
        Failure(.invalid, "the pattern '\(pattern)' \(reason)")
    }
}
