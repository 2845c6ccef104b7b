import ImageStore
import Model
import Platform

/// Reads folders of the host into a tree: names, kinds, contents and modes.
func hostTree(_ root: String, _ folders: [String] = [""], in objects: any ObjectWriter) throws -> TreeEditor {
    let editor = try TreeEditor(root: nil, in: objects, date: 1_700_000_000_000_000_000)
    for folder in folders where folder.isEmpty || Files.exists(root + folder) {
        try read(Array((root + folder).utf8), try TreePath(parsing: folder), into: editor)
    }
    return editor
}

private func read(_ host: [UInt8], _ path: TreePath, into editor: TreeEditor) throws {
    let status = try Files.status(bytes: host)
    let metadata = Metadata(mode: UInt16(status.mode & 0o7777), modified: editor.date)
    switch status.mode & 0o170000 {
    case 0o040000:
        try editor.makeDirectory(path)
        for name in try Files.names(inFolder: host).compactMap({ Name($0) }) {
            try read(host + [0x2F] + name.bytes, path.appending(name), into: editor)
        }
    case 0o120000:
        try editor.makeDirectory(path.parent)
        try editor.put(Node(metadata, .symlink(target: try Files.linkTarget(bytes: host))), at: path)
    case 0o100000:
        try editor.makeDirectory(path.parent)
        try editor.write(try Files.read(String(decoding: host, as: UTF8.self)), to: path, metadata: metadata)
    default: break
    }
}
