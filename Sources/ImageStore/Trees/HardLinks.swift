import Model

/// Keeps the hard links of a tree in their one form: the first name in the order of the tree is the file and counts the names, all
/// later ones are links to it.
enum HardLinks {
    /// Brings all links into that form.
    static func normalize(_ editor: TreeEditor) throws(Failure) {
        var groups: [TreePath: [TreePath]] = [:]
        var files: [TreePath: Node] = [:]
        try editor.walk { (path, node) throws(Failure) in
            switch node.kind {
            case .hardLink(let file): groups[file, default: []].append(path)
            case .file(_, let links) where links > 1: files[path] = node
            default: break
            }
            return true
        }
        for (file, node) in files where groups[file] == nil {
            if case .file(let content, _) = node.kind {
                try editor.place(Node(node.metadata, .file(content, links: 1)), at: file)
            }
        }
        for (file, links) in groups.sorted(by: { $0.key < $1.key }) {
            guard let node = try editor.node(at: file) else {
                throw Failure(.invalid, "\(links[0]) is a hard link to \(file), which does not exist in the image")
            }
            try rewrite(node, (links + [file]).sorted(), editor)
        }
    }

    /// Before what is at `path` goes away: files in it that have other names elsewhere live on under the first of those.
    static func handOver(from path: TreePath, in editor: TreeEditor) throws(Failure) {
        var files: [TreePath: Node] = [:]
        var sawLinks = false
        try editor.walk(from: path) { (path, node) throws(Failure) in
            if case .file(_, let links) = node.kind, links > 1 { files[path] = node }
            if case .hardLink = node.kind { sawLinks = true }
            return true
        }
        if sawLinks || !files.isEmpty { editor.noteLinksChanged() }
        if files.isEmpty { return }
        var heirs: [TreePath: [TreePath]] = [:]
        try editor.walk { (other, node) throws(Failure) in
            if other == path { return false }
            if case .hardLink(let file) = node.kind, files[file] != nil { heirs[file, default: []].append(other) }
            return true
        }
        for (file, names) in heirs.sorted(by: { $0.key < $1.key }) {
            if let node = files[file] { try rewrite(node, names, editor) }
        }
    }

    /// Makes `names`, which are sorted, the names of one file.
    private static func rewrite(_ node: Node, _ names: [TreePath], _ editor: TreeEditor) throws(Failure) {
        guard let first = names.first, case .file(let content, _) = node.kind else {
            throw Failure(.invalid, "\(names.last ?? .root) is a hard link to something that is not a regular file")
        }
        for name in names {
            let kind: Node.Kind = name == first ? .file(content, links: UInt32(names.count)) : .hardLink(first)
            try editor.place(Node(node.metadata, kind), at: name)
        }
    }
}
