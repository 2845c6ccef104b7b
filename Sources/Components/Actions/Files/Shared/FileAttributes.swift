import Guest
import ImageStore
import Model

/// The owner, group and permissions that the inputs give, looked up; nil for what they leave as it is.
package struct FileAttributes: Sendable {
    package var owner: UInt32?
    package var group: UInt32?
    package var mode: FileMode?

    static let inputs = [
        InputField("owner", .text, "user that it belongs to, by name or number"),
        InputField("group", .text, "group that it belongs to, by name or number"),
    ]

    /// Reads `owner`, `group` and `permissions`, where they are given.
    package init(_ inputs: ActionInputs, in view: any TreeView) throws(Failure) {
        if let text = try inputs.optionalText("owner") { owner = try AccountLookup.id(of: text, .user, in: view) }
        if let text = try inputs.optionalText("group") { group = try AccountLookup.id(of: text, .group, in: view) }
        mode = try inputs.permissions()
    }

    package init(owner: UInt32? = nil, group: UInt32? = nil, mode: FileMode? = nil) {
        self.owner = owner
        self.group = group
        self.mode = mode
    }

    /// Gives them to what is at a path without links; the mode last, since a change of owner takes bits away.
    package func apply(to place: TreePath, in editor: TreeEditor) throws(Failure) {
        if owner != nil || group != nil { try editor.chown(place, owner: owner, group: group) }
        if let mode { try editor.updateMetadata(place) { $0.mode = mode.bits } }
    }

    /// The same for all below a folder as well. Links there are not followed: they get the owner themselves, and have no mode.
    package func applyRecursively(to folder: TreePath, in editor: TreeEditor) throws(Failure) {
        var found: [(place: TreePath, isLink: Bool)] = []
        try editor.walk(from: folder) { (place, node) throws(Failure) in
            found.append((place, node.isSymlink))
            return true
        }
        for (place, isLink) in found {
            let attributes = isLink ? FileAttributes(owner: owner, group: group) : self
            try attributes.apply(to: place, in: editor)
        }
    }
}

extension ActionInputs {
    /// The input `permissions`; nil where it is not given.
    package func permissions() throws(Failure) -> FileMode? {
        try optionalText("permissions").map { (text) throws(Failure) in
            do throws(Failure) { return try FileMode(parsing: text) } catch {
                throw Failure(.invalid, "the input 'permissions' cannot be taken: \(error.message)", hint: error.hint)
            }
        }
    }
    package func requiredPermissions() throws(Failure) -> FileMode {
        guard let mode = try permissions() else { throw Failure(.invalid, "the input 'permissions' is missing") }
        return mode
    }
}
