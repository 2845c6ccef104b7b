import Guest
import ImageStore
import Model

/// What the actions that set owners and permissions share.
enum AttributeInputs {
    static let recursive = InputField("recursive", .boolean, "whether all below the folder is set as well; true by default")
    static let permissions = InputField("permissions", .text, required: true, "octal, such as 0644")
    static let owner = [
        InputField("owner", .text, required: true, "user that it belongs to, by name or number"),
        InputField("group", .text, "group that it belongs to; the user's primary group by default"),
    ]

    static func path(_ kind: String) -> InputField { InputField("path", .text, required: true, "\(kind) to set") }

    /// `owner` and `group`, where the group that is not given is the user's.
    static func owner(_ inputs: ActionInputs, in view: any TreeView) throws(Failure) -> FileAttributes {
        let owner = try inputs.text("owner")
        var attributes = try FileAttributes(inputs, in: view)
        if attributes.group == nil { attributes.group = try AccountLookup.primaryGroup(of: owner, in: view) }
        return attributes
    }

    /// Sets what a path means, links followed, where that is no folder.
    static func setFile(
        _ path: GuestPath, _ attributes: FileAttributes, action: String, in editor: TreeEditor
    ) throws(Failure) {
        let place = try editor.resolve(try path.filePlace(in: editor))
        guard let node = try editor.node(at: place) else { throw Failure(.notFound, "it does not exist in the image") }
        guard !node.isDirectory else { throw Failure(.invalid, "it is a folder", hint: "\(action) is the action for folders") }
        try attributes.apply(to: place, in: editor)
    }

    /// Sets the folder that a path means, links followed, and all below it where the inputs do not say otherwise.
    static func setFolder(
        _ path: GuestPath, _ attributes: FileAttributes, _ inputs: ActionInputs, in editor: TreeEditor
    ) throws(Failure) {
        let isRecursive = try inputs.boolean("recursive", default: true)
        let place = try editor.resolve(try path.place(in: editor))
        guard let node = try editor.node(at: place) else { throw Failure(.notFound, "it does not exist in the image") }
        guard node.isDirectory else { throw Failure(.invalid, "it is \(node.kindName), not a folder") }
        if isRecursive {
            try attributes.applyRecursively(to: place, in: editor)
        } else {
            try attributes.apply(to: place, in: editor)
        }
    }
}
