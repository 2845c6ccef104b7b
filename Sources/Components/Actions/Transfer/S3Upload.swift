import Guest
import ImageStore
import Model
import Text

/// Sends files of the image to the object storage.
package enum S3Upload: Action {
    package static let name = "S3Upload"
    package static let summary = "Uploads files to S3"
    package static let inputs = InputForm.items([
        InputField("source", .text, required: true, "The path in the image; its last part may have the wildcard *"),
        InputField("destination", .text, required: true, "s3://bucket/key, or a prefix that ends with /"),
        InputField("recurse", .boolean, "Whether what is in sub-folders is uploaded too (false)"),
        InputField("expectedBucketOwner", .text, "The account that must own the bucket"),
    ])
    package static let needs: Set<ActionNeed> = [.temporaryFolder]

    private struct Upload {
        let path: TreePath
        let content: FileContent
        let target: ObjectLocation
    }

    package static func run(_ inputs: ActionInputs, _ context: ActionContext) throws(Failure) -> ActionResult {
        let text = try inputs.text("source")
        let source = try TransferTarget.source(text)
        let destination = try ObjectLocation(parsing: try inputs.text("destination"))
        let isRecursive = try inputs.boolean("recurse", default: false)
        let storage = try ObjectStorage(name, owner: try inputs.optionalText("expectedBucketOwner"), context)
        var uploads: [Upload] = []
        if source.last?.bytes.contains(UInt8(ascii: "*")) == true {
            uploads = try matches(source, isRecursive, to: destination, context)
        } else if try context.editor.resolvedNode(source)?.isDirectory == true {
            guard isRecursive else {
                throw Failure(.invalid, "\(name): \(source) is a folder", hint: "write \(source)/*, or set recurse to true")
            }
            uploads = try contents(of: source, below: destination, context)
        } else {
            uploads = [try single(source, to: destination, context)]
        }
        if uploads.isEmpty { throw Failure(.notFound, "\(name): there is no file \(text) in the image") }
        for upload in uploads { try send(upload, storage, context) }
        return ActionResult()
    }

    // MARK: What is meant

    private static func single(
        _ source: TreePath, to target: ObjectLocation, _ context: ActionContext
    ) throws(Failure) -> Upload {
        guard let content = try context.editor.resolvedNode(source)?.content, let last = source.last else {
            throw Failure(.notFound, "\(name): there is no file \(source) in the image")
        }
        let isPrefix = target.key.isEmpty || target.key.hasSuffix("/")
        return Upload(path: source, content: content, target: isPrefix ? try below(target, [last]) : target)
    }

    private static func matches(
        _ source: TreePath, _ isRecursive: Bool, to prefix: ObjectLocation, _ context: ActionContext
    ) throws(Failure) -> [Upload] {
        guard let pattern = source.last else { return [] }
        let wildcard = try Wildcard(Self.escaped(pattern.bytes))
        let folder = try context.editor.resolve(source.parent)
        var uploads: [Upload] = []
        for (name, _) in try context.editor.children(of: folder) ?? [] where wildcard.matches(name.bytes) {
            let path = folder.appending(name)
            guard let node = try context.editor.resolvedNode(path) else { continue }
            if let content = node.content {
                uploads.append(Upload(path: path, content: content, target: try below(prefix, [name])))
            } else if node.isDirectory, isRecursive, try context.editor.node(at: path)?.isDirectory == true {
                uploads += try contents(of: path, below: try below(prefix, [name]), context)
            }
        }
        return uploads
    }

    /// All files in a folder and in those below it. Links to folders are not followed: they may lead in circles.
    private static func contents(
        of folder: TreePath, below prefix: ObjectLocation, _ context: ActionContext
    ) throws(Failure) -> [Upload] {
        let top = try context.editor.resolve(folder)
        var uploads: [Upload] = []
        try context.editor.walk(from: top) { (path: TreePath, node: Node) throws(Failure) in
            if !node.isDirectory, let content = try context.editor.resolvedNode(path)?.content {
                let names = Array(path.names.dropFirst(top.names.count))
                uploads.append(Upload(path: path, content: content, target: try below(prefix, names)))
            }
            return true
        }
        return uploads
    }

    /// Only `*` is a wildcard here; what `Wildcard` knows besides is a character like any other.
    private static func escaped(_ pattern: [UInt8]) -> [UInt8] {
        pattern.flatMap {
            [UInt8(ascii: "?"), UInt8(ascii: "["), UInt8(ascii: "\\")].contains($0) ? [UInt8(ascii: "\\"), $0] : [$0]
        }
    }

    private static func below(_ prefix: ObjectLocation, _ names: [Name]) throws(Failure) -> ObjectLocation {
        let parts = try names.map { (part) throws(Failure) in
            guard let text = String(validating: part.bytes, as: UTF8.self) else {
                throw Failure(.invalid, "\(name): the file name '\(part)' is not UTF-8, as a key must be")
            }
            return text
        }
        let separator = prefix.key.isEmpty || prefix.key.hasSuffix("/") ? "" : "/"
        return try ObjectLocation(bucket: prefix.bucket, key: prefix.key + separator + parts.joined(separator: "/"))
    }

    // MARK: Sending

    private static func send(_ upload: Upload, _ storage: ObjectStorage, _ context: ActionContext) throws(Failure) {
        guard upload.content.size <= ObjectStorage.maximumUpload else {
            throw Failure(.exhausted, "\(name): \(upload.path) is larger than the 5 GiB that one upload takes")
        }
        let file = try TransferFile(context)
        let digest = try file.fill(from: upload.content, in: context.editor)
        try storage.put(file, digest: digest, at: upload.target)
        context.print("uploaded \(upload.path) to \(upload.target), \(Amount.bytes(upload.content.size))")
    }
}

extension TransferTarget {
    /// The path of a source in the image.
    static func source(_ text: String) throws(Failure) -> TreePath {
        if text.isEmpty { throw Failure(.invalid, "the source is empty", hint: "write it like /var/log/*") }
        return try TreePath(parsing: GuestPath.absolute(text))
    }
}
