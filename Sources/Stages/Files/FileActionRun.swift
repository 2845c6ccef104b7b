import Guest
import ImageStore
import Model
import Pipeline

extension FileAction {
    /// Does the action on the context's tree. Paths mean what they mean to a process in the image: links on the way are followed.
    func apply(_ context: StageContext, _ report: inout FilesReport.Entry) throws(Failure) {
        let tree = context.editor
        switch kind {
        case .write(let bytes, let attributes):
            try tree.makeFolder(above: path)
            try tree.write(bytes, to: path)
            try tree.dropCapabilities(try tree.resolve(path))
            try tree.set(attributes, at: path)
            report.files = 1
            report.bytes = UInt64(bytes.count)
        case .copy(let source, let attributes, let directoryMode):
            try FileCopy(to: path, attributes, directoryMode, in: context).run(source, &report)
        case .append(let bytes):
            guard let old = try tree.read(path) else {
                throw Failure(.notFound, "\(path) does not exist in the image", hint: "use 'write' for a new file")
            }
            try tree.write(old + bytes, to: path)
            try tree.dropCapabilities(try tree.resolve(path))
            report.files = 1
            report.bytes = UInt64(bytes.count)
        case .makeDirectory(let attributes):
            try tree.makeDirectory(path)
            try tree.set(attributes, at: path)
            report.files = 1
        case .symlink(let target):
            try symlink(target, in: tree)
            report.files = 1
        case .remove(let missingIsFine): try remove(missingIsFine, in: tree, &report)
        case .permissions(let mode, let directoryMode, let isRecursive):
            try permissions(mode, directoryMode, isRecursive, in: tree, &report)
        case .owner(let attributes, let isRecursive): try chown(attributes, isRecursive, in: tree, &report)
        }
    }

    private func symlink(_ target: [UInt8], in tree: TreeEditor) throws(Failure) {
        try tree.makeFolder(above: path)
        let place = try tree.resolve(path, followLast: false)
        if let old = try tree.node(at: place), !old.isSymlink {
            throw Failure(.conflict, "\(path) exists and is not a symbolic link", hint: "remove it first")
        }
        try tree.put(Node(Metadata(mode: 0o777, modified: tree.date), .symlink(target: target)), at: place)
    }

    private func remove(_ missingIsFine: Bool, in tree: TreeEditor, _ report: inout FilesReport.Entry) throws(Failure) {
        let place = try tree.resolve(path, followLast: false)
        var count = 0
        try tree.walk(from: place) { (_: TreePath, _: Node) throws(Failure) in
            count += 1
            return true
        }
        if try tree.remove(place) {
            report.files = count
        } else if !missingIsFine {
            throw Failure(
                .notFound, "\(path) does not exist in the image", hint: "write 'missing: ok' where that is fine")
        }
    }

    private func permissions(
        _ mode: FileMode, _ directoryMode: FileMode?, _ isRecursive: Bool, in tree: TreeEditor,
        _ report: inout FilesReport.Entry
    ) throws(Failure) {
        guard isRecursive else {
            try tree.updateMetadata(try tree.resolve(path)) { $0.mode = mode.bits }
            report.files = 1
            return
        }
        for (place, node) in try tree.all(from: path) where !node.isSymlink {
            let mode = node.isDirectory ? directoryMode ?? mode.ofDirectory : mode
            try tree.updateMetadata(place) { $0.mode = mode.bits }
            report.files += 1
        }
    }

    private func chown(
        _ attributes: FileAttributes, _ isRecursive: Bool, in tree: TreeEditor, _ report: inout FilesReport.Entry
    ) throws(Failure) {
        let owner = try attributes.owner?.number(.user, in: tree)
        let group = try attributes.group?.number(.group, in: tree)
        let places = isRecursive ? try tree.all(from: path).map(\.path) : [try tree.resolve(path)]
        for place in places { try tree.chown(place, owner: owner, group: group) }
        report.files = places.count
    }
}

extension TreeEditor {
    func makeFolder(above path: TreePath) throws(Failure) {
        if !path.isRoot { try makeDirectory(path.parent) }
    }

    /// Gives what is given; the mode last, since a change of owner takes bits away.
    func set(_ attributes: FileAttributes, at path: TreePath) throws(Failure) {
        let place = try resolve(path)
        let owner = try attributes.owner?.number(.user, in: self)
        let group = try attributes.group?.number(.group, in: self)
        if owner != nil || group != nil { try chown(place, owner: owner, group: group) }
        if let mode = attributes.mode { try updateMetadata(place) { $0.mode = mode.bits } }
    }

    /// A name and all below it, links not followed; the first name may be one. `Failure(.notFound)` where there is none.
    fileprivate func all(from path: TreePath) throws(Failure) -> [(path: TreePath, node: Node)] {
        let top = try resolve(path)
        var all: [(path: TreePath, node: Node)] = []
        try walk(from: top) { (path: TreePath, node: Node) throws(Failure) in
            all.append((path, node))
            return true
        }
        if all.isEmpty { throw Failure(.notFound, "\(path) does not exist in the image") }
        return all
    }
}
