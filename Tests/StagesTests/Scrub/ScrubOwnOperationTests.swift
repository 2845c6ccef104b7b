import Crypto
import FoundationEssentials
import Guest
import ImageStore
import Model
import Pipeline
import Platform
import TestSupport
import Testing

/// Operations that a recipe brings along.
@Suite struct ScrubOwnOperationTests {
    private func with(_ body: (StageFixture) throws -> Void) throws {
        try StageFixture.with { fixture in
            let profile = try Files.read(ScrubFixture.repository + "/recipes/profiles/scrub-standard.yaml")
            try Files.writeDurably("\(fixture.folder)/profiles/scrub-standard.yaml", profile)
            try body(fixture)
        }
    }

    private static let setup = """
        - files:
            - write: {path: /etc/passwd, text: "root:x:0:0::/root:/bin/sh\\n"}
            - write: {path: /var/lib/agent/id, text: "7f3a\\n"}
            - write: {path: /etc/agent.conf, text: "url=https://example.com\\nkey=7f3a\\n"}

        """

    private static let own = """
        - scrub:
            operations:
              - {id: agent-id, title: id of our agent, action: delete, paths: [/var/lib/agent/id], reason: instances would share it}
              - {id: agent-key, title: its key, action: edit, dropKeys: [key], paths: [/etc/agent.conf], reason: it is secret}

        """

    @Test("a recipe's own operations run behind the profile's, are reported, and verified")
    func run() throws {
        try with { fixture in
            let (root, reports) = try fixture.run(Self.setup + Self.own + "- validate")
            #expect(try fixture.view(root).node(at: "/var/lib/agent/id") == nil)
            #expect(try fixture.view(root).text("/etc/agent.conf") == "url=https://example.com\n")
            let report = try JSONDecoder().decode(ScrubReport.self, from: Data(reports[1].detail.utf8))
            let last = report.operations.suffix(2)
            #expect(last.map(\.id) == ["agent-id", "agent-key"] && last.allSatisfy { $0.group == .recipe && $0.status == .done })
            let again = "- files:\n    - write: {path: /var/lib/agent/id, text: again}\n"
            let failure = try failure { _ = try fixture.run(Self.setup + Self.own + again + "- validate") }
            #expect(failure.message.contains("agent-id: /var/lib/agent/id is there"))
        }
    }

    @Test("a recipe's own operation may be skipped like any other, with a reason")
    func skip() throws {
        try with { fixture in
            let text = Self.own + "    skip: [{operation: agent-id, because: the agent is asked to keep it}]\n"
            let (root, _) = try fixture.run(Self.setup + text + "- validate")
            #expect(try fixture.view(root).node(at: "/var/lib/agent/id") != nil)
        }
    }

    @Test(
        "a wrong operation of a recipe is refused at its place",
        arguments: [
            ("{id: a, title: t, action: remove, paths: [/a], reason: r}", "action"),
            ("{id: a, title: t, action: delete, paths: [a], reason: r}", "starts neither"),
            ("{id: a, title: t, action: delete, paths: [/a]}", "reason"),
            ("{id: a, title: t, action: delete, paths: [/a], reason: r, colour: red}", "colour"),
            ("{id: a, title: t, action: reset, paths: [/a], reason: r}", "content"),
        ])
    func wrongOperation(_ operation: String, _ part: String) throws {
        try with { fixture in
            let failure = try failure { _ = try fixture.decode("- scrub: {operations: [\(operation)]}") }
            #expect(failure.message.contains(part) && failure.message.contains("test.yaml:"), "\(failure.message)")
        }
    }

    @Test("an id that the profile has, or that is there twice, is refused")
    func takenID() throws {
        try with { fixture in
            let one = "{id: hosts, title: t, action: delete, paths: [/a], reason: r}"
            let taken = try failure { _ = try fixture.run(Self.setup + "- scrub: {operations: [\(one)]}") }
            #expect(taken.message.contains("has an operation 'hosts' already"))
            let twice = try failure { _ = try fixture.decode("- scrub: {operations: [\(one), \(one)]}") }
            #expect(twice.message.contains("twice"))
        }
    }
}
