import ImageStore
import Model

/// A `Defaults` entry of sudoers(5) for all users: `use_pty`, or a parameter with a value.
package struct SudoDefault: HardeningRequirement {
    package let name: String
    /// Nil for a flag.
    package let accepted: AcceptedValue?

    private static let dropIn: TreePath = "/etc/sudoers.d/zz-hardening"

    package init(name: String, accepted: AcceptedValue?) {
        self.name = name
        self.accepted = accepted
    }

    package func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding {
        guard try guest.exists(SudoPolicy.file) else { return .notApplicable("sudo is not in the image") }
        let policy = try guest.fact { (guest) throws(Failure) in try SudoPolicy(guest) }
        guard let entry = policy.effectiveDefault(name) else {
            return .notMet("Defaults do not set \(name)")
        }
        let seen = "\(entry.description) in \(entry.place.file)"
        if entry.isOff { return .notMet(seen) }
        let value = entry.value ?? ""
        return accepted?.accepts(value) ?? value.isEmpty ? .met(seen) : .notMet(seen)
    }

    package func remedy(_ guest: TreeEditor) throws(Failure) {
        let entry = accepted?.remedy.map { "Defaults\t\(name)=\($0)" } ?? "Defaults\t\(name)"
        if accepted != nil && accepted?.remedy == nil { throw Failure(.failed, "the value of \(name) is for the site to choose") }
        let target = try SudoPolicy(guest).folders.contains(Self.dropIn.parent) ? Self.dropIn : SudoPolicy.file
        var lines = try LineFile(hardening: target, in: guest)
        lines.append(entry)
        try lines.write(to: target, in: guest, mode: 0o440)
    }
}
