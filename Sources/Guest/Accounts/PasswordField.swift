/// The second field of a record of shadow, gshadow or passwd.
package enum PasswordField: Hashable, Sendable {
    /// Nothing stands there: no password is asked.
    case empty
    /// No password fits, and nothing is left of one: `*`, `!`, `!*`, `!!`, `*LK*`, `x`.
    case locked
    /// A hash, also behind a `!`, which `passwd -u` would take away again.
    case hash

    package init(_ field: [UInt8]) {
        if field.isEmpty {
            self = .empty
        } else if field == Array("x".utf8) || field == Array("*LK*".utf8) || field.allSatisfy({ $0 == 0x21 || $0 == 0x2A }) {
            self = .locked
        } else {
            self = .hash
        }
    }
}
