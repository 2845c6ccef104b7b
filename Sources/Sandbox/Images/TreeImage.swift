import Crypto
import Ext4
import Glibc
import ImageStore
import Model
import Platform

/// A tree as an ext4 file system in one file, to be mounted read-only. The same tree and shift give the same bytes.
///
/// Attributes that Linux would not show of an ext4 file, as `com.apple.…`, are left out.
package struct TreeImage: Sendable {
    /// Changes with every change of what is written, so that files of an earlier form are not taken for new ones.
    package static let formatVersion = 1

    let tree: Tree
    let shift: OwnerShift
    private let environment: Environment

    package init(_ tree: Tree, shift: OwnerShift, environment: Environment) {
        self.tree = tree
        self.shift = shift
        self.environment = environment
    }

    /// Writes into a new file. Throws `.invalid` where ext4 cannot hold something of the tree, which it names; `.exhausted` where the
    /// disk is full.
    package func write(to file: borrowing FileDescriptor) throws(Failure) {
        let demand = try measure()
        let layout: TreeLayout
        do throws(Ext4Error) {
            let writer = try Ext4Writer(file, path: file.path, demand: demand, identity: identity)
            layout = TreeLayout(tree, shift, writer, environment)
        } catch { throw Self.failure(error, file.path) }
        try layout.write()
        do throws(Ext4Error) { try layout.writer.finishFrame() } catch { throw Self.failure(error, file.path) }
        try writeContents(layout.parts, layout.writer.data)
    }

    /// File systems of one tree with other owners are others, too.
    private var identity: [UInt8] {
        SHA256.digest(of: Array("ingot tree image \(Self.formatVersion) \(tree.root.hex) \(shift.offset)".utf8)).bytes
    }

    /// How much room the tree takes.
    private func measure() throws(Failure) -> Ext4Demand {
        var demand = Ext4Demand()
        try measure(.root, tree.rootNode, &demand)
        return demand
    }

    private func measure(_ path: TreePath, _ node: Node, _ demand: inout Ext4Demand) throws(Failure) {
        if environment.cancellation.isCancelled { throw Self.cancelled }
        let children = try tree.children(of: path) ?? []
        demand.addDirectory(nameLengths: children.lazy.map(\.name.bytes.count), attributes: node.metadata.attributes.count)
        for (name, child) in children {
            let attributes = child.metadata.attributes.count
            switch child.kind {
            case .directory: try measure(path.appending(name), child, &demand)
            case .file(let content, _):
                demand.addFile(
                    dataRanges: TreeLayout.dataRanges(try content.extents(from: tree.objects)), attributes: attributes)
            case .symlink(let target): demand.addSymlink(targetLength: target.count, attributes: attributes)
            case .hardLink: break
            case .characterDevice, .blockDevice, .fifo: demand.addSpecial(attributes: attributes)
            }
        }
    }

    /// Fetches the objects and writes them to where they belong, on all processors: this is where the time goes.
    private func writeContents(_ parts: [TreeLayout.Part], _ data: Ext4DataFile) throws(Failure) {
        let objects = tree.objects
        let cancellation = environment.cancellation
        try Threads.forEach(below: parts.count) { (index) throws(Failure) in
            if cancellation.isCancelled { throw Self.cancelled }
            let part = parts[index]
            let extent = ExtentList.Extent(length: part.length, digest: part.digest)
            guard let bytes = try extent.data(from: objects) else { return }
            do throws(Ext4Error) { try data.write(bytes.span, at: part.offset, of: part.map) } catch {
                throw Self.failure(error, "the image file")
            }
        }
    }

    static let cancelled = Failure(.cancelled, "the writing of the image file was cancelled")

    /// `subject` is what was being written: a path of the image, or the file itself.
    static func failure(_ error: Ext4Error, _ subject: String) -> Failure {
        switch error.kind {
        case .unsupported, .corrupt: Failure(.invalid, "\(subject) cannot be written to an ext4 file system", cause: error)
        case .noSpace:
            Failure(
                .exhausted, "the disk has no room for the mountable file of the image",
                hint: "remove what is not needed; the cache folder of the workspace may be deleted at any time",
                cause: SystemError("write", subject, errno: ENOSPC))
        case .io: Failure(.io, "\(subject) cannot be written", cause: error)
        case .misuse: Failure(.bug, "\(subject) cannot be written", cause: error)
        }
    }
}
