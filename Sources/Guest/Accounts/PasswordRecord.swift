import Crypto
import ImageStore
import Model

/// One record of shadow(5): what there is of a password, and its age. The hash itself stays in the file.
package struct PasswordRecord: Hashable, Sendable {
    package let name: String
    package let state: PasswordField
    /// How the password is hashed, where there is a hash.
    package let method: PasswordHash?
    /// Tells one hash from another within one run. Nothing of it is printed.
    let fieldDigest: Digest
    /// Whether a hash stands behind a `!`: no password fits, until `passwd -u` takes the mark away.
    package let isLocked: Bool
    /// Days since 1970 of the last change; 0: a new one is demanded at the next login.
    package let lastChange: Int?
    /// In days.
    package let minimumAge: Int?
    package let maximumAge: Int?
    package let warning: Int?
    /// Days behind the maximum age for which it still can be changed.
    package let inactivity: Int?
    /// Days since 1970 on which the account ends.
    package let expiry: Int?
    /// The line of shadow, from 0.
    package let place: LinePlace

    package static let file: TreePath = "/etc/shadow"

    /// Whether somebody who knows a password, or gives none, gets in.
    package var isUsable: Bool { state == .empty || (state == .hash && !isLocked) }

    /// All records, in the file's order; none where it is missing.
    package static func all(in guest: any TreeView) throws(Failure) -> [PasswordRecord] {
        try AccountTable.lines(of: file, in: guest).map { fields, place in
            func number(_ index: Int) -> Int? { fields.count > index ? UInt32(decimal: fields[index]).map(Int.init) : nil }
            let password = fields[1]
            return PasswordRecord(
                name: String(decoding: fields[0], as: UTF8.self), state: PasswordField(password),
                method: PasswordHash(field: password), fieldDigest: SHA256.digest(of: password),
                isLocked: password.first == 0x21 || password.first == 0x2A,
                lastChange: number(2), minimumAge: number(3), maximumAge: number(4), warning: number(5), inactivity: number(6),
                expiry: number(7), place: place)
        }
    }
}
