import Guest
import ImageStore
import Model
import Platform
import Stages
import TestSupport
import Testing

/// A profile that the repository ships, with trees that break its rules.
struct ShippedProfile: Sendable, CustomStringConvertible {
    let name: String
    let variants: [CarelessImage]
    /// Rules that are only checked: what is right is for the site to say.
    let checkedOnly: Set<String>
    let least: Int

    var description: String { name }

    static let folder =
        Files.parent(of: Files.parent(of: Files.parent(of: Files.parent(of: #filePath)))) + "/recipes/profiles"

    func load() throws -> HardeningProfile { try HardeningProfileFile(name, folder: Self.folder).profile }

    static func load() throws -> HardeningProfile { try all[0].load() }

    /// Of accounts and files nobody can know whose they are; packages and disks are for other stages.
    private static let site: Set<String> = [
        "root-only-uid-0", "root-only-gid-0", "root-path", "groups-exist", "unowned-files", "ungrouped-files",
        "passwords-shadowed",
        "unique-uids", "unique-gids", "unique-user-names", "unique-group-names", "no-rsh", "no-talk", "no-xinetd", "no-tftp",
        "no-ldap-server", "no-snmp", "no-telnet-server", "no-nis", "no-dhcp-server", "no-dns-server", "no-dnsmasq",
        "no-ftp-server",
        "no-mailbox-server", "service-nfs-server", "no-samba", "no-web-proxy", "no-web-server", "no-nis-client",
        "no-telnet-client",
        "no-ldap-client", "no-ftp-client", "no-tftp-client", "pam-packages", "pam-pwquality-installed", "sudo-installed",
        "aide-installed", "firewall-installed", "time-chrony-server", "pam-unix",
    ]

    static let all: [ShippedProfile] = [
        ShippedProfile(
            name: "cis-debian-12-level-1", variants: CarelessImage.debianVariants,
            checkedOnly: site.union([
                "no-display-manager", "no-prelink", "apparmor-installed", "boot-password", "time-one-service", "log-rotation",
                "log-shipping-installed", "firewall-nftables-chains", "firewall-nftables-loopback", "firewall-ufw-loopback",
                "firewall-iptables-v4", "firewall-iptables-v6", "firewall-iptables-loopback-v4", "firewall-iptables-loopback-v6",
            ]), least: 200),
        ShippedProfile(
            name: "cis-debian-12-level-2", variants: CarelessImage.debianVariants,
            checkedOnly: site.union([
                "no-display-manager", "no-prelink", "apparmor-installed", "boot-password", "time-one-service", "log-rotation",
                "log-shipping-installed", "firewall-nftables-chains", "firewall-nftables-loopback", "firewall-ufw-loopback",
                "firewall-iptables-v4", "firewall-iptables-v6", "firewall-iptables-loopback-v4", "firewall-iptables-loopback-v6",
                "no-x-server", "auditd-installed", "home-mount", "var-mount", "var-tmp-mount", "var-log-mount",
                "var-log-audit-mount",
            ]), least: 250),
        ShippedProfile(
            name: "cis-amazon-linux-2023-level-1", variants: CarelessImage.amazonVariants,
            checkedOnly: site.union([
                "selinux-installed", "aide-schedule", "no-mcstrans", "no-setroubleshoot", "crypto-policy-sha1",
                "time-chrony-installed",
                "pam-system-auth-faillock", "pam-system-auth-pwquality", "pam-system-auth-pwhistory", "pam-system-auth-unix",
                "pam-password-auth-faillock", "pam-password-auth-pwquality", "pam-password-auth-pwhistory",
                "pam-password-auth-unix",
            ]), least: 200),
        ShippedProfile(name: "hardened-server", variants: CarelessImage.debianVariants, checkedOnly: [], least: 200),
    ]
}

@Suite struct ShippedProfileTests {
    /// A rule of a profile.
    struct Case: Sendable, CustomStringConvertible {
        let profile: ShippedProfile
        let rule: HardeningRule
        var description: String { "\(profile.name) \(rule.id)" }
    }

    /// Each decidable rule once: what a profile takes over from another is tested there.
    static let cases: [Case] = ShippedProfile.all.flatMap { profile in
        let extended = profile.name.hasSuffix("level-1") ? [] : (try? ShippedProfile.all[0].load().rules.map(\.id)) ?? []
        return ((try? profile.load().rules) ?? []).filter { !extended.contains($0.id) && $0.notDecidable == nil }.map {
            Case(profile: profile, rule: $0)
        }
    }

    @Test(
        "a profile has many rules, each with a reference, and each that cannot be decided with a reason",
        arguments: ShippedProfile.all)
    func size(_ shipped: ShippedProfile) throws {
        let rules = try shipped.load().rules
        #expect(rules.count >= shipped.least)
        #expect(rules.allSatisfy { !$0.reference.isEmpty && ($0.requirements.isEmpty == ($0.notDecidable != nil)) })
        #expect(rules.contains { $0.notDecidable != nil })
    }

    @Test(
        "a rule is not met by a careless image, is remedied or known to have no remedy, and a second run changes nothing",
        arguments: cases)
    func rule(_ each: Case) throws {
        let profile = HardeningProfile(name: "one", title: "one rule", rules: [each.rule])
        let isCheckedOnly = each.profile.checkedOnly.contains(each.rule.id)
        var seen: [String] = []
        for variant in each.profile.variants {
            let editor = try variant.make(in: MemoryObjects())
            let before = try editor.finish()
            let audit = try Audit.run(profile, on: editor).entries[0]
            seen.append("\(variant): \(audit.status) \(audit.evidence)")
            guard audit.status == .fail else { continue }
            let exception = HardeningException(rule: each.rule.id, because: "as a test")
            let excepted = try Hardening.apply(profile, except: [exception], to: editor)
            #expect(excepted.entries[0].status == .excepted && excepted.entries[0].because == "as a test")
            #expect(try editor.finish() == before)

            let first = try Hardening.apply(profile, to: editor)
            #expect(first.entries[0].status == (isCheckedOnly ? .failed : .remedied), "\(variant): \(first.entries[0])")
            let after = try editor.finish()
            if !isCheckedOnly { #expect(after != before) }
            let second = try Hardening.apply(profile, to: editor)
            #expect(second.entries[0].status == (isCheckedOnly ? .failed : .compliant), "\(variant): \(second.entries[0])")
            #expect(try editor.finish() == after)
            return
        }
        Issue.record("no careless image breaks the rule: \(seen)")
    }

    @Test(
        "the whole profile leaves only what has no remedy, and running it again changes nothing",
        arguments: ShippedProfile.all.prefix(3))
    func whole(_ shipped: ShippedProfile) throws {
        let profile = try shipped.load()
        for variant in shipped.variants {
            let editor = try variant.make(in: MemoryObjects())
            let report = try Hardening.apply(profile, to: editor)
            #expect(Set(report.failures.map(\.rule)).subtracting(shipped.checkedOnly) == [], "\(variant)")
            let after = try editor.finish()
            let again = try Hardening.apply(profile, to: editor)
            #expect(again.entries.filter { $0.status == .remedied }.map(\.rule) == [], "\(variant)")
            #expect(try editor.finish() == after)
        }
    }

    @Test("of an empty image most rules are not applicable, none that only looks fails", arguments: ShippedProfile.all.prefix(3))
    func empty(_ shipped: ShippedProfile) throws {
        let editor = try TreeEditor(root: nil, in: MemoryObjects())
        let report = try Hardening.apply(try shipped.load(), to: editor)
        #expect(
            Set(report.failures.map(\.rule)).isSubset(of: [
                "home-mount", "var-mount", "var-tmp-mount", "var-log-mount", "var-log-audit-mount",
            ]))
        #expect(report.entries.first { $0.rule == "no-web-server" }?.status == .notApplicable)
        #expect(report.entries.first { $0.rule == "sshd-root-login" }?.status == .notApplicable)
        #expect(report.entries.first { $0.rule == "home-nodev" }?.status == .notApplicable)
    }
}
