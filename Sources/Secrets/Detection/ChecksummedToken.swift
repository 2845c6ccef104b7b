/// Tokens that end in a checksum of themselves.
enum ChecksummedToken {
    private static let rules = RuleTable.all.filter(\.check.isChecksum)

    /// Whether a value has the form of such a token, and another checksum: somebody made it up.
    static func isBroken(_ value: ArraySlice<UInt8>) -> Bool {
        guard (36...64).contains(value.count), value.contains(UInt8(ascii: "_")) else { return false }
        let bytes = Array(value)
        return rules.contains { token in
            guard let match = token.pattern.match(bytes, at: 0), match.whole == bytes.indices else { return false }
            return !token.check.holds(bytes, match.credential)
        }
    }
}
