import ImageStore

/// A member of a list of sudoers: a name, an alias, a group, a command; possibly with `!` before it.
package struct SudoMember: Hashable, Sendable, CustomStringConvertible {
    package let text: String
    package let isNegated: Bool

    package var isAll: Bool { text == "ALL" }
    package var description: String { isNegated ? "!" + text : text }
}

/// One command of a line of sudoers, with all that holds of it: who may run what, where, as whom, and how.
package struct SudoRule: Hashable, Sendable, CustomStringConvertible {
    /// `alice`, `%wheel`, `#1000`, `+netgroup`, an alias or `ALL`
    package let users: [SudoMember]
    package let hosts: [SudoMember]
    /// Nil: as root. Empty: as the user himself, with another group.
    package let runAsUsers: [SudoMember]?
    package let runAsGroups: [SudoMember]
    /// Those in force, in one order: `NOPASSWD`, `SETENV`
    package let tags: [String]
    /// `CWD=/tmp`, `NOTAFTER=20270101`
    package let options: [String]
    /// A path with arguments, an alias, or `ALL`.
    package let command: SudoMember
    package let place: LinePlace

    /// `%sudo: ALL as ALL:ALL, NOPASSWD`
    package var description: String {
        var text = users.map(\.description).joined(separator: ",")
        if hosts.map(\.description) != ["ALL"] { text += " on " + hosts.map(\.description).joined(separator: ",") }
        text += ": \(command) as \(runAsUsers.map { $0.map(\.description).joined(separator: ",") } ?? "root")"
        if !runAsGroups.isEmpty { text += ":" + runAsGroups.map(\.description).joined(separator: ",") }
        for word in tags + options { text += ", " + word }
        return text
    }
}

/// A parameter of a `Defaults` line.
package struct SudoDefaultEntry: Hashable, Sendable {
    /// For whom: empty for all, else the sign and the list, such as `:alice` or `@host`.
    package let scope: String
    package let name: String
    /// Nil for a flag, on or off.
    package let value: String?
    /// `=`, `+=` or `-=`.
    package let isOff: Bool
    package let operation: String
    package let place: LinePlace

    /// `use_pty`, `!use_pty`, `secure_path=/bin`
    package var description: String { (isOff ? "!" : "") + name + (value.map { operation + $0 } ?? "") }
}
