import Guest
import ImageStore
import Model

/// Makes a symbolic link to something that exists. The link's target is absolute.
package enum CreateSymlink: Action {
    package static let name = "CreateSymlink"
    package static let summary = "creates a symbolic link"
    package static let systems: Set<OperatingSystem> = [.linux, .macOS]
    package static let inputs = InputForm.items([
        InputField("path", .text, required: true, "link to make"),
        InputField("target", .text, required: true, "what it leads to; must exist"),
        InputField("force", .boolean, "whether a link that is there may be replaced; false by default"),
    ])

    package static func run(_ inputs: ActionInputs, _ context: ActionContext) throws(Failure) -> ActionResult {
        let path = try inputs.path("path")
        let target = try inputs.path("target")
        let force = try inputs.boolean("force", default: false)
        let editor = context.editor
        try attempt("create the symbolic link \(path) to \(target)") { () throws(Failure) in
            guard try editor.exists(try target.place(in: editor)) else {
                throw Failure(.notFound, "the target \(target) does not exist in the image")
            }
            let place = try path.filePlace(in: editor)
            try editor.makeFolders(place.parent)
            let name = try editor.resolve(place, followLast: false)
            try requireReplaceable(try editor.node(at: name), name, force)
            let metadata = Metadata(mode: 0o777, modified: editor.date)
            try editor.put(Node(metadata, .symlink(target: Array(target.text.utf8))), at: name)
        }
        return ActionResult()
    }

    private static func requireReplaceable(_ old: Node?, _ name: TreePath, _ force: Bool) throws(Failure) {
        guard let old else {
            guard !name.isRoot else { throw Failure(.invalid, "the root of the image is no link") }
            return
        }
        guard old.isSymlink else { throw Failure(.conflict, "\(name) exists and is \(old.kindName), not a symbolic link") }
        guard force else {
            throw Failure(.conflict, "the symbolic link \(name) exists", hint: "write 'force: true' to replace it")
        }
    }
}
