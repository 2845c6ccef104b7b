import Model
import Platform

/// Writes a tree into a new folder of the host. As root, owners, devices and all attributes are kept; otherwise what the kernel
/// refuses to an ordinary user is left out and counted.
package struct DirectoryExport {
    /// What could not be kept.
    package struct Report: Sendable {
        package var files = 0
        package var bytes: UInt64 = 0
        package var devicesLeftOut = 0
        package var ownersLeftOut = 0
        package var attributesLeftOut = 0
    }

    private let tree: Tree
    private let environment: Environment

    package init(_ tree: Tree, environment: Environment) {
        self.tree = tree
        self.environment = environment
    }

    /// `folder` must not exist, or be empty.
    package func write(to folder: String) throws(Failure) -> Report {
        var report = Report()
        do {
            if Files.exists(folder) {
                guard try Files.status(folder).isDirectory, try Files.names(inFolder: Array(folder.utf8)).isEmpty else {
                    throw Failure(.conflict, "\(folder) exists and is not an empty folder", hint: "name a new folder")
                }
            } else {
                try Files.makeFolders(folder)
            }
            let host = Array(Files.absolute(folder).utf8)
            try write(.root, to: host, &report)
            try apply(tree.rootNode.metadata, to: host, isLink: false, &report)
        } catch let failure as Failure { throw failure } catch let error as SystemError {
            throw Failure(
                error.isNoSpace ? .exhausted : .io, "the export to \(folder) failed",
                hint: "what is in the folder is not whole: remove it",
                cause: error)
        } catch { throw Failure(.bug, "the export to \(folder) failed", cause: error) }
        return report
    }

    /// Writes what a directory holds. Its own metadata comes after that, since writing into it changes its time.
    private func write(_ path: TreePath, to folder: [UInt8], _ report: inout Report) throws {
        for (name, node) in try tree.children(of: path) ?? [] {
            if environment.cancellation.isCancelled { throw Failure(.cancelled, "the export was cancelled") }
            let host = folder + [0x2F] + name.bytes
            switch node.kind {
            case .directory:
                try Files.makeFolder(bytes: host)
                try write(path.appending(name), to: host, &report)
            case .file(let content, _):
                try write(content, to: host)
                report.files += 1
                report.bytes += content.size
            case .symlink(let target): try Files.makeLink(bytes: host, target: target)
            case .hardLink(let file):
                // The file comes before its links in the order of the tree.
                try Files.makeHardLink(bytes: host, to: rootOf(folder, path) + file.bytes)
                continue
            case .fifo: try Files.makeNode(bytes: host, .fifo, major: 0, minor: 0)
            case .characterDevice(let major, let minor):
                guard try makeDevice(host, .characterDevice, major, minor, &report) else { continue }
            case .blockDevice(let major, let minor):
                guard try makeDevice(host, .blockDevice, major, minor, &report) else { continue }
            }
            try apply(node.metadata, to: host, isLink: node.isSymlink, &report)
        }
    }

    /// The host path of the tree's root, from that of one of its directories.
    private func rootOf(_ folder: [UInt8], _ path: TreePath) -> [UInt8] {
        path.isRoot ? folder : Array(folder.dropLast(path.bytes.count))
    }

    private func write(_ content: FileContent, to host: [UInt8]) throws {
        let file = try FileDescriptor.create(bytes: host)
        var position = 0
        for extent in try content.extents(from: tree.objects) {
            if let bytes = try extent.data(from: tree.objects) {
                try file.seek(to: position)
                try file.write(bytes)
            }
            position += Int(extent.length)
        }
        if position > 0 { try file.truncate(to: position) }
    }

    private func makeDevice(_ host: [UInt8], _ kind: FileKind, _ major: UInt32, _ minor: UInt32, _ report: inout Report) throws
        -> Bool
    {
        do throws(SystemError) {
            try Files.makeNode(bytes: host, kind, major: major, minor: minor)
            return true
        } catch {
            guard error.isNotPermitted else { throw error }
            report.devicesLeftOut += 1
            return false
        }
    }

    /// Owner first: changing it clears setuid bits and file capabilities. The mode comes after the attributes, since it may forbid
    /// the owner to write those.
    private func apply(_ metadata: Metadata, to host: [UInt8], isLink: Bool, _ report: inout Report) throws(SystemError) {
        do throws(SystemError) { try Files.setOwner(bytes: host, metadata.uid, metadata.gid) } catch {
            guard error.isNotPermitted else { throw error }
            report.ownersLeftOut += 1
        }
        for attribute in metadata.attributes {
            do throws(SystemError) { try ExtendedAttributes.set(host, name: attribute.name, value: attribute.value) } catch {
                guard error.isNotPermitted else { throw error }
                report.attributesLeftOut += 1
            }
        }
        if !isLink { try Files.setMode(bytes: host, UInt32(metadata.mode)) }
        try Files.setModified(bytes: host, nanoseconds: metadata.modified)
    }
}
