import Crypto
import ImageStore
import Model
import TestSupport
import Testing

@Suite struct TreeDiffTests {
    private let objects = CountingObjects()

    private struct Seen: Equatable {
        let path: TreePath
        let before: Node?
        let after: Node?
    }

    /// All changes, found by comparing all paths.
    private func naive(_ old: Tree, _ new: Tree) throws -> [Seen] {
        func all(_ tree: Tree) throws -> [TreePath: Node] {
            var nodes: [TreePath: Node] = [:]
            try tree.walk { (path, node) throws(Failure) in
                nodes[path] = node
                return true
            }
            return nodes
        }
        let before = try all(old)
        let after = try all(new)
        return Set(before.keys).union(after.keys).sorted().compactMap { path in
            let (a, b) = (before[path], after[path])
            if let a, let b, a.isDirectory, b.isDirectory, a.metadata == b.metadata { return nil }
            return a == b ? nil : Seen(path: path, before: a, after: b)
        }
    }

    private func edit(_ editor: TreeEditor, _ random: inout SeededRandom, count: Int) throws {
        let names = ["a", "b", "c", "d"]
        for _ in 0..<count {
            let depth = 1 + random.below(4)
            let path = try TreePath(parsing: (0..<depth).map { _ in names[random.below(4)] }.joined(separator: "/"))
            let node = try editor.node(at: path)
            let hasParent = try editor.node(at: path.parent)?.isDirectory == true
            switch random.below(4) {
            case 0 where node == nil && hasParent: try editor.put(Node(Metadata(mode: 0o755), .emptyDirectory), at: path)
            case 1 where node?.isDirectory != true && hasParent: try editor.write([UInt8(random.below(4))], to: path)
            case 2: try editor.remove(path)
            case 3 where node != nil: try editor.updateMetadata(path) { $0.mode = UInt16(random.below(3)) }
            default: break
            }
        }
    }

    @Test func `the changes are those that a comparison of all paths finds`() throws {
        for seed in 0..<150 as Range<UInt64> {
            var random = SeededRandom(seed)
            let editor = try TreeEditor(root: nil, in: objects)
            try edit(editor, &random, count: 80)
            let old = try Tree(try editor.finish(), in: objects)
            try edit(editor, &random, count: 1 + random.below(20))
            let new = try Tree(try editor.finish(), in: objects)
            for (a, b) in [(old, new), (new, old)] {
                let changes = try TreeDiff.changes(from: a, to: b)
                let seen = changes.map { Seen(path: $0.path, before: $0.before, after: $0.after) }
                #expect(seen == (try naive(a, b)), "seed \(seed)")
                #expect(changes.map(\.path) == changes.map(\.path).sorted())
            }
        }
    }

    @Test func `only directories that differ are read`() throws {
        var files: [String: [UInt8]] = [:]
        for folder in 0..<40 { for file in 0..<10 { files["/d\(folder)/e/f\(file)"] = [UInt8(file)] } }
        let old = try Tree(try tree(files, in: objects), in: objects)
        let new = try Tree(try tree(["/d7/e/f3": [99]], on: old.root, in: objects), in: objects)
        _ = objects.take()
        #expect(try TreeDiff.changes(from: old, to: new).map(\.path) == ["d7/e/f3"])
        // Of each: the pages of /, the one of /d7, /d7 and /d7/e.
        #expect(objects.take().reads == 8)
        #expect(try TreeDiff.changes(from: old, to: old).isEmpty)
        #expect(objects.take().reads == 0)
    }

    @Test func `a change says what kind it is`() throws {
        let old = try Tree(try tree(["/a": [1], "/b": [2], "/d/x": [3], "/e": [4]], in: objects), in: objects)
        let editor = try TreeEditor(root: old.root, in: objects)
        try editor.write([9], to: "a")
        try editor.updateMetadata("b") { $0.uid = 7 }
        try editor.remove("d")
        try editor.write([5], to: "f")
        let changes = try TreeDiff.changes(from: old, to: try Tree(try editor.finish(), in: objects))
        #expect(
            changes.map { "\($0.path) \($0.kind)" } == ["/a modified", "/b metadata", "/d removed", "/d/x removed", "/f added"])
    }
}
