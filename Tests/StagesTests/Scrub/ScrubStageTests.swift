import Crypto
import FoundationEssentials
import Guest
import ImageStore
import Model
import Pipeline
import Platform
import Stages
import TestSupport
import Testing

/// The stages `scrub` and `validate`, as recipes write them.
@Suite struct ScrubStageTests {
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
            - write: {path: /etc/hostname, text: "build-7\\n"}
            - write: {path: /root/.netrc, text: "machine example.com\\n", mode: "0600"}

        """

    @Test("scrub removes, and its report is JSON")
    func scrub() throws {
        try with { fixture in
            let (root, reports) = try fixture.run(Self.setup + "- scrub")
            #expect(try fixture.view(root).node(at: "/root/.netrc") == nil)
            let last = try #require(reports.last)
            let report = try JSONDecoder().decode(ScrubReport.self, from: Data(last.detail.utf8))
            #expect(report.operations.filter { $0.status == .done }.map(\.id) == ["hostname", "network-credentials"])
            #expect(last.summary.contains("; 1 path removed, 28 B"))
        }
    }

    @Test("the same scrub gives the same tree, whatever key its report had")
    func isDeterministic() throws {
        try with { fixture in
            let first = try fixture.run(Self.setup + "- scrub").root
            let second = try fixture.run(Self.setup + "- scrub").root
            #expect(first == second)
        }
    }

    @Test("a failed operation fails the stage and is named")
    func failedOperation() throws {
        try with { fixture in
            let link = "- files:\n    - symlink: {path: /root/.pgpass, target: /etc/passwd}\n"
            let failure = try failure { _ = try fixture.run(Self.setup + link + "- scrub") }
            #expect(failure.code == .failed && failure.message.contains("database-credentials"))
        }
    }

    @Test("a recipe that names an operation which is not there is refused with a suggestion", arguments: ["skip", "also"])
    func unknownOperation(_ field: String) throws {
        try with { fixture in
            let value = field == "skip" ? "[{operation: hostnam, because: x}]" : "[hostnam]"
            let failure = try failure { _ = try fixture.run("- scrub: {\(field): \(value)}") }
            #expect(failure.code == .invalid && failure.hint?.contains("hostname") == true)
        }
    }

    @Test(
        "a skip without a reason, an unknown option and a path as profile are refused",
        arguments: [
            "{skip: [{operation: caches}]}", "{skips: []}", "{profile: ../standard}", "[]",
        ])
    func wrongOptions(_ value: String) throws {
        try with { fixture in #expect(throws: Failure.self) { _ = try fixture.decode("- scrub: \(value)") } }
    }

    @Test("a profile that is not there, or changed since the plan, is refused")
    func profiles() throws {
        try with { fixture in
            let missing = try failure { _ = try fixture.run("- scrub: {profile: standart}") }
            #expect(missing.code == .notFound && missing.hint?.contains("standard") == true)
            let changed = try failure {
                _ = try fixture.run("- scrub", declared: [StageInput("profile scrub-standard", "other")])
            }
            #expect(changed.code == .conflict)
        }
    }

    @Test(
        "a wrong profile is refused, with its line",
        arguments: [
            ("action: remove", "action"), ("action: reset", "content"), ("action: edit", "dropLines"),
            ("action: delete\n    colour: red", "colour"),
            ("action: delete\n    handler: machine-idd", "machine-id"), ("action: truncate\n    everyName: true", "everyName"),
            ("action: delete\n    content: x", "content"), ("action: delete\n    dropKeys: [x]", "dropKeys"),
            ("action: delete\n    keep: [etc]", "etc"),
        ])
    func wrongProfiles(_ fields: String, _ part: String) throws {
        let text =
            "name: x\noperations:\n  - id: a\n    title: t\n    group: A\n    reason: r\n    paths: [/etc/a]\n    \(fields)\n"
        let failure = try failure { _ = try ScrubProfileReader.decode(Array(text.utf8), file: "profiles/scrub-x.yaml") }
        #expect(failure.message.contains(part) && failure.message.contains("profiles/scrub-x.yaml:"), "\(failure.message)")
    }

    @Test("an operation that is there twice is refused")
    func duplicateOperation() throws {
        let entry = "  - {id: a, title: t, group: A, action: delete, reason: r, paths: [/etc/a]}\n"
        let failure = try failure {
            _ = try ScrubProfileReader.decode(Array(("name: x\noperations:\n" + entry + entry).utf8), file: "scrub-x.yaml")
        }
        #expect(failure.message.contains("twice"))
    }

    // MARK: validate

    @Test("after a scrub, validate finds what came back")
    func validateAfterScrub() throws {
        try with { fixture in
            _ = try fixture.run(Self.setup + "- scrub\n- validate")
            let again = "- files:\n    - write: {path: /root/.netrc, text: again}\n"
            let failure = try failure { _ = try fixture.run(Self.setup + "- scrub\n" + again + "- validate") }
            #expect(failure.code == .failed && failure.message.contains("network-credentials: /root/.netrc is there"))
            _ = try fixture.run(
                Self.setup + "- scrub: {skip: [{operation: network-credentials, because: x}]}\n" + again + "- validate")
            _ = try fixture.run(Self.setup + "- validate")
        }
    }

    @Test("assertions that hold pass, and the tree stays")
    func assertionsHold() throws {
        try with { fixture in
            let assertions = """
                - validate:
                    files:
                      - {path: /root/.netrc, mode: "0600", owner: root, group: "0", contains: example.com}
                      - {path: /etc/hostname, sha256: \(SHA256.digest(of: "build-7\n").hex)}
                      - {path: /etc/none, exists: false}
                      - {path: /etc}
                    users: [root, {name: root, uid: 0, home: /root, shell: /bin/sh, locked: true}]
                """
            let setup = try fixture.run(Self.setup)
            #expect(try fixture.run(assertions, on: setup.root).root == setup.root)
        }
    }

    @Test("every assertion that does not hold is named")
    func assertionsFail() throws {
        try with { fixture in
            let assertions = """
                - validate:
                    files:
                      - {path: /root/.netrc, mode: "0644", owner: "7", group: mail, contains: nothing}
                      - {path: /etc/hostname, sha256: \(SHA256.digest(of: "").hex), symlinkTo: /x}
                      - {path: /etc/none}
                      - {path: /etc/passwd, exists: false}
                    packages: [nginx]
                    users: [alice, {name: root, uid: 5, shell: /bin/zsh}]
                """
            let message = try failure { _ = try fixture.run(Self.setup + assertions) }.message
            for part in [
                "12 assertions", "mode 600 and not 644", "not to 7", "not to mail", "does not contain 'nothing'",
                "another SHA-256",
                "no link to /x", "/etc/none does not exist", "/etc/passwd exists", "nginx is not installed", "no user alice",
                "not 5",
                "another shell",
            ] { #expect(message.contains(part), "\(part) is not in: \(message)") }
        }
    }

    @Test("packages are those that dpkg has installed, with their versions")
    func packages() throws {
        try with { fixture in
            let status =
                "Package: a\\nStatus: install ok installed\\nVersion: 1:2-3\\n\\nPackage: b\\nStatus: deinstall ok config-files\\nVersion: 1\\n"
            let setup = "- files:\n    - write: {path: /var/lib/dpkg/status, text: \"\(status)\"}\n"
            _ = try fixture.run(setup + "- validate: {packages: [a, {name: a, version: \"1:2-3\"}]}")
            let message = try failure { _ = try fixture.run(setup + "- validate: {packages: [b, {name: a, version: \"9\"}]}") }
                .message
            #expect(message.contains("b is not installed") && message.contains("version 1:2-3 and not 9"))
        }
    }
}
