import ImageStore
import Model

/// Brings an editor's tree to what the base and the layer above it show together, which is the tree as programs left it.
struct LayerReading {
    private let base: Tree
    private let editor: TreeEditor
    /// Times later than this were set by a clock: they become the editor's date, or stay what they were.
    private let latest: Int64
    /// Where bubblewrap mounts something. An empty file or directory there that is new was made for that.
    private let mountPoints: Set<TreePath>
    private var findings: [String] = []
    /// The first name of each file of the layer that has several.
    private var firsts: [UInt64: TreePath] = [:]
    private var names: [UInt64: UInt32] = [:]

    init(base: Tree, editor: TreeEditor, startedAt: Int64, mountPoints: Set<TreePath>) {
        self.base = base
        self.editor = editor
        self.mountPoints = mountPoints
        latest = min(editor.date, startedAt)
    }

    /// Says what somebody should look at.
    mutating func apply(_ layer: LayerNode) throws(Failure) -> [String] {
        countNames(layer)
        try updateRoot(layer)
        try apply(layer, at: .root, baseShows: true)
        return findings
    }

    private mutating func countNames(_ node: LayerNode) {
        for (_, child) in node.sortedChildren {
            if child.isRegular && child.links > 1 { names[child.inode, default: 0] += 1 }
            countNames(child)
        }
    }

    private func updateRoot(_ layer: LayerNode) throws(Failure) {
        guard let old = try editor.node(at: .root) else { return }
        let new = metadata(layer, old: old)
        if new != old.metadata { try editor.put(Node(new, .emptyDirectory), at: .root) }
    }

    /// `baseShows`: whether what the base has in this directory is seen where the layer has nothing.
    private mutating func apply(_ folder: LayerNode, at path: TreePath, baseShows: Bool) throws(Failure) {
        let baseShows = baseShows && !folder.isOpaque
        try removeMissing(folder, at: path, baseShows: baseShows)
        for (name, node) in folder.sortedChildren {
            let here = path.appending(name)
            if node.isWhiteout || node.isSocket { continue }
            if try isLeftMountPoint(node, at: here) { continue }
            try put(node, at: here)
            if node.isDirectory { try apply(node, at: here, baseShows: baseShows) }
        }
    }

    private func removeMissing(_ folder: LayerNode, at path: TreePath, baseShows: Bool) throws(Failure) {
        let shown = baseShows ? Set(try base.children(of: path)?.map(\.name) ?? []) : []
        for (name, _) in try editor.children(of: path) ?? [] {
            let isThere = folder.children[name].map { !$0.isWhiteout && !$0.isSocket } ?? shown.contains(name)
            if !isThere { try editor.remove(path.appending(name)) }
        }
    }

    private func isLeftMountPoint(_ node: LayerNode, at path: TreePath) throws(Failure) -> Bool {
        guard mountPoints.contains(path), try editor.node(at: path) == nil else { return false }
        guard node.isDirectory else { return node.content?.size == 0 }
        for (name, child) in node.sortedChildren where try !isLeftMountPoint(child, at: path.appending(name)) { return false }
        return true
    }

    private mutating func put(_ node: LayerNode, at path: TreePath) throws(Failure) {
        guard var kind = node.kind else { return }
        let old = try editor.node(at: path)
        if node.isRegular && node.links > 1, let count = names[node.inode], count > 1, case .file(let content, _) = kind {
            kind = firsts[node.inode].map { .hardLink($0) } ?? .file(content, links: count)
            if firsts[node.inode] == nil { firsts[node.inode] = path }
        }
        let new = Node(metadata(node, old: old), kind)
        if let old, isSame(old, new) { return }
        remark(new, old: old, at: path)
        if old?.isDirectory == true && !new.isDirectory { try editor.remove(path) }
        guard case .file(let content, let links) = kind, links > 1 else { return try editor.put(new, at: path) }
        // One name first: otherwise the names that the file had would be taken for names of the new one.
        try editor.put(Node(new.metadata, .file(content, links: 1)), at: path)
    }

    /// A hard-linked file of the base whose one name was copied up is the same file as long as nothing of it differs.
    private func isSame(_ old: Node, _ new: Node) -> Bool {
        guard old.metadata == new.metadata else { return false }
        switch (old.kind, new.kind) {
        case (.directory, .directory): return true
        case (.file(let before, _), .file(let after, links: 1)): return before == after
        case (.hardLink(let file), .file(let after, links: 1)):
            return (try? editor.node(at: file))?.flatMap(\.content) == after
        default: return old.kind == new.kind
        }
    }

    // MARK: Metadata

    private func metadata(_ node: LayerNode, old: Node?) -> Metadata {
        let kept = old.map {
            $0.isDirectory == node.isDirectory ? $0.metadata.attributes.filter { !Self.comesBack($0.name) } : []
        }
        let attributes = node.attributes.filter { Self.comesBack($0.name) } + (kept ?? [])
        return Metadata(
            mode: UInt16(node.mode & 0o7777), uid: node.uid, gid: node.gid, modified: modified(node, old: old),
            attributes: attributes)
    }

    /// A directory's own time stays where a clock set it, as it does for what is edited without a program.
    private func modified(_ node: LayerNode, old: Node?) -> Int64 {
        if node.modified <= latest { return node.modified }
        if let old, old.metadata.modified == node.modified || (node.isDirectory && old.isDirectory) {
            return old.metadata.modified
        }
        return editor.date
    }

    /// Labels of the host's security modules are not the image's, and those of the overlay are nobody's.
    private static func comesBack(_ name: [UInt8]) -> Bool {
        if name.starts(with: "user.overlay.".utf8) { return false }
        return name.starts(with: "user.".utf8) || name.starts(with: "system.posix_acl_".utf8) || name == Self.capability
    }

    private static let capability = Array("security.capability".utf8)

    // MARK: Remarks

    private mutating func remark(_ new: Node, old: Node?, at path: TreePath) {
        let before = old.flatMap { Self.powers($0) } ?? []
        for power in Self.powers(new) where !before.contains(power) { findings.append("\(path) \(power)") }
    }

    /// What makes a node worth a look.
    private static func powers(_ node: Node) -> [String] {
        var powers: [String] = []
        switch node.kind {
        case .file:
            if node.metadata.mode & 0o4000 != 0 { powers.append("is setuid, of user \(node.metadata.uid)") }
            if node.metadata.mode & 0o2000 != 0 { powers.append("is setgid, of group \(node.metadata.gid)") }
        case .characterDevice(let major, let minor): powers.append("is the character device \(major):\(minor)")
        case .blockDevice(let major, let minor): powers.append("is the block device \(major):\(minor)")
        default: break
        }
        if node.metadata.attributes.contains(where: { $0.name == capability }) { powers.append("has file capabilities") }
        return powers
    }
}
