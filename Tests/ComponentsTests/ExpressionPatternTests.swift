import PCRE2
import Testing

@Suite struct `Patterns` {
    @Test(arguments: [
        ("^[a-z]+$", "ThisIsValue", true), ("b", "abc", true), ("^b", "abc", false), ("a$", "a\n", false), (#"a\z"#, "a", true),
        ("(?-i)ABC", "abc", false), (#"^\d+$"#, "٣", false), (#"^\w$"#, "é", false), ("É", "é", true), ("^.$", "é", true),
        (#"(?P<name>a)b"#, "ab", true), (#"[[:alpha:]]\pL"#, "aé", true), ("a{2,3}?", "aa", true), ("(?s:a.b)", "a\nb", true),
        ("a.b", "a\nb", false), (#"\Qa.b\E"#, "a.b", true), ("[(?=]", "?", true), (#"\(?=\d"#, "=1", true), ("", "", true),
        ("[]a]", "]", true),
    ]) func `mean what they mean in RE2`(_ pattern: String, _ text: String, _ matches: Bool) throws {
        #expect(try Pattern(pattern).matches(text) == matches)
    }

    @Test(arguments: [
        "(?=a)", "(?!a)", "(?<=a)b", "(?<!a)b", #"(a)\1"#, #"(?P<x>a)\k<x>"#, "(?>a)", "(?R)", "(a)(?1)", "(*COMMIT)a", "a++",
        "a{2}+", "(?|a|b)",
        "(?(1)a)", "(?#x)", "(?C1)", #"\Ka"#, #"\X"#, #"\g1"#, "(?P>x)", "(?P=x)",
    ]) func `that RE2 does not have are refused`(_ pattern: String) {
        #expect(throws: PatternError.self) { try Pattern(pattern) }
    }

    @Test(arguments: ["(", "[a", "a**b(", #"\C"#, "a{2,1}", "*a"]) func `that are malformed are refused with a place`(
        _ pattern: String
    ) {
        #expect(throws: PatternError.self) { try Pattern(pattern) }
    }

    @Test(arguments: [
        ("(a+)+$", String(repeating: "a", count: 40) + "b"), ("(a|aa)+$", String(repeating: "a", count: 60) + "b"),
        ("(.*)*x", String(repeating: "y", count: 5000)), ("(x+x+)+y", String(repeating: "x", count: 60)),
    ]) func `that would take for ever are given up`(_ pattern: String, _ text: String) throws {
        let start = ContinuousClock.now
        _ = try? Pattern(pattern).matches(text)
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test func `that are given up say so`() {
        #expect(throws: PatternError.self) { try Pattern("(a+)+$").matches(String(repeating: "a", count: 40) + "b") }
    }

    @Test func `that are too long are refused`() {
        #expect(throws: PatternError.self) { try Pattern(String(repeating: "a", count: 20_000)) }
    }
}
