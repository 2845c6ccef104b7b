import Crypto
import Ext4
import ImageStore
import Model
import Platform

/// Gives every node of a tree its inode and its place, in the order of the tree. What is left to write are the contents of the files.
final class TreeLayout {
    /// An object, and where in the file system its bytes go.
    struct Part: Sendable {
        let digest: Digest
        let length: UInt64
        /// In the file that it is a part of.
        let offset: UInt64
        let map: Ext4FileMap
    }

    private(set) var parts: [Part] = []
    let writer: Ext4Writer
    private let tree: Tree
    private let shift: OwnerShift
    private let environment: Environment
    /// Files that have more names than one.
    private var linked: [TreePath: Ext4InodeNumber] = [:]

    init(_ tree: Tree, _ shift: OwnerShift, _ writer: Ext4Writer, _ environment: Environment) {
        self.tree = tree
        self.shift = shift
        self.writer = writer
        self.environment = environment
    }

    func write() throws(Failure) {
        try writeDirectory(.root, tree.rootNode, Ext4Writer.root, parent: Ext4Writer.root)
    }

    private func writeDirectory(
        _ path: TreePath, _ node: Node, _ number: Ext4InodeNumber, parent: Ext4InodeNumber
    ) throws(Failure) {
        if environment.cancellation.isCancelled { throw TreeImage.cancelled }
        var entries: [Ext4DirectoryEntry] = []
        for (name, child) in try tree.children(of: path) ?? [] {
            let made = try make(path.appending(name), child, in: number)
            entries.append(Ext4DirectoryEntry(name: name.bytes, inode: made.number, type: made.type))
        }
        let metadata = try shift.apply(node.metadata, at: path)
        try at(path) { () throws(Ext4Error) in
            try writer.writeDirectory(number, parent: parent, metadata, entries)
        }
    }

    private func make(
        _ path: TreePath, _ node: Node, in parent: Ext4InodeNumber
    ) throws(Failure) -> (number: Ext4InodeNumber, type: Ext4FileType) {
        switch node.kind {
        case .directory:
            let number = try at(path) { () throws(Ext4Error) in try writer.reserveDirectory() }
            try writeDirectory(path, node, number, parent: parent)
            return (number, .directory)
        case .file(let content, let links): return (try makeFile(path, node, content, links), .file)
        case .hardLink(let file):
            guard let number = linked[file] else {
                throw Failure(.corrupt, "\(path) is a hard link to \(file), which is no file that has links")
            }
            return (number, .file)
        case .symlink(let target):
            let metadata = try shift.apply(node.metadata, at: path)
            return (try at(path) { () throws(Ext4Error) in try writer.makeSymlink(metadata, target: target) }, .symlink)
        case .characterDevice(let major, let minor): return try makeSpecial(path, node, .characterDevice, major, minor)
        case .blockDevice(let major, let minor): return try makeSpecial(path, node, .blockDevice, major, minor)
        case .fifo: return try makeSpecial(path, node, .fifo)
        }
    }

    private func makeSpecial(
        _ path: TreePath, _ node: Node, _ type: Ext4FileType, _ major: UInt32 = 0, _ minor: UInt32 = 0
    ) throws(Failure) -> (number: Ext4InodeNumber, type: Ext4FileType) {
        let metadata = try shift.apply(node.metadata, at: path)
        let number = try at(path) { () throws(Ext4Error) in
            try writer.makeSpecial(metadata, type, major: major, minor: minor)
        }
        return (number, type)
    }

    private func makeFile(
        _ path: TreePath, _ node: Node, _ content: FileContent, _ links: UInt32
    ) throws(Failure) -> Ext4InodeNumber {
        let metadata = try shift.apply(node.metadata, at: path)
        let extents = try content.extents(from: tree.objects)
        let (number, map) = try at(path) { () throws(Ext4Error) in
            try writer.makeFile(metadata, size: content.size, dataRanges: Self.dataRanges(extents), links: links)
        }
        if links > 1 { linked[path] = number }
        var offset: UInt64 = 0
        for extent in extents {
            if let digest = extent.digest {
                parts.append(Part(digest: digest, length: extent.length, offset: offset, map: map))
            }
            offset += extent.length
        }
        return number
    }

    /// Where a file has data.
    static func dataRanges(_ extents: [ExtentList.Extent]) -> [Range<UInt64>] {
        var ranges: [Range<UInt64>] = []
        var position: UInt64 = 0
        for extent in extents {
            let end = position + extent.length
            if extent.digest != nil { ranges.append(position..<end) }
            position = end
        }
        return ranges
    }

    /// Says which path it was that could not be written.
    private func at<Result>(_ path: TreePath, _ body: () throws(Ext4Error) -> Result) throws(Failure) -> Result {
        do throws(Ext4Error) { return try body() } catch { throw TreeImage.failure(error, path.description) }
    }
}
