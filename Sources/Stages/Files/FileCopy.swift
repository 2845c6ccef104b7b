import Guest
import ImageStore
import Model
import Pipeline

/// Copies a source of the host into the tree: new names, or over what is there. Folders that exist stay as they are.
struct FileCopy {
    private let context: StageContext
    private let target: TreePath
    private let mode: FileMode?
    private let directoryMode: FileMode
    private let uid: UInt32
    private let gid: UInt32

    /// Names of owners are looked up at once.
    init(
        to target: TreePath, _ attributes: FileAttributes, _ directoryMode: FileMode?, in context: StageContext
    ) throws(Failure) {
        self.context = context
        self.target = target
        mode = attributes.mode
        self.directoryMode = directoryMode ?? FileMode(0o755)
        uid = try attributes.owner?.number(.user, in: context.editor) ?? 0
        gid = try attributes.group?.number(.group, in: context.editor) ?? 0
    }

    /// `Failure(.conflict)` where the source is not what it was when the stage's key was made.
    func run(_ source: HostSource, _ report: inout FilesReport.Entry) throws(Failure) {
        try context.editor.makeFolder(above: target)
        var files = 0
        var bytes: UInt64 = 0
        let read = try source.read(into: context.writer) { (entry: HostSource.Entry) throws(Failure) in
            try context.checkCancellation()
            try place(entry)
            files += 1
            if case .file(_, let content?) = entry.kind { bytes += content.size }
        }
        guard context.declaredInputs.contains(read) else {
            throw Failure(
                .conflict, "'\(source.name)' changed while the build ran", hint: "run the build again when nobody writes there")
        }
        report.files = files
        report.bytes = bytes
    }

    private func place(_ entry: HostSource.Entry) throws(Failure) {
        let tree = context.editor
        let path = TreePath(target.names + entry.names)
        switch entry.kind {
        case .directory:
            try tree.makeDirectory(path, metadata: metadata(directoryMode.bits))
        case .symlink(let target):
            let place = try tree.resolve(path, followLast: false)
            try tree.put(Node(metadata(0o777), .symlink(target: target)), at: place)
        case .file(let isExecutable, let content):
            guard let content else { return }
            let mode = mode?.bits ?? (isExecutable ? 0o755 : 0o644)
            if try tree.resolvedNode(path)?.isDirectory == true {
                throw Failure(.conflict, "\(path) is a folder", hint: "name the file that it is to be, as in 'to: \(path)/name'")
            }
            try tree.write(content, to: path, metadata: metadata(mode))
        }
    }

    private func metadata(_ mode: UInt16) -> Metadata {
        Metadata(mode: mode, uid: uid, gid: gid, modified: context.editor.date)
    }
}
