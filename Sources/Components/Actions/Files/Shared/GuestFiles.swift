import Guest
import ImageStore
import Model

/// What a process of root with the umask 022 does with files, as edits of a tree.
extension TreeEditor {
    /// The mode bits that are left of those that a program asks for.
    package static let umask: UInt16 = 0o022

    /// As `mkdir -p`: makes a folder and those above it, where they are missing. A link that leads to a folder is one; a link that
    /// leads to nothing is in the way.
    package func makeFolders(_ place: TreePath, mode: UInt16 = 0o777) throws(Failure) {
        if try resolvedNode(place)?.isDirectory == true { return }
        var here = TreePath.root
        for name in place.names {
            let next = here.appending(name)
            if let node = try node(at: next) {
                here = try resolve(next)
                let target = try self.node(at: here)
                guard target?.isDirectory == true else {
                    throw Failure(
                        .conflict, "\(next) is \(target?.kindName ?? "\(node.kindName) that leads to nothing"), not a folder")
                }
            } else {
                try put(Node(Metadata(mode: mode & ~Self.umask, modified: date), .emptyDirectory), at: next)
                here = next
            }
        }
    }

    /// As open(2) and write(2): the file that the path means gets these contents, links followed. A new one gets `mode`; one that was
    /// there keeps its mode and owner, and loses its capabilities.
    package func writeFile(_ content: FileContent, to place: TreePath, mode: UInt16 = 0o666) throws(Failure) {
        let target = try resolve(place)
        let old = try node(at: target)
        if old?.isDirectory == true {
            throw Failure(.conflict, "\(place) is a folder", hint: "name the file that it is to be, as in \(place)/name")
        }
        let metadata = old == nil ? Metadata(mode: mode & ~Self.umask, modified: date) : nil
        try write(content, to: target, metadata: metadata)
        if old != nil { try dropCapabilities(target) }
    }

    /// Throws where something is at a path already, be it a link that leads to nothing.
    package func requireFree(_ place: TreePath) throws(Failure) {
        guard try node(at: try resolve(place, followLast: false)) == nil else {
            throw Failure(.conflict, "\(place) exists, and 'overwrite' is false")
        }
    }

    /// The name that stands for the file which a path means, whatever its links: two paths of one file give the same.
    package func identity(of place: TreePath) throws(Failure) -> TreePath {
        let target = try resolve(place)
        if case .hardLink(let file)? = try node(at: target)?.kind { return file }
        return target
    }
    package func writeFile(_ bytes: [UInt8], to place: TreePath) throws(Failure) {
        try writeFile(try store(bytes), to: place)
    }

    /// The contents of the file that a path means.
    package func fileContent(at place: TreePath) throws(Failure) -> FileContent {
        guard let node = try resolvedNode(place) else { throw Failure(.notFound, "it does not exist in the image") }
        guard let content = node.content else { throw Failure(.invalid, "it is \(node.kindName), not a regular file") }
        return content
    }
}
