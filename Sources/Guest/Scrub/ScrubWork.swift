import Crypto
import ImageStore
import Model

/// What one operation works with: the tree, what is known of the image, and the record of what it does.
package final class ScrubWork {
    package let operation: ScrubOperation
    package let editor: TreeEditor
    package let homes: HomeFolders
    package let options: ScrubOptions
    /// What the image knew of itself before the first operation.
    package let facts: ScrubFacts
    /// What packages own.
    package let packaged: PackagedPaths
    private let evidenceKey: [UInt8]

    private(set) var removed: [ScrubReport.Evidence] = []
    private(set) var notes: [String] = []
    private(set) var problems: [String] = []
    private var hasChanged = false

    var status: ScrubReport.Status {
        if !problems.isEmpty { return .failed }
        return removed.isEmpty && !hasChanged ? .nothing : .done
    }

    init(
        _ operation: ScrubOperation, _ editor: TreeEditor, homes: HomeFolders, options: ScrubOptions, facts: ScrubFacts,
        packaged: PackagedPaths, evidenceKey: [UInt8]
    ) {
        self.operation = operation
        self.editor = editor
        self.homes = homes
        self.options = options
        self.facts = facts
        self.packaged = packaged
        self.evidenceKey = evidenceKey
    }

    package func note(_ text: String) { notes.append(text) }

    /// Notes something that was added or changed where nothing was removed.
    package func noteChange(_ text: String) {
        hasChanged = true
        notes.append(text)
    }

    /// Says that the operation could not do its work; it counts as failed.
    package func problem(_ text: String) { problems.append(text) }

    // MARK: Finding

    /// The paths that the operation means. A link on the way that leads elsewhere is a problem: what it hides would stay.
    package func targets() throws(Failure) -> [TreePath] { try targets(operation.patterns, containing: operation.containing) }

    package func targets(_ patterns: [GlobPattern], containing: LineRule) throws(Failure) -> [TreePath] {
        let search = GlobSearch(editor, homes: homes)
        let result = try search.find(patterns)
        let kept = Set(try search.find(operation.keep).paths)
        for link in result.leadingOut {
            problem("\(link.escaped) is a link that leads out of its folder, to something that the operation would remove")
        }
        var targets: [TreePath] = []
        for path in result.paths where !kept.contains(path) {
            if operation.onlyFiles, try !isFile(path) { continue }
            if !containing.isEmpty, try !hasLine(path, containing) { continue }
            if operation.keepPackaged, try packaged.own(path) { continue }
            targets.append(path)
        }
        return targets
    }

    /// The targets that are regular files. A link is taken to the file that it means where that lies beside or below it.
    package func fileTargets() throws(Failure) -> [TreePath] {
        var files: [TreePath] = []
        for path in try targets() {
            guard try editor.node(at: path)?.isSymlink == true else {
                if try isFile(path) { files.append(path) }
                continue
            }
            let target = try editor.resolve(path)
            guard try isFile(target) else { continue }
            if target.isWithin(path.parent) {
                files.append(target)
            } else {
                problem("\(path.escaped) is a link to \(target.escaped), outside of its folder")
            }
        }
        return files
    }

    package func isFile(_ path: TreePath) throws(Failure) -> Bool {
        switch try editor.node(at: path)?.kind {
        case .file, .hardLink: true
        default: false
        }
    }

    /// The bytes of a regular file, without following a link; nil where there is none.
    package func bytes(_ path: TreePath) throws(Failure) -> [UInt8]? { try isFile(path) ? try editor.read(path) : nil }

    /// Larger files are no configuration and no key, and are not looked into.
    private static let largestText: UInt64 = 4 << 20

    private func hasLine(_ path: TreePath, _ rule: LineRule) throws(Failure) -> Bool {
        guard try isFile(path), let size = try editor.resolvedNode(path)?.content?.size, size <= Self.largestText else {
            return false
        }
        return LineFile(try editor.read(path) ?? []).lines.contains { rule.matches($0) }
    }

    // MARK: Changing

    /// Removes a path and all below it.
    package func remove(_ path: TreePath) throws(Failure) {
        guard let node = try editor.node(at: path) else { return }
        let evidence = try self.evidence(of: path, node)
        let names = operation.everyName ? try otherNames(of: path, node) : []
        try editor.remove(path)
        removed.append(evidence)
        for name in names {
            try editor.remove(name)
            removed.append(.init(path: name.escaped, bytes: 0, entries: 1, keyedDigest: evidence.keyedDigest))
            note("\(name.escaped) was another name of \(path.escaped)")
        }
    }

    /// Gives a regular file other contents in place: its mode, owner and attributes stay, and so do its other names.
    package func replace(_ path: TreePath, with bytes: [UInt8]) throws(Failure) {
        guard let node = try editor.resolvedNode(path), let old = node.content else { return }
        if old.size == UInt64(bytes.count), try editor.read(path) == bytes { return }
        let gone = old.size > UInt64(bytes.count) ? old.size - UInt64(bytes.count) : 0
        removed.append(.init(path: path.escaped, bytes: gone, entries: 0, keyedDigest: keyed(old.digest.bytes)))
        try editor.write(bytes, to: path)
    }

    /// Puts a link in place of what is at a path.
    package func replace(_ path: TreePath, withLinkTo target: String) throws(Failure) {
        if case .symlink(let old)? = try editor.node(at: path)?.kind, old == Array(target.utf8) { return }
        try remove(path)
        try editor.put(Node(Metadata(mode: 0o777, modified: editor.date), .symlink(target: Array(target.utf8))), at: path)
    }

    /// Notes that attributes of a path are gone.
    package func noteStripped(_ attributes: [Metadata.Attribute], of path: TreePath) {
        var bytes: [UInt8] = []
        for attribute in attributes { bytes += attribute.name + [0] + attribute.value + [0] }
        let size = attributes.reduce(0) { $0 + $1.value.count }
        removed.append(
            .init(path: path.escaped, bytes: UInt64(size), entries: 0, keyedDigest: keyed(SHA256.digest(of: bytes).bytes)))
    }

    // MARK: Evidence

    private func keyed(_ bytes: [UInt8]) -> String { HMACSHA256.digest(of: bytes, key: evidenceKey).hex }

    private func evidence(of path: TreePath, _ node: Node) throws(Failure) -> ScrubReport.Evidence {
        guard node.isDirectory else {
            return .init(path: path.escaped, bytes: size(node), entries: 1, keyedDigest: keyed(identity(node)))
        }
        var bytes: UInt64 = 0
        var entries = 0
        var hasher = SHA256()
        try editor.walk(from: path) { (path, node) throws(Failure) in
            bytes += size(node)
            entries += 1
            hasher.update(path.bytes + [0])
            hasher.update(identity(node))
            return true
        }
        return .init(path: path.escaped, bytes: bytes, entries: entries, keyedDigest: keyed(hasher.finish().bytes))
    }

    /// What other names still hold is not gone.
    private func size(_ node: Node) -> UInt64 {
        guard case .file(let content, let links) = node.kind, links == 1 || operation.everyName else { return 0 }
        return content.size
    }

    private func identity(_ node: Node) -> [UInt8] {
        switch node.kind {
        case .file(let content, _): content.digest.bytes
        case .symlink(let target): target
        case .hardLink(let path): path.bytes
        case .directory, .characterDevice, .blockDevice, .fifo: []
        }
    }

    private func otherNames(of path: TreePath, _ node: Node) throws(Failure) -> [TreePath] {
        let first: TreePath
        switch node.kind {
        case .file(_, let links) where links > 1: first = path
        case .hardLink(let file): first = file
        default: return []
        }
        var names: [TreePath] = first == path ? [] : [first]
        try editor.walk { (other, node) throws(Failure) in
            if case .hardLink(first) = node.kind, other != path { names.append(other) }
            return true
        }
        return names
    }
}

/// What an image knows of itself before it is scrubbed.
package struct ScrubFacts: Hashable, Sendable {
    package let os: OSRelease
    /// The first line of `/etc/hostname` that is no comment; nil where it names no machine.
    package let hostName: [UInt8]?

    package init(in view: any TreeView) throws(Failure) {
        os = try OSRelease(in: view)
        let node = try view.resolvedNode("/etc/hostname")
        let bytes = node?.content == nil ? [] : try view.read("/etc/hostname") ?? []
        let line = LineFile(bytes).lines.first { !$0.isEmpty && $0.first != UInt8(ascii: "#") }
        hostName = line == Array("localhost".utf8) ? nil : line
    }
}
