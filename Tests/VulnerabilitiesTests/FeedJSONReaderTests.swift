import Model
import TestSupport
import Testing
import Vulnerabilities

@Suite struct FeedJSONReaderTests {
    @Test("members, elements and all kinds of values are read or passed over")
    func reading() throws {
        var reader = FeedJSONReader(
            Array(
                #" {"a": "x\n\u00e9\ud83d\ude00\/", "b": [1, -2.5e3, true, null, {"c": []}], "d": {"e": "}]"}, "f": "last"} "#
                    .utf8),
            name: "x")
        var seen: [String] = []
        try reader.object { (key, reader) throws(Failure) in
            switch key {
            case "b":
                try reader.array { (reader) throws(Failure) in
                    if try reader.peek() == .number { seen.append(try reader.number()) } else { try reader.skip() }
                }
            case "d": try reader.skip()
            default: seen.append(try reader.string())
            }
        }
        #expect(seen == ["x\n\u{e9}\u{1F600}/", "1", "-2.5e3", "last"])
        let isAtEnd = reader.isAtEnd()
        #expect(isAtEnd)
    }

    @Test(
        "texts that end early, or nest too deep, are refused",
        arguments: ["", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "[1,", "[1 2]", "\"a", "{\"a\":\"\\u12\"}", "nul"])
    func refused(_ text: String) throws {
        func read(_ text: String) throws(Failure) {
            var reader = FeedJSONReader(Array(text.utf8), name: "x")
            switch try reader.peek() {
            case .object: try reader.object { (_, reader) throws(Failure) in _ = try reader.string() }
            case .array: try reader.array { (reader) throws(Failure) in _ = try reader.number() }
            default: try reader.skip()
            }
        }
        #expect(throws: Failure.self) { try read(text) }
        let deep = String(repeating: "[", count: 100_000)
        var reader = FeedJSONReader(Array(deep.utf8), name: "x")
        #expect(throws: Failure.self) { try reader.skip() }
    }
}
