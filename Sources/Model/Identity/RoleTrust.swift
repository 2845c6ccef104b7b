/// Who may take on a role, by its trust policy. What is not understood never lets anybody in: a statement with conditions allows nothing, and
/// one that denies with conditions denies.
package enum RoleTrust {
    package static func allows(_ account: AccountID, by policy: String) -> Bool {
        let names = [account.description, Principal.account(account).description]
        return allows("AWS", names, by: policy)
    }

    /// Whether a service of AWS may, `ec2.amazonaws.com`.
    package static func allows(service: String, by policy: String) -> Bool { allows("Service", [service], by: policy) }

    private static func allows(_ kind: String, _ names: [String], by policy: String) -> Bool {
        guard let document = PolicyDocument(policy) else { return false }
        let concerning = document.statements.filter { isAbout(kind, names, $0) }
        let isDenied = concerning.contains { $0["Effect"]?.string != "Allow" }
        return !isDenied && concerning.contains { $0["Condition"] == nil }
    }

    private static func isAbout(_ kind: String, _ names: [String], _ statement: JSONValue) -> Bool {
        let isDenial = statement["Effect"]?.string != "Allow"
        // Of what is named by what it is not, a denial concerns everybody.
        if statement["NotPrincipal"] != nil || statement["NotAction"] != nil { return isDenial }
        let actions = texts(statement["Action"])
        guard actions.contains(where: { ["sts:assumerole", "sts:*", "*"].contains($0.lowercased()) }) else { return false }
        if statement["Principal"]?.string == "*" { return true }
        return texts(statement["Principal"]?[kind]).contains { $0 == "*" || names.contains($0) }
    }

    private static func texts(_ value: JSONValue?) -> [String] {
        value?.string.map { [$0] } ?? value?.array?.compactMap(\.string) ?? []
    }
}
