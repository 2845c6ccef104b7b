import Testing
import Text

@Suite("Did you mean")
struct SuggestionTests {
    private let stages = ["bootstrap", "files", "patch", "harden", "scrub", "validate"]

    @Test(
        "a slip of the pen finds its word",
        arguments: [
            ("scrubb", "scrub"), ("srcub", "scrub"), ("Patch", "patch"), ("hardne", "harden"), ("file", "files"),
            ("validation", "validate"), ("bostrap", "bootstrap"), ("boot", "bootstrap"), ("VAL", "validate"),
        ])
    func near(word: String, expected: String) { #expect(Suggestion.nearest(to: word, among: stages) == expected) }

    @Test("what is too far from every word finds none", arguments: ["", "b", "copy", "scratch", "test", "verify"])
    func far(word: String) { #expect(Suggestion.nearest(to: word, among: stages) == nil) }

    @Test("the nearest wins, the first of equals; of two that begin alike none")
    func nearest() {
        #expect(Suggestion.nearest(to: "ch", among: ["channels", "checked"]) == nil)
        #expect(Suggestion.nearest(to: "abcd", among: ["abxx", "abcx", "abcy"]) == "abcx")
        #expect(Suggestion.nearest(to: "ab", among: ["ab"]) == nil)
    }

    @Test("a hint is the nearest word, or all words when they are few")
    func hint() {
        #expect(Suggestion.hint(for: "scrubb", among: stages) == "did you mean 'scrub'?")
        #expect(Suggestion.hint(for: "copy", among: stages) == "known: bootstrap, files, patch, harden, scrub, validate")
        #expect(Suggestion.hint(for: "copy", among: (0..<13).map { "word\($0)" }) == nil)
        #expect(Suggestion.hint(for: "copy", among: []) == nil)
    }

    @Test(
        "a command is found by a slip or its beginning",
        arguments: [
            ("promte", "promote"), ("chanels", "channels"), ("biuld", "build"), ("evnts", "events"), ("imgaes", "images"),
            ("x", nil), ("", nil), ("blame-everything", nil), ("collector", "collect"), ("chan", "channels"), ("c", nil),
        ]
    )
    func suggestions(_ word: String, _ expected: String?) {
        let commands = ["build", "plan", "images", "show", "diff", "blame", "promote", "channels", "check", "collect", "events"]
        #expect(Suggestion.nearest(to: word, among: commands) == expected)
    }
}
