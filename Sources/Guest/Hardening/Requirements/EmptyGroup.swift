import ImageStore
import Model

/// A group exists and has no members: what is kept for its members is kept for nobody.
package struct EmptyGroup: HardeningRequirement {
    package let name: String

    package init(name: String) { self.name = name }

    package func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding {
        let groups = try AccountTable(AccountTable.group, in: guest)
        guard !groups.isEmpty else { return .notApplicable("\(AccountTable.group) is missing or empty") }
        guard let group = groups.rows.first(where: { $0.name == name }) else { return .notMet("there is no group \(name)") }
        let users = try AccountTable(AccountTable.passwd, in: guest).rows.filter { $0.field(3) == group.field(2) }.map(\.name)
        let members = group.field(3).split(separator: ",").map(String.init) + users
        return members.isEmpty ? .met("the group \(name) has no members") : .notMet("in the group \(name): \(listed(members))")
    }

    package func remedy(_ guest: TreeEditor) throws(Failure) {
        var groups = try AccountTable(AccountTable.group, in: guest)
        if groups.rows.contains(where: { $0.name == name }) {
            return try groups.update(in: guest) { if $0.name == name { $0.set(3, "") } }
        }
        let used = Set(groups.rows.compactMap(\.number))
        guard let id = (100...999).last(where: { !used.contains(UInt32($0)) }) else {
            throw Failure(.failed, "no number for a system group is free")
        }
        var lines = try LineFile(AccountTable.group, in: guest)
        lines.append("\(name):x:\(id):")
        try lines.write(to: AccountTable.group, in: guest)
        guard try guest.exists("/etc/gshadow") else { return }
        var shadow = try LineFile("/etc/gshadow", in: guest)
        shadow.append("\(name):!::")
        try shadow.write(to: "/etc/gshadow", in: guest)
    }
}
