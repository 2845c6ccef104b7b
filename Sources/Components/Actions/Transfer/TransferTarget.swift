import ImageStore
import Model

/// The place of a file in the image that a document names as a destination.
struct TransferTarget {
    /// The document's text, without the name that it may have got from the source.
    private let text: String
    let path: TreePath
    /// Whether the text ends with a slash, so that it means a folder.
    let isFolder: Bool

    init(_ text: String) throws(Failure) {
        if text.isEmpty { throw Failure(.invalid, "the destination is empty", hint: "write it like /opt/file") }
        let text = GuestPath.absolute(text)
        self.text = text
        path = try TreePath(parsing: text)
        isFolder = text.hasSuffix("/")
    }

    /// The path of the file; a folder gets the source's name for it.
    func file(named name: @autoclosure () -> String, from source: String) throws(Failure) -> TreePath {
        guard isFolder else { return path }
        guard let name = Name(name()) else {
            throw Failure(
                .invalid, "the destination '\(text)' is a folder, and '\(source)' gives no name for a file in it",
                hint: "write the whole path of the file")
        }
        return path.appending(name)
    }
}

extension TreeEditor {
    /// Refuses to write where a document says that nothing may be overwritten, and where no file can be.
    func checkTarget(_ path: TreePath, overwrite: Bool, action: String) throws(Failure) {
        guard let node = try resolvedNode(path) else { return }
        if node.isDirectory {
            throw Failure(.conflict, "\(action): the destination \(path) is a folder", hint: "end it with a slash: '\(path)/'")
        }
        guard node.content != nil else { throw Failure(.conflict, "\(action): the destination \(path) is not a regular file") }
        if overwrite { return }
        throw Failure(
            .conflict,
            "\(action): File already exists and \"overwrite\" property for \"destination\" file is set to false. Cannot download.",
            hint: "the file is \(path)")
    }
}
