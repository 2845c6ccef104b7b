import Model
import TestSupport
import Testing

@Suite struct JSONReaderTests {
    private func read(_ text: String) throws(Failure) -> JSONValue {
        try JSONReader.read(Array(text.utf8), what: "the test")
    }

    @Test("every kind of value is read, and strings as JSON writes them")
    func values() throws {
        let text = #" {"a": [1, -0.5e+3, true, false, null], "b\n\u00e4\ud83d\ude00\/": {"": "\"\\"}} "#
        let value = try read(text)
        #expect(value["a"]?.array == [.number("1"), .number("-0.5e+3"), .boolean(true), .boolean(false), .null])
        #expect(value["b\n\u{E4}\u{1F600}/"]?[""]?.string == "\"\\")
    }

    @Test(
        "what is no JSON is refused, with its place",
        arguments: [
            "", " ", "{", "[", "\"", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "[1,]", "[1 2]", "{a:1}", "'a'", "01", "1.", ".5", "+1",
            "1e", "-", "tru", "nul", "NaN", "Infinity", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\ud800\\u0041\"",
            "\"\\udc00\"",
            "\"\u{1}\"", "\"a\nb\"", "1 2", "{} x", "/* */ {}", "\u{FEFF}{}", "\"\\u+123\"",
        ])
    func refused(_ text: String) {
        let failure = #expect(throws: Failure.self) { _ = try read(text) }
        #expect(failure?.code == .invalid && failure?.message.contains("at byte") == true)
    }

    @Test("a name that an object has twice is refused, also where it is written differently")
    func duplicates() {
        for text in [#"{"a":1,"a":1}"#, #"{"a":1,"\u0061":2}"#, #"[{"x":{"b":0,"b":0}}]"#] {
            let failure = #expect(throws: Failure.self) { _ = try read(text) }
            #expect(failure?.message.contains("twice") == true)
        }
    }

    @Test("bytes that are not UTF-8 are refused")
    func encoding() {
        for bytes in [[0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22]] as [[UInt8]] {
            #expect(throws: Failure.self) { _ = try JSONReader.read(bytes, what: "the test") }
        }
    }

    @Test("depth has a limit, and a million brackets end at it")
    func depth() throws {
        let deepest = JSONReader.maximumDepth
        _ = try read(String(repeating: "[", count: deepest) + String(repeating: "]", count: deepest))
        for text in [String(repeating: "[", count: 1_000_000), String(repeating: "{\"a\":", count: 1_000_000)] {
            let failure = #expect(throws: Failure.self) { _ = try read(text) }
            #expect(failure?.message.contains("levels") == true)
        }
    }

    @Test("what was read is written again with the same meaning")
    func roundTrip() throws {
        let text = #"{"a":[1,2.5,true,null,"x\"y"],"b":{"c":{}}}"#
        #expect(try CanonicalJSON.text(of: try read(text)) == text)
    }

    @Test("a document cut off at any byte is refused, and one with changed bytes ends nothing")
    func damage() throws {
        let text = Array(#"{"payload":"YWJj","list":[1,{"x":null},"\u00e4"],"n":-1.5e3}"#.utf8)
        for length in 0..<text.count {
            #expect(throws: Failure.self) { _ = try JSONReader.read(Array(text.prefix(length)), what: "the test") }
        }
        var random = SeededRandom(4)
        for _ in 0..<2000 {
            var changed = text
            for _ in 0..<3 { changed[Int(random.next() % UInt64(changed.count))] = UInt8(truncatingIfNeeded: random.next()) }
            _ = try? JSONReader.read(changed, what: "the test")
        }
    }
}
