import Components
import FoundationEssentials
import Testing

@Suite struct `Inputs as JSON` {
    @Test func `are what another reader of JSON takes them for`() throws {
        let text = String((0..<0x80).compactMap { Unicode.Scalar($0).map(Character.init) }) + "é한🙂\u{2028}"
        let value = ActionInputs.Value.map(["b": .list([.text(text), .text("")]), "a\"": .list([]), "c": .list([])])
        let read = try JSONDecoder().decode([String: [String]].self, from: Data(value.json.utf8))
        #expect(read == ["a\"": [], "b": [text, ""], "c": []])
        #expect(value.json.hasPrefix(#"{"a\"":[],"b":["#))
    }
}
