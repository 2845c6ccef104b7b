import ImageStore
import Model

/// Sets the permissions of a file; of a symbolic link, those of what it leads to.
package enum SetFilePermissions: Action {
    package static let name = "SetFilePermissions"
    package static let summary = "sets the permissions of a file"
    package static let systems: Set<OperatingSystem> = [.linux, .macOS]
    package static let inputs = InputForm.items([AttributeInputs.path("file")] + [AttributeInputs.permissions])

    package static func run(_ inputs: ActionInputs, _ context: ActionContext) throws(Failure) -> ActionResult {
        let path = try inputs.path("path")
        try attempt("set the permissions of the file \(path)") { () throws(Failure) in
            let attributes = FileAttributes(mode: try inputs.requiredPermissions())
            try AttributeInputs.setFile(path, attributes, action: "SetFolderPermissions", in: context.editor)
        }
        return ActionResult()
    }
}
