import ImageStore
import Model

/// Sets user and group of a folder and of all below it.
package enum SetFolderOwner: Action {
    package static let name = "SetFolderOwner"
    package static let summary = "sets who a folder belongs to"
    package static let systems: Set<OperatingSystem> = [.linux, .macOS]
    package static let inputs = InputForm.items(
        [AttributeInputs.path("folder")] + AttributeInputs.owner + [AttributeInputs.recursive])

    package static func run(_ inputs: ActionInputs, _ context: ActionContext) throws(Failure) -> ActionResult {
        let path = try inputs.path("path")
        try attempt("set the owner of the folder \(path)") { () throws(Failure) in
            let attributes = try AttributeInputs.owner(inputs, in: context.editor)
            try AttributeInputs.setFolder(path, attributes, inputs, in: context.editor)
        }
        return ActionResult()
    }
}
