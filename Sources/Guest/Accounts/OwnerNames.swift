import ImageStore
import Model

/// The users or the groups of an image by name: passwd(5) and group(5) both have the id in the third field.
package struct OwnerNames: Sendable {
    package enum Kind: String, Sendable {
        case user, group

        package var file: TreePath { self == .user ? AccountTable.passwd : AccountTable.group }
    }

    private let entries: [(name: String, id: UInt32)]

    /// None where the file is missing.
    package init(_ kind: Kind, in view: any TreeView) throws(Failure) {
        entries = try AccountTable(kind.file, in: view).rows.compactMap { row in row.number.map { (row.name, $0) } }
    }

    /// The first line of a name counts. The superuser needs none, and no line makes another of `root`.
    package func id(of name: String) -> UInt32? { name == "root" ? 0 : entries.first { $0.name == name }?.id }

    package var names: [String] { Set(entries.map(\.name)).sorted() }

    package var ids: Set<UInt32> { Set(entries.map(\.id)) }
}
