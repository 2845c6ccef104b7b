import ImageStore
import Model

/// Packages are absent or present, as dpkg's database says. Only checked: removing or adding one is for a stage before.
package struct PackageState: HardeningRequirement {
    package let names: [String]
    package let isPresent: Bool

    package init(names: [String], isPresent: Bool) {
        self.names = names
        self.isPresent = isPresent
    }

    package func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding {
        guard try guest.exists(PackageDatabase.statusFile) else { return .notApplicable("the image has no dpkg database") }
        let database = try guest.fact { (guest) throws(Failure) in try PackageDatabase(guest) }
        let installed = names.filter { name in database.packages(named: name).contains { $0.status.isOnDisk } }
        let missing = names.filter { !installed.contains($0) }
        if isPresent {
            return missing.isEmpty
                ? .met("installed: \(listed(installed))") : .notMet("not installed: \(listed(missing))")
        }
        return installed.isEmpty ? .met("not installed: \(listed(names))") : .notMet("installed: \(listed(installed))")
    }

    package func remedy(_ guest: TreeEditor) throws(Failure) {
        throw Failure(
            .failed,
            "packages are not \(isPresent ? "added" : "removed") by hardening: do it in a stage before, or except the rule")
    }
}
