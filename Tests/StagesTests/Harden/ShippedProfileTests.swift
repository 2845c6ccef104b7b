import Crypto
import Guest
import ImageStore
import Model
import Platform
import Recipes
import Stages
import TestSupport
import Testing

/// The profile that the repository ships.
enum ShippedProfile {
    static let file =
        Files.parent(of: Files.parent(of: Files.parent(of: Files.parent(of: #filePath))))
        + "/recipes/profiles/cis-debian-12-level-1.yaml"

    static let rules: [HardeningRule] = (try? load().rules) ?? []

    static func load() throws -> HardeningProfile { try HardeningProfileFile(file: file).profile }
}

@Suite struct ShippedProfileTests {
    /// Rules that are only checked: what is right is for the site to say.
    static let checkedOnly: Set<String> = [
        "root-only-uid-0", "unowned-files", "ungrouped-files", "passwords-shadowed", "unique-uids", "unique-gids",
        "unique-user-names",
        "unique-group-names", "no-telnet-server", "no-nis", "no-rsh", "no-talk", "no-xinetd", "no-tftp", "no-avahi",
        "no-ldap-server",
        "no-snmp", "no-x-server",
    ]

    @Test("the profile has at least forty rules, each with a reference")
    func size() throws {
        let rules = try ShippedProfile.load().rules
        #expect(rules.count >= 40)
        #expect(rules.allSatisfy { !$0.reference.isEmpty && !$0.requirements.isEmpty })
        #expect(Self.checkedOnly.isSubset(of: rules.map(\.id)))
    }

    @Test(
        "a rule is not met by a careless image, is remedied or known to have no remedy, and a second run changes nothing",
        arguments: ShippedProfile.rules.map(\.id))
    func rule(_ id: String) throws {
        let editor = try CarelessImage.make(in: MemoryObjects())
        let before = try editor.finish()
        let rules = ShippedProfile.rules.filter { $0.id == id }
        let profile = HardeningProfile(name: "one", title: "one rule", rules: rules)

        let excepted = try Hardening.apply(profile, except: [HardeningException(rule: id, because: "as a test")], to: editor)
        #expect(excepted.entries[0].status == .excepted && excepted.entries[0].because == "as a test")
        #expect(try editor.finish() == before)

        let first = try Hardening.apply(profile, to: editor)
        #expect(first.entries[0].status == (Self.checkedOnly.contains(id) ? .failed : .remedied), "\(first.entries[0])")
        let after = try editor.finish()
        #expect((after == before) == Self.checkedOnly.contains(id))

        let second = try Hardening.apply(profile, to: editor)
        #expect(second.entries[0].status == (Self.checkedOnly.contains(id) ? .failed : .compliant), "\(second.entries[0])")
        #expect(try editor.finish() == after)
    }

    @Test("the whole profile leaves only what has no remedy, and running it again changes nothing")
    func whole() throws {
        let profile = try ShippedProfile.load()
        let editor = try CarelessImage.make(in: MemoryObjects())
        let report = try Hardening.apply(profile, to: editor)
        #expect(Set(report.failures.map(\.rule)) == Self.checkedOnly)
        let after = try editor.finish()
        let again = try Hardening.apply(profile, to: editor)
        #expect(again.count(.remedied) == 0)
        #expect(Set(again.failures.map(\.rule)) == Self.checkedOnly)
        #expect(try editor.finish() == after)
    }

    @Test("of an empty image most rules are not applicable, none that only looks fails")
    func empty() throws {
        let editor = try TreeEditor(root: nil, in: MemoryObjects())
        let report = try Hardening.apply(try ShippedProfile.load(), to: editor)
        #expect(report.failures.isEmpty)
        #expect(report.entries.first { $0.rule == "no-telnet-server" }?.status == .notApplicable)
        #expect(report.entries.first { $0.rule == "sshd-root-login" }?.status == .notApplicable)
        #expect(report.entries.first { $0.rule == "tmp-noexec" }?.status == .notApplicable)
    }
}
