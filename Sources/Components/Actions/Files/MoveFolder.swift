import Guest
import ImageStore
import Model

/// Moves folders within the image, into what is there already. Owners, permissions, attributes and times stay with what is moved.
package enum MoveFolder: Action {
    package static let name = "MoveFolder"
    package static let summary = "moves folders with all that they hold"
    package static let inputs = InputForm.items(CopyInputs.fields("folder"))

    package static func run(_ inputs: ActionInputs, _ context: ActionContext) throws(Failure) -> ActionResult {
        let copy = try CopyInputs(inputs)
        let editor = context.editor
        try copy.forEach(.folder, verb: "move the folder", in: context) { (source, target) throws(Failure) in
            let folder = try editor.resolve(source, followLast: false)
            guard try editor.node(at: folder)?.isDirectory == true else {
                throw Failure(.invalid, "\(source) is a symbolic link", hint: "name the folder that it leads to")
            }
            let place = try editor.resolve(target)
            guard !place.isWithin(folder) else { throw Failure(.invalid, "\(target) lies in the folder itself") }
            guard !folder.isWithin(place) else { throw Failure(.invalid, "\(target) holds the folder") }
            try editor.makeFolders(target.parent)
            try editor.moveFolder(from: folder, to: place)
        }
        return ActionResult()
    }
}
