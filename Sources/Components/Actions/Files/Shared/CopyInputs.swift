import ImageStore
import Model

/// The inputs that copying and moving share, and where each source goes.
struct CopyInputs {
    let source: PathPattern
    let destination: GuestPath
    let overwrite: Bool

    static func fields(_ kind: String) -> [InputField] {
        [
            InputField("source", .text, required: true, "\(kind) to take; '*' stands for any part of the last name"),
            InputField("destination", .text, required: true, "new path; one that ends with / is the folder to put it into"),
            InputField("overwrite", .boolean, "whether what is there may be replaced; true by default"),
        ]
    }

    init(_ inputs: ActionInputs) throws(Failure) {
        source = try inputs.pattern("source")
        destination = try inputs.path("destination")
        overwrite = try inputs.boolean("overwrite", default: true)
    }

    /// Gives each source with its new path to `work`. The folder above the new path exists then, and nothing is in the way that must
    /// not be replaced.
    func forEach(
        _ kind: PathPattern.Kind, verb: String, in context: ActionContext,
        _ work: (_ source: TreePath, _ target: TreePath) throws(Failure) -> Void
    ) throws(Failure) {
        let editor = context.editor
        try attempt("\(verb) \(source) to \(destination)") { () throws(Failure) in
            let sources = try source.find(kind, in: editor)
            guard sources.count == 1 || destination.namesFolder else {
                throw Failure(
                    .invalid, "the wildcard fits \(sources.count) names, and the destination is one",
                    hint: "end the destination with / to put them all into that folder")
            }
            let base = try destination.place(in: editor)
            for source in sources {
                try context.checkCancellation()
                guard let name = source.last else { throw Failure(.invalid, "the root of the image is no source") }
                let target = destination.namesFolder ? base.appending(name) : base
                if !overwrite { try editor.requireFree(target) }
                try work(source, target)
            }
        }
    }
}
