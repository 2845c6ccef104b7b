import Guest
import ImageStore
import Model
import Sandbox

/// apt-get and dpkg of Debian and what stems from it (apt-get(8), apt.conf(5)).
package struct AptGet: PackageManager {
    package static let name = "apt-get"
    package static let caches: [TreePath] = ["/var/lib/apt/lists", "/var/cache/apt"]

    private static let options = [
        "-q", "-y", "-o", "Dpkg::Use-Pty=0", "-o", "Acquire::Retries=3", "-o", "APT::Get::Always-Include-Phased-Updates=true",
    ]
    /// Configuration files that the image changed stay, without a question.
    private static let dpkgOptions = ["-o", "Dpkg::Options::=--force-confdef", "-o", "Dpkg::Options::=--force-confold"]

    private let programs: PackagePrograms
    private var editor: TreeEditor { programs.editor }

    package init(_ programs: PackagePrograms) { self.programs = programs }

    package func refreshIndex() throws(Failure) {
        // Without the last option an archive that cannot be reached is a warning, and the updates it has would be passed over.
        let strict = ["-o", "APT::Update::Error-Mode=any"]
        try programs.run(["apt-get"] + Self.options + strict + ["update"], network: .outgoing, isShown: true)
    }

    package func plan(_ selection: PackageSelection) throws(Failure) -> UpgradePlan {
        let names = try installed().map(\.name)
        let excluded = try PackageNames(selection.exclude)
        let held = Set(names.filter { excluded.matches($0) })
        switch selection.wanted {
        case .all: return try simulate(["upgrade", "--with-new-pkgs"], without: held)
        case .named(let wanted):
            let wanted = try PackageNames(wanted)
            return try upgrade(names.filter { wanted.matches($0) && !held.contains($0) }, without: held)
        case .security:
            let all = try simulate(["upgrade", "--with-new-pkgs"], without: held)
            return try upgrade(all.changes.filter { $0.isSecurity && $0.installed != nil }.map(\.name), without: held)
        }
    }

    private func upgrade(_ names: [String], without held: Set<String>) throws(Failure) -> UpgradePlan {
        if names.isEmpty { return UpgradePlan() }
        return try simulate(["install", "--only-upgrade"] + names, without: held)
    }

    /// What is excluded is held in a copy of dpkg's status file that apt-get looks at for this once.
    private func simulate(_ task: [String], without held: Set<String>) throws(Failure) -> UpgradePlan {
        var arguments = ["apt-get", "-s"] + Self.options
        var files: [String: [UInt8]] = [:]
        if !held.isEmpty {
            let status = "/run/ingot/dpkg-status"
            files[status] = try PackageDatabase(editor).statusFile(holding: held)
            arguments += ["-o", "Dir::State::status=\(status)"]
        }
        let simulation = try AptSimulation(try programs.run(arguments + task, files: files).lines)
        guard simulation.removals.isEmpty else {
            throw Failure(
                .failed, "the update would remove \(simulation.removals.sorted().joined(separator: ", "))",
                hint: "exclude what needs that, or remove the packages in a step of its own")
        }
        let touched = simulation.changes.map(\.name).filter { held.contains($0) }
        guard touched.isEmpty else {
            throw Failure(.failed, "the update needs \(touched.sorted().joined(separator: ", ")), which is excluded")
        }
        return UpgradePlan(changes: simulation.changes, keptBack: simulation.keptBack.filter { !held.contains($0) })
    }

    package func apply(_ changes: [PackageChange]) throws(Failure) {
        if changes.isEmpty { return }
        let marks = try AutomaticMarks(in: editor)
        let guarded = ["--no-remove", "-o", "APT::Install-Recommends=false"] + Self.dpkgOptions
        let versions = changes.map { "\($0.name)=\($0.candidate)" }
        try ServiceStarts.withheld(in: editor) { () throws(Failure) in
            try programs.run(
                ["apt-get"] + Self.options + guarded + ["install"] + versions, network: .outgoing, isShown: true)
        }
        try marks.restore(in: editor, new: changes.filter { $0.installed == nil }, native: try native())
        try check(changes)
    }

    private func native() throws(Failure) -> String { try PackageDatabase(editor).nativeArchitecture ?? "amd64" }

    /// dpkg's database has the last word on what was done.
    private func check(_ changes: [PackageChange]) throws(Failure) {
        let packages = try PackageDatabase(editor).packages
        let missing = changes.filter { change in
            !packages.contains { $0.fits(change) && $0.version == change.candidate && $0.status.state == "installed" }
        }
        guard missing.isEmpty else {
            throw Failure(.failed, "not installed as asked: \(missing.map(\.description).joined(separator: ", "))")
        }
        let broken = packages.filter {
            $0.status.flag != "ok" || !["installed", "config-files", "not-installed"].contains($0.status.state)
        }
        guard broken.isEmpty else {
            throw Failure(.failed, "left half installed: \(broken.map { "\($0.name) (\($0.status))" }.joined(separator: ", "))")
        }
    }

    package func installed() throws(Failure) -> [InstalledPackage] {
        let database = try PackageDatabase(editor)
        return database.packages.filter { $0.status.isOnDisk }.map { entry in
            let isForeign = entry.architecture != "all" && entry.architecture != database.nativeArchitecture
            return InstalledPackage(
                name: isForeign ? "\(entry.name):\(entry.architecture)" : entry.name, version: entry.version,
                architecture: entry.architecture, isHeld: entry.status.want == "hold")
        }.sorted { ($0.name, $0.architecture) < ($1.name, $1.architecture) }
    }
}

extension PackageEntry {
    fileprivate func fits(_ change: PackageChange) -> Bool {
        architecture == change.architecture && (change.name == name || change.name == "\(name):\(architecture)")
    }
}
