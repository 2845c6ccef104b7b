import ImageStore
import Model

/// Packages of all package managers.
struct PackageChanges: SemanticCategory {
    static let name = "packages"
    static let title = "Packages"

    /// Packages whose absence takes a guard away.
    private static let guards: Set<String> = [
        "apparmor", "selinux-policy", "auditd", "audit", "fail2ban", "nftables", "iptables", "ufw", "firewalld", "aide",
        "unattended-upgrades", "dnf-automatic", "chrony", "libpam-pwquality", "libpwquality", "ca-certificates", "sudo",
        "debian-archive-keyring", "rsyslog",
    ]

    func inputs(_ trees: ComparedTrees) throws(Failure) -> [TreePath] {
        [
            "/var/lib/dpkg/status", "/var/lib/dpkg/status.d", "/lib/apk/db", "/usr/lib/apk/db", "/var/lib/rpm",
            "/usr/lib/sysimage/rpm", "/var/lib/dpkg",
        ]
    }

    func compare(_ trees: ComparedTrees, _ sources: [TreeDiff.Change]) throws(Failure) -> [SemanticChange] {
        let (old, new) = try trees.both { (view) throws(Failure) in Self.versions(try InstalledPackages(in: view)) }
        return Set(old.keys).union(new.keys).sorted().compactMap { key in
            let (before, after) = (old[key] ?? [], new[key] ?? [])
            if before.map(\.version.text) == after.map(\.version.text) { return nil }
            let order = Self.order(before.last, after.last)
            let note = before.isEmpty ? "installed" : after.isEmpty ? "removed" : order > 0 ? "downgraded" : "upgraded"
            let matters = order > 0 || (after.isEmpty && Self.guards.contains(key))
            return change(key, Self.text(before), Self.text(after), note: note, matters: matters)
        }
    }

    private static func text(_ packages: [InstalledPackage]) -> String? {
        packages.isEmpty ? nil : packages.map(\.version.text).joined(separator: ", ")
    }

    /// By name, with the architecture where a name has several.
    private static func versions(_ installed: InstalledPackages) -> [String: [InstalledPackage]] {
        var found: [String: [InstalledPackage]] = [:]
        for (name, packages) in Dictionary(grouping: installed.packages, by: \.name) {
            let hasSeveral = Set(packages.map(\.architecture)).count > 1
            for package in packages {
                found[hasSeveral ? "\(name):\(package.architecture)" : name, default: []].append(package)
            }
        }
        return found
    }

    /// More than 0 where the second is older, in the order of its package manager; 0 where that cannot be told.
    private static func order(_ old: InstalledPackage?, _ new: InstalledPackage?) -> Int {
        guard let old, let new, old.manager == new.manager,
            let isOlder = VersionOrder(old.manager).isBefore(new.version.text, old.version.text)
        else { return 0 }
        return isOlder ? 1 : -1
    }
}
