import FoundationEssentials
import Guest
import ImageStore
import Model
import Pipeline
import Platform
import Recipes
import Stages
import TestSupport
import Testing

@Suite struct HardenStageTests {
    private static let profile = """
        name: small
        title: two rules
        rules:
          - id: no-usb
            title: no USB storage
            reference: site 1
            severity: low
            require:
              - kernelModule: {name: usb-storage}
          - id: no-telnet
            title: no telnet
            reference: site 2
            severity: high
            require:
              - packages: {absent: [telnetd]}

        """

    private func withProfile(_ text: String = profile, _ body: (StageFixture) throws -> Void) throws {
        try StageFixture.with { fixture in
            try Files.writeDurably("\(fixture.folder)/profiles/small.yaml", Array(text.utf8))
            try body(fixture)
        }
    }

    @Test("the report says of each rule what was seen before and after")
    func report() throws {
        try withProfile { fixture in
            let (_, reports) = try fixture.run("- harden: {profile: small}", on: nil)
            let detail = try JSONDecoder().decode(HardeningReport.self, from: Data(reports[0].detail.utf8))
            #expect(detail.entries.map(\.status) == [.remedied, .notApplicable])
            #expect(detail.entries[0].before == "usb-storage can be loaded")
            #expect(detail.entries[0].after == "usb-storage is blacklisted and its installation refused")
            #expect(reports[0].summary == "2 rules: 1 remedied, 1 not applicable; checked: configuration")
        }
    }

    @Test("an exception is in the report with its reason, and its rule is left alone")
    func exception() throws {
        try withProfile { fixture in
            let (root, reports) = try fixture.run(
                "- harden: {profile: small, except: [{rule: no-usb, because: we boot from it}]}")
            let detail = try JSONDecoder().decode(HardeningReport.self, from: Data(reports[0].detail.utf8))
            #expect(detail.entries[0].status == .excepted && detail.entries[0].because == "we boot from it")
            #expect(try fixture.view(root).node(at: "/etc/modprobe.d") == nil)
        }
    }

    @Test(
        "an exception of an unknown rule is refused with the rule that was meant",
        arguments: [("no-ubs", "did you mean 'no-usb'?")])
    func unknownRule(_ rule: String, _ hint: String) throws {
        try withProfile { fixture in
            let error = try failure { _ = try fixture.run("- harden: {profile: small, except: [{rule: \(rule), because: x}]}") }
            #expect(error.code == .invalid && error.hint == hint)
        }
    }

    @Test(
        "an exception needs a reason",
        arguments: ["{rule: no-usb}", "{rule: no-usb, because: \"\"}", "{rule: no-usb, because: \"  \"}"])
    func noReason(_ exception: String) throws {
        try withProfile { fixture in
            #expect(throws: Failure.self) { _ = try fixture.decode("- harden: {profile: small, except: [\(exception)]}") }
        }
    }

    @Test("a rule that is not met after its remedy fails the stage and is named")
    func failed() throws {
        try withProfile { fixture in
            let status = "Package: telnetd\\nStatus: install ok installed\\nVersion: 1\\n"
            let base = try fixture.run("- files:\n    - write: {path: /var/lib/dpkg/status, text: \"\(status)\"}").root
            let error = try failure { _ = try fixture.run("- harden: {profile: small}", on: base) }
            #expect(error.code == .failed)
            #expect(error.message.contains("no-telnet") && error.message.contains("installed: telnetd"))
        }
    }

    @Test("a profile that changed since the plan is refused")
    func changedProfile() throws {
        try withProfile { fixture in
            let error = try failure { _ = try fixture.run("- harden: {profile: small}", declared: []) }
            #expect(error.code == .conflict)
        }
    }

    @Test("all errors of a profile are told at once, with suggestions")
    func errors() throws {
        let text =
            "name: p\ntitle: t\nrules:\n  - {id: a, title: t, reference: r, severity: lw, require: [{kernelModul: {name: x}}]}\n  - {id: a}\n"
        let error = try withTemporaryFolder { folder in
            try Files.writeDurably("\(folder)/p.yaml", Array(text.utf8))
            return try failure { _ = try HardeningProfileFile("p", folder: folder) }
        }
        #expect(error.message.contains("did you mean 'low'?") && error.message.contains("did you mean 'kernelModule'?"))
        #expect(error.message.contains("has no 'title'"))
    }

    @Test("hardening that would keep PAM from letting anybody in fails the stage and says what it would break")
    func breaks() throws {
        let profile = """
            name: small
            title: a rule that breaks the image
            rules:
              - id: deny-all
                title: nobody logs in
                reference: site 1
                severity: low
                require:
                  - pamModule: {service: login, type: auth, control: requisite, module: pam_deny.so, first: true}

            """
        try withProfile(profile) { fixture in
            let files = [
                "{path: /usr/lib/security/pam_deny.so, text: x}", "{path: /usr/lib/security/pam_unix.so, text: x}",
                "{path: /etc/pam.d/login, text: \"auth required pam_unix.so\\n\"}",
            ]
            let base = try fixture.run("- files:\n" + files.map { "    - write: \($0)\n" }.joined()).root
            let error = try failure { _ = try fixture.run("- harden: {profile: small}", on: base) }
            #expect(error.code == .failed)
            #expect(
                error.message
                    == "hardening would break the image: PAM: the auth stack of login cannot succeed, whatever its modules answer"
            )
            let excepted = try fixture.run(
                "- harden: {profile: small, except: [{rule: deny-all, because: it shuts us out}]}", on: base)
            #expect(excepted.root == base)
        }
    }

    @Test("with 'unmet: report' a rule that is not met is in the report, and the rest is hardened")
    func unmet() throws {
        try withProfile { fixture in
            let status = "Package: telnetd\\nStatus: install ok installed\\nVersion: 1\\n"
            let base = try fixture.run("- files:\n    - write: {path: /var/lib/dpkg/status, text: \"\(status)\"}").root
            let (_, reports) = try fixture.run("- harden: {profile: small, unmet: report}", on: base)
            #expect(reports[0].summary == "2 rules: 1 remedied, 1 failed; checked: configuration")
        }
    }
}
