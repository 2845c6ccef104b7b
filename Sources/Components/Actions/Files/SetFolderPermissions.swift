import ImageStore
import Model

/// Sets the permissions of a folder and of all below it, files and folders alike.
package enum SetFolderPermissions: Action {
    package static let name = "SetFolderPermissions"
    package static let summary = "sets the permissions of a folder"
    package static let systems: Set<OperatingSystem> = [.linux, .macOS]
    package static let inputs = InputForm.items(
        [AttributeInputs.path("folder")] + [AttributeInputs.permissions, AttributeInputs.recursive])

    package static func run(_ inputs: ActionInputs, _ context: ActionContext) throws(Failure) -> ActionResult {
        let path = try inputs.path("path")
        try attempt("set the permissions of the folder \(path)") { () throws(Failure) in
            let attributes = FileAttributes(mode: try inputs.requiredPermissions())
            try AttributeInputs.setFolder(path, attributes, inputs, in: context.editor)
        }
        return ActionResult()
    }
}
