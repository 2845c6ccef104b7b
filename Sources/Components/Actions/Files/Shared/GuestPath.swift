import ImageStore
import Model

/// A path as a document writes it: from the image's root, or from the folder in which programs start, with `.` and `..` where somebody
/// wrote them. It means what it means to a process in the image; only that none leads above the root.
package struct GuestPath: Sendable, CustomStringConvertible {
    /// As it was written; with the folder in which programs start before it where it was relative.
    package let text: String
    /// Nil for `..`.
    private let parts: [Name?]
    /// Whether only a folder can be meant: it ends with `/`, `/.` or `/..`.
    package let namesFolder: Bool

    /// The folder in which programs start, as with Image Builder, where the image has it.
    package static let workingFolder: TreePath = "/tmp"

    /// A relative path with the folder before it that it is relative to.
    static func absolute(_ text: String) -> String {
        text.isEmpty || text.hasPrefix("/") ? text : "\(workingFolder)/\(text)"
    }

    package init(_ text: String) throws(Failure) {
        if text.isEmpty { throw Failure(.invalid, "the path is empty") }
        if text.dropFirst().hasPrefix(":\\") {
            throw Failure(.invalid, "the path '\(text.prefix(200))' is one of Windows", hint: "write it like /opt/file")
        }
        let text = Self.absolute(text)
        guard text.utf8.count <= TreePath.maximumLength else {
            throw Failure(.invalid, "the path '\(text.prefix(200))…' is longer than \(TreePath.maximumLength) bytes")
        }
        var parts: [Name?] = []
        for part in text.utf8.split(separator: UInt8(ascii: "/")) where !part.elementsEqual([0x2E]) {
            if part.elementsEqual([0x2E, 0x2E]) {
                parts.append(nil)
                continue
            }
            guard let name = Name(Array(part)) else {
                let shown = String(decoding: part.prefix(200), as: UTF8.self)
                throw Failure(.invalid, "the path '\(text.prefix(200))' has the part '\(shown)', which is no name")
            }
            parts.append(name)
        }
        guard parts.count <= TreePath.maximumDepth else {
            throw Failure(.invalid, "the path '\(text.prefix(200))…' is deeper than \(TreePath.maximumDepth) folders")
        }
        self.text = text
        self.parts = parts
        namesFolder = text.hasSuffix("/") || text.hasSuffix("/.") || text.hasSuffix("/..")
    }

    package var description: String { text }

    /// The path without `..`, links not followed but where a `..` stands on one.
    package func place(in view: any TreeView) throws(Failure) -> TreePath {
        var names: [Name] = []
        for part in parts {
            if let part {
                names.append(part)
                continue
            }
            let folder = try view.resolve(TreePath(names))
            guard try view.node(at: folder)?.isDirectory == true else {
                throw Failure(.notFound, "the folder \(folder) does not exist in the image")
            }
            guard !folder.isRoot else { throw Failure(.invalid, "the path '\(text)' leads above the image's root") }
            names = folder.parent.names
        }
        return TreePath(names)
    }

    /// The same for a path that must be a file's.
    package func filePlace(in view: any TreeView) throws(Failure) -> TreePath {
        guard !namesFolder else {
            throw Failure(.invalid, "the path is that of a folder", hint: "end it with the name of a file")
        }
        return try place(in: view)
    }
}

extension ActionInputs {
    /// A path of the image that must be given.
    package func path(_ name: String) throws(Failure) -> GuestPath {
        do throws(Failure) { return try GuestPath(text(name)) } catch {
            throw Failure(error.code, "the input '\(name)' cannot be taken: \(error.message)", hint: error.hint)
        }
    }
}

/// Runs `work`; what it throws is told as what was tried, and why that cannot be done.
package func attempt<Result>(
    _ what: @autoclosure () -> String, _ work: () throws(Failure) -> Result
) throws(Failure) -> Result {
    do throws(Failure) { return try work() } catch {
        if error.code == .cancelled { throw error }
        throw Failure(error.code, "cannot \(what()): \(error.message)", hint: error.hint, cause: error.cause)
    }
}
