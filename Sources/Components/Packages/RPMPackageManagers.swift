import ImageStore
import Model
import Sandbox

/// dnf of Fedora, RHEL 8 and later, and Amazon Linux 2023 (dnf(8)).
package struct Dnf: RPMPackageManager {
    package static let name = "dnf"
    package static let caches: [TreePath] = ["/var/cache/dnf"]
    let packages: RPMPackages

    package init(_ programs: PackagePrograms) { packages = RPMPackages(Self.name, upgrade: "upgrade", programs) }
}

/// yum of RHEL 7 and Amazon Linux 2 (yum(8)).
package struct Yum: RPMPackageManager {
    package static let name = "yum"
    package static let caches: [TreePath] = ["/var/cache/yum"]
    let packages: RPMPackages

    package init(_ programs: PackagePrograms) { packages = RPMPackages(Self.name, upgrade: "update", programs) }
}

/// A package manager that is one program with the options of dnf.
protocol RPMPackageManager: PackageManager {
    var packages: RPMPackages { get }
}

extension RPMPackageManager {
    package func refreshIndex() throws(Failure) { try packages.refreshIndex() }
    package func plan(_ selection: PackageSelection) throws(Failure) -> UpgradePlan { try packages.plan(selection) }
    package func apply(_ changes: [PackageChange]) throws(Failure) { try packages.apply(changes) }
    package func installed() throws(Failure) -> [InstalledPackage] { try packages.installed() }
}

/// What dnf and yum have in common.
package struct RPMPackages {
    private let program: String
    private let upgrade: String
    private let programs: PackagePrograms

    init(_ program: String, upgrade: String, _ programs: PackagePrograms) {
        self.program = program
        self.upgrade = upgrade
        self.programs = programs
    }

    func refreshIndex() throws(Failure) {
        // Expired at once, so that what was fetched before does not hide what is new.
        try programs.run([program, "-y", "clean", "expire-cache"])
        try programs.run([program, "-y", "makecache"], network: .outgoing, isShown: true)
    }

    func plan(_ selection: PackageSelection) throws(Failure) -> UpgradePlan {
        let installed = try installed()
        let names = Set(installed.map(\.name)).sorted()
        let excluded = try PackageNames(selection.exclude)
        let held = names.filter { excluded.matches($0) }
        var wanted: [String] = []
        if case .named(let patterns) = selection.wanted {
            let patterns = try PackageNames(patterns)
            wanted = names.filter { patterns.matches($0) && !held.contains($0) }
            if wanted.isEmpty { return UpgradePlan() }
        }
        let advisories = try transaction(["--security"], [], held)
        let transaction = selection.wanted == .security ? advisories : try transaction([], wanted, held)
        guard transaction.removals.isEmpty else {
            throw Failure(.failed, "the update would remove \(transaction.removals.sorted().joined(separator: ", "))")
        }
        let urgent = Set(advisories.changes)
        let changes = transaction.changes.map { row in
            PackageChange(
                name: row.name, architecture: row.architecture,
                installed: installed.last { $0.name == row.name && $0.architecture == row.architecture }?.version,
                candidate: row.version, isSecurity: urgent.contains(row))
        }
        return UpgradePlan(changes: changes, keptBack: transaction.skipped.filter { !held.contains($0) })
    }

    /// `--assumeno` ends with status 1 where there is something to do.
    private func transaction(_ options: [String], _ names: [String], _ held: [String]) throws(Failure) -> RPMTransaction {
        let arguments = [program, "--assumeno"] + options + held.map { "--exclude=\($0)" } + [upgrade] + names
        let output = try programs.run(arguments, network: .outgoing, good: [0, 1])
        let transaction = RPMTransaction(output.lines)
        guard output.status == 0 || transaction.isThere else {
            throw PackagePrograms.failure(arguments, "ended with status \(output.status)", output)
        }
        return transaction
    }

    /// Packages that come anew are not named: they come as what the others need, and are recorded as that.
    func apply(_ changes: [PackageChange]) throws(Failure) {
        let names = changes.filter { $0.installed != nil }.map {
            "\($0.name)-\(Self.withoutEpoch($0.candidate)).\($0.architecture)"
        }
        if names.isEmpty { return }
        try programs.run([program, "-y", upgrade] + names, network: .outgoing, isShown: true)
        let installed = try installed()
        let missing = changes.filter { change in
            !installed.contains { ($0.name, $0.architecture, $0.version) == (change.name, change.architecture, change.candidate) }
        }
        guard missing.isEmpty else {
            throw Failure(.failed, "not installed as asked: \(missing.map(\.description).joined(separator: ", "))")
        }
    }

    /// yum wants the epoch before the name; the version alone says enough for both.
    private static func withoutEpoch(_ version: String) -> Substring {
        version.firstIndex(of: ":").map { version[version.index(after: $0)...] } ?? version[...]
    }

    private static let format = #"%{NAME}\t%|EPOCH?{%{EPOCH}:}:{}|%{VERSION}-%{RELEASE}\t%{ARCH}\n"#

    func installed() throws(Failure) -> [InstalledPackage] {
        let lines = try programs.run(["rpm", "-qa", "--qf", Self.format]).lines
        return Self.installed(lines)
    }

    /// Pure. Keys of signatures are packages to rpm, but have no architecture.
    package static func installed(_ lines: [String]) -> [InstalledPackage] {
        lines.compactMap { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 3, fields[0] != "gpg-pubkey" else { return nil }
            return InstalledPackage(name: fields[0], version: fields[1], architecture: fields[2])
        }.sorted { ($0.name, $0.architecture, $0.version) < ($1.name, $1.architecture, $1.version) }
    }
}
