import ImageStore
import Model

/// Packages are absent or present, as the image's package databases say. Only checked: removing or adding one is for a stage before.
package struct PackageState: HardeningRequirement {
    package enum State: String, Sendable, CaseIterable {
        /// None of them.
        case absent
        /// All of them.
        case present
        /// At least one of them.
        case anyOf
        /// One of them and no other.
        case oneOf
    }

    package let names: [String]
    package let state: State

    package init(names: [String], state: State) {
        self.names = names
        self.state = state
    }

    package func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding {
        guard let known = try PackageNames.of(guest) else { return .notApplicable("the image has no package database") }
        let installed = names.filter(known.contains)
        let missing = names.filter { !known.contains($0) }
        let isMet: Bool =
            switch state {
            case .absent: installed.isEmpty
            case .present: missing.isEmpty
            case .anyOf: !installed.isEmpty
            case .oneOf: installed.count == 1
            }
        let seen: String =
            switch state {
            case .present where !missing.isEmpty: "not installed: \(listed(missing))"
            case .absent, .anyOf, .oneOf, .present:
                installed.isEmpty ? "not installed: \(listed(names))" : "installed: \(listed(installed))"
            }
        return isMet ? .met(seen) : .notMet(seen)
    }

    package func remedy(_ guest: TreeEditor) throws(Failure) {
        throw Failure(.failed, "hardening installs and removes no packages: do it in a stage before, or except the rule")
    }
}

/// The names of all installed packages.
struct PackageNames {
    private let names: Set<String>

    /// Nil where the image has no package database.
    static func of(_ guest: any TreeView) throws(Failure) -> PackageNames? {
        try guest.fact { (guest) throws(Failure) -> PackageNames? in
            let installed = try InstalledPackages(in: guest)
            return installed.databases.isEmpty ? nil : PackageNames(names: Set(installed.packages.map(\.name)))
        }
    }

    func contains(_ name: String) -> Bool { names.contains(name) }
}

/// A requirement that counts only where one of some packages is installed, or none of them is.
package struct PackageCondition: HardeningRequirement {
    package let names: [String]
    package let areInstalled: Bool
    package let requirement: any HardeningRequirement

    package init(names: [String], areInstalled: Bool, _ requirement: any HardeningRequirement) {
        self.names = names
        self.areInstalled = areInstalled
        self.requirement = requirement
    }

    package func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding {
        let known = try PackageNames.of(guest)
        let installed = names.filter { known?.contains($0) ?? false }
        if installed.isEmpty == areInstalled {
            return .notApplicable(areInstalled ? "not installed: \(listed(names))" : "installed: \(listed(installed))")
        }
        return try requirement.check(guest)
    }

    package func remedy(_ guest: TreeEditor) throws(Failure) { try requirement.remedy(guest) }
}
