import Hyperscan

/// Finds passwords in SQL: `IDENTIFIED BY 'x'`, `PASSWORD 'x'`, `PASSWORD = N'x'`. In dumps, scripts and the histories of clients.
struct QueryDetector: Detector {
    static let rule = SecretRule("query-password", "Password in SQL", .database, .high)

    let rules = [rule]
    let literals = [
        "identified by", "password '", "password='", "password = '", "password=n'", "password = n'", "password('", "password \"",
    ].map { Literal($0, ignoresCase: true) }
    let readsTextOnly = true

    private static let value = TokenPattern(#"(?i)(?:password)?\s*(?:=\s*)?(?:as\s+)?(?:n)?['"]([^'"\n]{4,200})['"]"#)
    private static let words = ["identified", "alter", "create", "grant", "set password", "role", "update", "login", "insert"].map
    { Array($0.utf8) }

    func inspect(_ content: Content, _ hit: Range<Int>, _ found: inout [Candidate]) {
        let isIdentified = ValueTest.lowered(content.bytes[hit.lowerBound]) == UInt8(ascii: "i")
        let start = isIdentified ? hit.upperBound : hit.lowerBound
        let behind = isIdentified ? start + content.bytes[start...].prefix { $0 == 0x20 }.count : start
        // Elsewhere than behind these words it is prose or a program.
        let line = ValueTest.lowered(content.bytes[content.lineStart(hit.lowerBound, limit: 400)..<hit.upperBound])
        guard Self.words.contains(where: { ValueTest.contains($0, in: line) }) else { return }
        let from = !isIdentified && content.bytes[hit].contains(UInt8(ascii: "(")) ? hit.upperBound - 1 : behind
        guard let match = Self.value.match(content.bytes, at: from), FieldValue.isSet(content.bytes[match.credential]) else {
            return
        }
        found.append(Candidate(Self.rule, match.credential, .form))
    }
}
