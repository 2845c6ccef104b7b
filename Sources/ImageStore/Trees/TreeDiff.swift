import Crypto
import Model
import Platform
import Synchronization

/// What differs between two trees. Directories of equal digest are not entered, so the cost follows the number of changes and not
/// the size of the image.
package enum TreeDiff {
    /// A path that is in one of the trees only, or differs in both.
    package struct Change: Sendable, Hashable {
        package let path: TreePath
        /// Nil: the path was added.
        package let before: Node?
        /// Nil: the path was removed.
        package let after: Node?

        package var kind: Kind {
            guard let before, let after else { return before == nil ? .added : .removed }
            if before.sameKind(as: after) { return .metadata }
            return .modified
        }

        package enum Kind: String, Sendable, CaseIterable {
            case added, removed, modified
            /// Only mode, owner, time or attributes differ.
            case metadata
        }
    }

    /// All changes, in the order of the tree. A directory whose own metadata is the same is not listed for its contents' sake.
    ///
    /// Where many directories differ they are shared among threads, each with all that is below it.
    package static func changes(from old: Tree, to new: Tree) throws(Failure) -> [Change] {
        let comparison = Comparison(old: old.objects, new: new.objects)
        var parts: [Part] = []
        try comparison.compare(.root, old.rootNode, new.rootNode) { parts.append($0) }
        while (1..<enoughForThreads).contains(parts.count { $0.isPair }) { parts = try comparison.opened(parts) }
        let portions = portions(of: parts)
        let results = Mutex([[Change]](repeating: [], count: portions.count))
        try Threads.forEach(below: portions.count, with: { comparison.forOneThread() }) { (own, index) throws(Failure) in
            let changes = try own.changes(of: portions[index])
            results.withLock { $0[index] = changes }
        }
        return results.withLock { $0.flatMap(\.self) }
    }

    /// So many pairs of directories keep all threads at work until the end; fewer are not worth a thread.
    private static let enoughForThreads = 24

    /// The parts in portions for threads. Neighbours stay together, since what they read lies together.
    private static func portions(of parts: [Part]) -> [ArraySlice<Part>] {
        let pairs = parts.count { $0.isPair }
        guard pairs >= enoughForThreads else { return [parts[...]] }
        let size = max(1, parts.count / (4 * Threads.available))
        return stride(from: 0, to: parts.count, by: size).map { parts[$0..<min($0 + size, parts.count)] }
    }

    /// What a comparison finds, in the order of the tree.
    fileprivate enum Part: Sendable {
        case change(Change)
        /// Two directories that still have to be compared.
        case pair(TreePath, old: Digest, new: Digest)

        var isPair: Bool { if case .pair = self { true } else { false } }
    }
}

/// A comparison of two trees, each with the objects of its own store.
private struct Comparison: Sendable {
    typealias Change = TreeDiff.Change
    typealias Part = TreeDiff.Part

    let old: any ObjectReader
    let new: any ObjectReader

    /// The same comparison, for a thread of its own.
    func forOneThread() -> Comparison {
        let reader = old.forOneThread()
        return Comparison(old: reader, new: new === old ? reader : new.forOneThread())
    }

    /// All changes of some parts.
    func changes(of parts: ArraySlice<Part>) throws(Failure) -> [Change] {
        var changes: [Change] = []
        for part in parts { try collect(part, into: &changes) }
        return changes
    }

    private func collect(_ part: Part, into changes: inout [Change]) throws(Failure) {
        switch part {
        case .change(let change): changes.append(change)
        case .pair(let path, let old, let new):
            try open(path, old, new) { (inner) throws(Failure) in try collect(inner, into: &changes) }
        }
    }

    /// The parts, with what each pair consists of in its place.
    func opened(_ parts: [Part]) throws(Failure) -> [Part] {
        var opened: [Part] = []
        for part in parts {
            guard case .pair(let path, let old, let new) = part else {
                opened.append(part)
                continue
            }
            try open(path, old, new) { opened.append($0) }
        }
        return opened
    }

    /// Hands out what differs between two nodes of one path.
    func compare(_ path: TreePath, _ before: Node, _ after: Node, _ found: (Part) throws(Failure) -> Void) throws(Failure) {
        if before == after { return }
        guard case .directory(let oldDigest) = before.kind, case .directory(let newDigest) = after.kind else {
            try found(.change(Change(path: path, before: before, after: after)))
            try listBelow(path, before, in: old) { (path, node) throws(Failure) in
                try found(.change(Change(path: path, before: node, after: nil)))
            }
            return try listBelow(path, after, in: new) { (path, node) throws(Failure) in
                try found(.change(Change(path: path, before: nil, after: node)))
            }
        }
        if before.metadata != after.metadata { try found(.change(Change(path: path, before: before, after: after))) }
        if oldDigest != newDigest { try found(.pair(path, old: oldDigest, new: newDigest)) }
    }

    /// Hands out what two directories differ in.
    private func open(
        _ path: TreePath, _ oldDigest: Digest, _ newDigest: Digest, _ found: (Part) throws(Failure) -> Void
    ) throws(Failure) {
        let difference = try DirectoryDifference(oldDigest, in: old, newDigest, in: new)
        let (olds, news) = (difference.old, difference.new)
        var i = 0
        var j = 0
        while i < olds.count || j < news.count {
            if j == news.count || (i < olds.count && olds[i].name < news[j].name) {
                try list(path.appending(olds[i].name), olds[i].node, in: old) { (path, node) throws(Failure) in
                    try found(.change(Change(path: path, before: node, after: nil)))
                }
                i += 1
            } else if i == olds.count || news[j].name < olds[i].name {
                try list(path.appending(news[j].name), news[j].node, in: new) { (path, node) throws(Failure) in
                    try found(.change(Change(path: path, before: nil, after: node)))
                }
                j += 1
            } else {
                try compare(path.appending(olds[i].name), olds[i].node, news[j].node, found)
                i += 1
                j += 1
            }
        }
    }

    /// A node and all that is below it.
    private func list(
        _ path: TreePath, _ node: Node, in objects: any ObjectReader, _ body: (TreePath, Node) throws(Failure) -> Void
    ) throws(Failure) {
        try body(path, node)
        try listBelow(path, node, in: objects, body)
    }

    private func listBelow(
        _ path: TreePath, _ node: Node, in objects: any ObjectReader, _ body: (TreePath, Node) throws(Failure) -> Void
    ) throws(Failure) {
        guard case .directory(let digest) = node.kind else { return }
        for (name, child) in try DirectoryObject.entries(digest, in: objects) {
            try list(path.appending(name), child, in: objects, body)
        }
    }
}

extension Node {
    /// Whether two nodes differ in metadata at most. Directories count as the same whatever they hold.
    fileprivate func sameKind(as other: Node) -> Bool { (isDirectory && other.isDirectory) || kind == other.kind }
}
