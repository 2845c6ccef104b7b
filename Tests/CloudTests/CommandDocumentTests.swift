import Cloud
import Model
import Platform
import TestSupport
import Testing

/// Documents of Systems Manager with the values of a request.
@Suite struct CommandDocumentTests {
    /// What SendCommand makes of a document with the lines, which are JSON texts, and with the parameters `p` and `list`.
    private static func script(_ lines: String, p: String = "", list: [String] = []) throws -> CommandScript {
        try withTemporaryFolder { folder in
            let plane = EmbeddedPlane(folder: folder + "/regions", environment: .system(), settings: .single)
            let text = """
                {"schemaVersion": "2.2", "parameters": {"p": {"type": "String"}, "list": {"type": "StringList"}},
                 "mainSteps": [{"action": "aws:runShellScript", "name": "s", "inputs": {"runCommand": [\(lines)]}}]}
                """
            let content = DocumentContent(
                text: text, format: .json, body: try JSONReader.read(Array(text.utf8), what: "the document"))
            _ = try plane.makeRegion(RegionName(parsing: "us-east-1"))
            let actions = try plane.actions(in: RegionName(parsing: "us-east-1"), as: .account(plane.settings.account))
            _ = try actions.createDocument(DocumentCreation(name: "document", content: content))
            let command = try actions.sendCommand(CommandRequest("document", ["p": [p], "list": list], instances: []))
            return try #require(command.steps.first).script
        }
    }

    private static func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

    @Test("a script is as long as its bound, of pieces and of lists, and no byte longer")
    func bound() throws {
        #expect(
            try Self.script(#""echo {{ p }}", "{{ list }}", "", "{{p}}""#, p: "a", list: ["b", "c"]).lines == [
                "echo a", "b", "c", "", "a",
            ])
        // Each line has a line break.
        let most = Self.repeated("x", 9_999)
        #expect(try Self.script(Array(repeating: #""{{p}}""#, count: 10).joined(separator: ","), p: most).lines.count == 10)
        #expect(try Self.script(#""{{list}}""#, list: Array(repeating: most, count: 10)).lines.count == 10)
        #expect(try Self.script("\"\(Self.repeated("{{p}}", 9))\"", p: most).lines.map(\.utf8.count) == [9 * 9_999])
        for lines in [#""{{ list }}", "y""#, #""{{ list }}", """#] {
            let long = refusal { _ = try Self.script(lines, list: Array(repeating: most, count: 10)) }
            #expect(long?.code == .invalidParameters)
        }
        #expect(refusal { _ = try Self.script("\"\(Self.repeated("{{p}}", 11))\"", p: most) }?.code == .invalidParameters)
    }

    @Test("a value that a document names thousands of times is refused, and is in memory once")
    func memory() throws {
        let before = try Self.peak()
        let value = Self.repeated("x", 1 << 20)
        let long = refusal { _ = try Self.script("\"\(Self.repeated("{{p}}", 3000))\"", p: value) }
        #expect(long?.code == .invalidParameters && long?.message.contains("longer than 100000 bytes") == true)
        // It would be 3 GiB.
        #expect(try Self.peak() - before < 1 << 30)
    }

    /// The most that this process had in memory, in bytes.
    private static func peak() throws -> Int {
        let status = String(decoding: try Files.readStream("/proc/self/status"), as: UTF8.self)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
        return try #require(Int(line.filter(\.isNumber))) << 10
    }
}
