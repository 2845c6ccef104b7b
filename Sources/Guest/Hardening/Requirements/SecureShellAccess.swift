import ImageStore
import Model

/// sshd says who may log in: one of `AllowUsers`, `AllowGroups`, `DenyUsers`, `DenyGroups` is set for all connections.
package struct SecureShellAccess: HardeningRequirement {
    /// What the remedy sets, which must shut nobody out that the site wants in: `DenyUsers root`.
    package let option: String
    package let value: String

    private static let options = ["AllowUsers", "AllowGroups", "DenyUsers", "DenyGroups"]

    package init(option: String, value: String) {
        self.option = option
        self.value = value
    }

    package func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding {
        guard try guest.exists(SecureShellConfiguration.main) else {
            return .notApplicable("\(SecureShellConfiguration.main) does not exist")
        }
        let configuration = try guest.fact { (guest) throws(Failure) in try SecureShellConfiguration(guest) }
        for option in Self.options {
            guard let line = configuration.lines(of: option).first(where: { !$0.isConditional }) else { continue }
            return .met("\(option) \(line.value) in \(line.place)")
        }
        return .notMet("nothing says who may log in: \(Self.options.joined(separator: ", ")) are not set")
    }

    package func remedy(_ guest: TreeEditor) throws(Failure) {
        try SecureShellOption(option: option, accepted: AcceptedValue(.present, remedy: value)).remedy(guest)
    }
}
