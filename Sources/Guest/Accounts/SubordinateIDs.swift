import ImageStore
import Model

/// A range of ids that a user may map into own namespaces: subuid(5) and subgid(5).
package struct SubordinateIDs: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case users, groups

        package var file: TreePath { self == .users ? "/etc/subuid" : "/etc/subgid" }
    }

    /// A name or a number.
    package let owner: String
    package let first: UInt32
    package let count: UInt32

    package static func all(_ kind: Kind, in guest: any TreeView) throws(Failure) -> [SubordinateIDs] {
        try AccountTable.lines(of: kind.file, in: guest).compactMap { fields, _ in
            guard fields.count == 3, let first = UInt32(decimal: fields[1]), let count = UInt32(decimal: fields[2]) else {
                return nil
            }
            return SubordinateIDs(owner: String(decoding: fields[0], as: UTF8.self), first: first, count: count)
        }
    }
}
