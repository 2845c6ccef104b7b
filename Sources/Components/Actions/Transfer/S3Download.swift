import HTTP
import ImageStore
import Model
import Text

/// Fetches an object of the object storage, or all objects below a prefix.
package enum S3Download: Action {
    package static let name = "S3Download"
    package static let summary = "Downloads objects from S3"
    package static let inputs = InputForm.items([
        InputField("source", .text, required: true, "s3://bucket/key, or s3://bucket/prefix/* for all below the prefix"),
        InputField("destination", .text, required: true, "The path in the image; of several objects, a folder that exists"),
        InputField("expectedBucketOwner", .text, "The account that must own the bucket"),
        InputField("overwrite", .boolean, "Whether files that are there are replaced (true)"),
    ])
    package static let needs: Set<ActionNeed> = [.temporaryFolder]

    package static func run(_ inputs: ActionInputs, _ context: ActionContext) throws(Failure) -> ActionResult {
        let source = try ObjectLocation(parsing: try inputs.text("source"))
        let target = try TransferTarget(try inputs.text("destination"))
        let overwrite = try inputs.boolean("overwrite", default: true)
        let storage = try ObjectStorage(name, owner: try inputs.optionalText("expectedBucketOwner"), context)
        if source.key.hasSuffix("*") {
            try downloadAll(source, to: target.path, overwrite, storage, context)
        } else {
            guard !source.key.isEmpty, !source.key.hasSuffix("/") else {
                throw Failure(
                    .invalid, "\(name): \(source) names no object", hint: "write \(source)* for all objects below it")
            }
            let path = try target.file(named: source.name, from: source.description)
            try checkFolder(path.parent, in: context.editor)
            try download(source, to: path, overwrite, storage, context)
        }
        return ActionResult()
    }

    private static func downloadAll(
        _ source: ObjectLocation, to folder: TreePath, _ overwrite: Bool, _ storage: ObjectStorage, _ context: ActionContext
    ) throws(Failure) {
        let prefix = try ObjectLocation(bucket: source.bucket, key: String(source.key.dropLast()))
        guard prefix.key.isEmpty || prefix.key.hasSuffix("/"), !prefix.key.contains("*") else {
            throw Failure(
                .invalid, "\(name): the prefix of \(source) does not end with /*", hint: "write it like s3://bucket/prefix/*")
        }
        try checkFolder(folder, in: context.editor)
        let objects = try storage.list(prefix).filter { !$0.key.hasSuffix("/") }
        if objects.isEmpty { throw Failure(.notFound, "\(name): there is no object below \(prefix)") }
        for object in objects {
            let location = try ObjectLocation(bucket: source.bucket, key: object.key)
            let path = TreePath(folder.names + (try names(of: location, below: prefix)))
            try context.editor.makeDirectory(path.parent)
            try download(location, to: path, overwrite, storage, context)
        }
    }

    /// A key is whatever somebody wrote: `..` in it must not lead anywhere.
    private static func names(of object: ObjectLocation, below prefix: ObjectLocation) throws(Failure) -> [Name] {
        let rest = object.key.dropFirst(prefix.key.count)
        return try rest.split(separator: "/", omittingEmptySubsequences: false).map { (part) throws(Failure) in
            guard object.key.hasPrefix(prefix.key), let name = Name(part) else {
                throw Failure(.invalid, "\(name): the key of \(object) is no path, since '\(part)' is no name of a file")
            }
            return name
        }
    }

    private static func checkFolder(_ path: TreePath, in tree: TreeEditor) throws(Failure) {
        let node = try tree.resolvedNode(path)
        if node?.isDirectory == true { return }
        throw Failure(
            node == nil ? .notFound : .conflict,
            "\(name): the destination folder \(path) \(node == nil ? "does not exist" : "is no folder")",
            hint: "make it with CreateFolder first")
    }

    private static func download(
        _ object: ObjectLocation, to path: TreePath, _ overwrite: Bool, _ storage: ObjectStorage, _ context: ActionContext
    ) throws(Failure) {
        try context.editor.checkTarget(path, overwrite: overwrite, action: name)
        let file = try TransferFile(context)
        try storage.get(object, to: file)
        let size = try file.move(to: path, in: context.editor)
        context.print("downloaded \(object) to \(path), \(Amount.bytes(size))")
    }
}
