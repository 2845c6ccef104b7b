import Guest
import ImageStore
import Model
import Stages
import TestSupport
import Testing

@Suite struct AuditTests {
    private struct Broken: HardeningRequirement {
        func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding {
            throw Failure(.invalid, "the file cannot be read", cause: Failure(.invalid, "it is a folder"))
        }

        func remedy(_ guest: TreeEditor) throws(Failure) {}
    }

    private static func rule(_ id: String, _ requirements: [any HardeningRequirement], why: String? = nil) -> HardeningRule {
        HardeningRule(
            id: id, title: id, reference: "site", severity: .low, requirements: requirements, notDecidable: why)
    }

    private static let profile = HardeningProfile(
        name: "site", title: "a site's rules",
        rules: [
            rule("banner", [FileText(file: "/etc/banner", text: "hello\n", mode: 0o644)]),
            rule("no-usb", [KernelModule(name: "usb-storage")]), rule("broken", [Broken()]),
            rule("fstab", [MountOption(mountPoint: "/tmp", option: "nodev")]),
            rule("clock", [], why: "the clock runs on the machine"),
            rule("no-cramfs", [KernelModule(name: "cramfs")]),
        ])

    private func tree() throws -> TreeEditor {
        let editor = try TreeEditor(root: nil, in: MemoryObjects())
        try editor.makeDirectory("/etc")
        try editor.write("hello\n", to: "/etc/banner")
        return editor
    }

    @Test("each rule passes, fails, is an error, is excepted, not applicable or not decidable, and only the first three count")
    func statuses() throws {
        let editor = try tree()
        let before = try editor.finish()
        let exception = HardeningException(rule: "no-cramfs", because: "we boot from it")
        let report = try Audit.run(Self.profile, except: [exception], on: editor)
        #expect(report.entries.map(\.status) == [.pass, .fail, .error, .notApplicable, .notDecidable, .excepted])
        #expect(report.entries[2].evidence.contains("cannot be read") && report.entries[2].evidence.contains("it is a folder"))
        #expect(report.entries[4].evidence == "not decidable on a filesystem: the clock runs on the machine")
        #expect(report.entries[5].because == "we boot from it" && report.entries[5].evidence == "cramfs can be loaded")
        #expect(report.decided == 3 && !report.isClean)
        #expect(report.score == 100.0 / 3)
        #expect(try editor.finish() == before)
    }

    @Test("an exception of a rule that does not exist is refused")
    func unknownException() throws {
        let editor = try tree()
        let error = try failure {
            _ = try Audit.run(Self.profile, except: [HardeningException(rule: "no-ubs", because: "x")], on: editor)
        }
        #expect(error.code == .invalid && error.hint == "did you mean 'no-usb'?")
    }

    @Test("a profile whose rules all do not count has no score")
    func noScore() throws {
        let profile = HardeningProfile(name: "p", title: "t", rules: [Self.rule("clock", [], why: "it runs")])
        let report = try Audit.run(profile, on: try tree())
        #expect(report.score == nil && report.isClean)
    }

    @Test("harden lists a rule that is not decidable as such, and does not fail by it")
    func harden() throws {
        let profile = HardeningProfile(name: "p", title: "t", rules: [Self.rule("clock", [], why: "it runs")])
        let report = try Hardening.apply(profile, to: try tree())
        #expect(report.entries.map(\.status) == [.notDecidable] && report.failures.isEmpty)
        #expect(report.summary == "1 rules: 1 not decidable")
    }

    @Test("what an audit says of a careless image is what harden says before it does anything")
    func sameAsHarden() throws {
        let profile = try ShippedProfile.load()
        let editor = try CarelessImage.debianVariants[0].make(in: MemoryObjects())
        let audit = try Audit.run(profile, on: editor)
        let hardened = try Hardening.apply(profile, to: editor)
        for (looked, applied) in zip(audit.entries, hardened.entries) {
            // An earlier remedy may have met a later rule too.
            #expect(looked.status == .fail || looked.status != .fail && applied.status != .remedied, "\(looked.rule)")
        }
        #expect(audit.count(.fail) >= hardened.count(.remedied) + hardened.count(.failed))
    }
}
