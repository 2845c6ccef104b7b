import ImageStore
import Model

/// One record of group(5), with what gshadow(5) says of it.
package struct UserGroup: Hashable, Sendable {
    package let name: String
    package let gid: UInt32
    /// As the file lists them; users whose primary group it is are not among them.
    package let members: [String]
    /// Those of gshadow who may change the members.
    package let administrators: [String]
    /// What stands in gshadow, or in group where that has none: with a password anybody who knows it joins.
    package let password: PasswordField

    package static let secrets: TreePath = "/etc/gshadow"

    /// All records with a numeric id, in the file's order.
    package static func all(in guest: any TreeView) throws(Failure) -> [UserGroup] {
        var secrets: [[UInt8]: [[UInt8]]] = [:]
        for (fields, _) in try AccountTable.lines(of: Self.secrets, in: guest) where secrets[fields[0]] == nil {
            secrets[fields[0]] = fields
        }
        return try AccountTable.lines(of: AccountTable.group, in: guest).compactMap { fields, _ in
            guard fields.count >= 3, let gid = UInt32(decimal: fields[2]) else { return nil }
            let secret = secrets[fields[0]] ?? []
            return UserGroup(
                name: String(decoding: fields[0], as: UTF8.self), gid: gid, members: list(fields, 3),
                administrators: list(secret, 2), password: PasswordField(secret.count > 1 ? secret[1] : fields[1]))
        }
    }

    private static func list(_ fields: [[UInt8]], _ index: Int) -> [String] {
        guard fields.count > index else { return [] }
        return fields[index].split(separator: 0x2C).map { String(decoding: $0, as: UTF8.self) }
    }
}
