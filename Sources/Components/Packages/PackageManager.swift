import ImageStore
import Model

/// The package manager of an image, run on the image itself.
package protocol PackageManager: SendableMetatype {
    /// The program, as messages name it.
    static var name: String { get }
    /// Folders of the image with what was fetched: an update leaves them as it found them.
    static var caches: [TreePath] { get }

    init(_ programs: PackagePrograms)

    /// Fetches what the image's archives offer now. Needs the network.
    func refreshIndex() throws(Failure)

    /// What an update of the selection would do, by the manager's own simulation; the image stays as it is. `.failed` where that
    /// would touch what is excluded, remove a package or break a dependency.
    func plan(_ selection: PackageSelection) throws(Failure) -> UpgradePlan

    /// Makes exactly these changes; `.failed` with names where one of them did not come about. Needs the network.
    func apply(_ changes: [PackageChange]) throws(Failure)

    /// All packages that are installed, in the order of their names.
    func installed() throws(Failure) -> [InstalledPackage]
}

/// A package that an image has.
package struct InstalledPackage: Hashable, Sendable {
    package var name: String
    package var version: String
    package var architecture: String
    /// Whether the image says that it is not to be changed.
    package var isHeld: Bool

    package init(name: String, version: String, architecture: String, isHeld: Bool = false) {
        self.name = name
        self.version = version
        self.architecture = architecture
        self.isHeld = isHeld
    }
}

/// A package that gets another version, or comes anew since others need it.
package struct PackageChange: Hashable, Sendable, Codable {
    /// As the manager names it: with `:i386` where it is of a foreign architecture of Debian's.
    package var name: String
    package var architecture: String
    /// Nil for a package that comes anew.
    package var installed: String?
    package var candidate: String
    /// Whether the candidate comes from an archive of security updates, or an advisory on security names it.
    package var isSecurity: Bool

    package init(name: String, architecture: String, installed: String?, candidate: String, isSecurity: Bool) {
        self.name = name
        self.architecture = architecture
        self.installed = installed
        self.candidate = candidate
        self.isSecurity = isSecurity
    }

    /// For people: `openssl 3.0.20 -> 3.0.22`.
    package var description: String { "\(name) \(installed ?? "(new)") -> \(candidate)" }
}

/// What an update would do.
package struct UpgradePlan: Hashable, Sendable {
    /// In the order of names.
    package var changes: [PackageChange]
    /// What has an update that cannot be had: it is held, or something stands against it.
    package var keptBack: [String]

    package init(changes: [PackageChange] = [], keptBack: [String] = []) {
        self.changes = changes.sorted { ($0.name, $0.architecture) < ($1.name, $1.architecture) }
        self.keptBack = keptBack.sorted()
    }
}

/// Which updates are asked for.
package struct PackageSelection: Hashable, Sendable {
    package enum Wanted: Hashable, Sendable {
        case all
        case security
        /// `*` in a name stands for any part of it.
        case named([String])
    }

    package var wanted: Wanted
    /// These are not updated, whatever asks for them. `*` as above.
    package var exclude: [String]

    package init(_ wanted: Wanted, exclude: [String] = []) {
        self.wanted = wanted
        self.exclude = exclude
    }
}

/// The package managers that are known.
package enum PackageManagers {
    private static let known: [(manager: any PackageManager.Type, program: TreePath)] = [
        (AptGet.self, "/usr/bin/apt-get"), (Dnf.self, "/usr/bin/dnf"), (Yum.self, "/usr/bin/yum"),
    ]

    /// The one that the image has; `.unavailable` where there is none.
    package static func find(in view: any TreeView) throws(Failure) -> any PackageManager.Type {
        for (manager, program) in known where try view.exists(program) { return manager }
        throw Failure(
            .unavailable, "the image has no package manager that is known here",
            hint: "known: \(known.map(\.program.description).joined(separator: ", "))")
    }
}
