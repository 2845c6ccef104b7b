import Guest
import Model
import Testing

@Suite struct ControlFileTests {
    @Test("a status file is written as it was read, byte for byte")
    func roundTrip() throws {
        let text = """
            Package: a
            Conffiles:
             /etc/a 0123
             /etc/b 4567 obsolete
            X-Odd:   blanks
            Description: short
             long
             .
             \tmore

            Package: b


            """
        let stanzas = try ControlFile.parse(Array(text.utf8), file: "status")
        #expect(String(decoding: ControlFile.bytes(stanzas), as: UTF8.self) == text)
        #expect(stanzas[0]["x-odd"] == "blanks")
        #expect(stanzas[0].lines("Conffiles") == ["/etc/a 0123", "/etc/b 4567 obsolete"])
    }

    @Test("setting a field keeps the order of the others")
    func setting() throws {
        var stanza = try ControlFile.parse(Array("A: 1\nB: 2\nC: 3\n".utf8), file: "x")[0]
        stanza["B"] = "two"
        stanza["D"] = "4"
        stanza["A"] = nil
        #expect(String(decoding: stanza.bytes, as: UTF8.self) == "B: two\nC: 3\nD: 4\n")
    }

    @Test(
        "damaged paragraphs are refused with their line",
        arguments: [
            (" lost\n", "x:1:"), ("A: 1\nno colon\n", "x:2:"), ("A: 1\na: 2\n", "x:2:"), (": 1\n", "x:1:"), ("#A: 1\n", "x:1:"),
        ])
    func refused(_ text: String, _ place: String) throws {
        let error = try failure { _ = try ControlFile.parse(Array(text.utf8), file: "x") }
        #expect(error.message.hasPrefix(place))
    }
}
