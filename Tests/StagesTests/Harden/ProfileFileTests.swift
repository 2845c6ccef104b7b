import Guest
import ImageStore
import Model
import Platform
import Stages
import TestSupport
import Testing

@Suite struct ProfileFileTests {
    private static func rule(_ id: String, _ requirement: String = "require: [{kernelModule: {name: usb-storage}}]") -> String {
        "  - {id: \(id), title: t, reference: r, severity: low, \(requirement)}\n"
    }

    private func read(_ name: String, _ files: [String: String]) throws -> HardeningProfileFile {
        try withTemporaryFolder { folder in
            for (name, text) in files { try Files.writeDurably("\(folder)/\(name).yaml", Array(text.utf8)) }
            return try HardeningProfileFile(name, folder: folder)
        }
    }

    @Test("a profile has the rules of the one that it extends, and then its own; each file is an input")
    func extends() throws {
        let file = try read(
            "two",
            [
                "one": "name: one\ntitle: first\nrules:\n" + Self.rule("rule-a"),
                "two": "name: two\ntitle: second\nextends: one\nrules:\n" + Self.rule("rule-b"),
            ])
        #expect(file.profile.name == "two" && file.profile.title == "second")
        #expect(file.profile.rules.map(\.id) == ["rule-a", "rule-b"])
        #expect(file.digests.map(\.name) == ["two", "one"])
    }

    @Test("profiles that extend each other, and one that extends itself, are refused", arguments: ["one", "two"])
    func circle(_ second: String) throws {
        let error = try failure {
            _ = try read(
                "one",
                [
                    "one": "name: one\ntitle: t\nextends: \(second)\nrules:\n" + Self.rule("rule-a"),
                    "two": "name: two\ntitle: t\nextends: one\nrules:\n" + Self.rule("rule-b"),
                ])
        }
        #expect(error.code == .invalid && error.message.contains("extends"))
    }

    @Test("a rule that the extended profile has too is refused with both names")
    func twice() throws {
        let error = try failure {
            _ = try read(
                "two",
                [
                    "one": "name: one\ntitle: t\nrules:\n" + Self.rule("rule-a"),
                    "two": "name: two\ntitle: t\nextends: one\nrules:\n" + Self.rule("rule-a"),
                ])
        }
        #expect(error.code == .invalid && error.message.contains("'one'") && error.message.contains("'two'"))
    }

    @Test("an extended profile that does not exist is told with the name that was meant")
    func missing() throws {
        let error = try failure {
            _ = try read(
                "two",
                [
                    "level-one": "name: level-one\ntitle: t\nrules:\n" + Self.rule("rule-a"),
                    "two": "name: two\ntitle: t\nextends: level-on\nrules:\n" + Self.rule("rule-b"),
                ])
        }
        #expect(error.code == .notFound && error.hint?.contains("level-one.yaml") == true)
    }

    @Test("a rule says what it requires or why it cannot be decided, and not nothing")
    func nothing() throws {
        let error = try failure {
            _ = try read(
                "one", ["one": "name: one\ntitle: t\nrules:\n  - {id: rule-a, title: t, reference: r, severity: low}\n"])
        }
        #expect(error.message.contains("'require'"))
    }
}
