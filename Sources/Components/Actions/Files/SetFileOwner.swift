import ImageStore
import Model

/// Sets user and group of a file; of a symbolic link, those of what it leads to.
package enum SetFileOwner: Action {
    package static let name = "SetFileOwner"
    package static let summary = "sets who a file belongs to"
    package static let systems: Set<OperatingSystem> = [.linux, .macOS]
    package static let inputs = InputForm.items([AttributeInputs.path("file")] + AttributeInputs.owner)

    package static func run(_ inputs: ActionInputs, _ context: ActionContext) throws(Failure) -> ActionResult {
        let path = try inputs.path("path")
        try attempt("set the owner of the file \(path)") { () throws(Failure) in
            let attributes = try AttributeInputs.owner(inputs, in: context.editor)
            try AttributeInputs.setFile(path, attributes, action: "SetFolderOwner", in: context.editor)
        }
        return ActionResult()
    }
}
