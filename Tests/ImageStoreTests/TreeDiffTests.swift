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

    private func entry(_ name: String, _ content: UInt8 = 0) throws -> (name: Name, node: Node) {
        let file = FileContent(size: 1, form: .whole(SHA256.digest(of: [content])))
        return (try #require(Name(name)), Node(Metadata(mode: 0o644), .file(file, links: 1)))
    }

    private func root(_ directory: [UInt8]) throws -> Tree {
        let node = Node(Metadata(mode: 0o755), .directory(try objects.put(directory)))
        return try Tree(try objects.put(DirectoryCoding.encodeRoot(node)), in: objects)
    }

    @Test func `large directories are compared page by page, whatever came, went or grew too small for pages`() throws {
        for seed in 0..<15 as Range<UInt64> {
            var random = SeededRandom(seed)
            let editor = try TreeEditor(root: nil, in: objects)
            try editor.put(Node(Metadata(mode: 0o755), .emptyDirectory), at: "d")
            for index in 0..<random.below(100) { try editor.write([1], to: try TreePath(parsing: "d/n\(index)")) }
            let old = try Tree(try editor.finish(), in: objects)
            for _ in 0..<random.below(40) {
                let path = try TreePath(parsing: "d/n\(random.below(200))")
                if random.below(2) == 0 { try editor.remove(path) } else { try editor.write([UInt8(random.below(3))], to: path) }
            }
            let new = try Tree(try editor.finish(), in: objects)
            for (a, b) in [(old, new), (new, old)] {
                let seen = try TreeDiff.changes(from: a, to: b).map { Seen(path: $0.path, before: $0.before, after: $0.after) }
                #expect(seen == (try naive(a, b)), "seed \(seed)")
            }
        }
    }

    @Test func `changes in many directories come in the order of the tree`() throws {
        var files: [String: [UInt8]] = [:]
        for a in 0..<50 { for b in 0..<3 { files["/d\(a)/e\(b)/f"] = [1] } }
        let old = try Tree(try tree(files, in: objects), in: objects)
        let new = try Tree(try tree(files.mapValues { _ in [2] }, on: old.root, in: objects), in: objects)
        let paths = try TreeDiff.changes(from: old, to: new).map(\.path)
        #expect(paths.count == 150)
        #expect(paths == paths.sorted())
    }

    @Test func `a directory that is not in order, or a page under another name, is refused when it is compared`() throws {
        let (a, b, c) = (try entry("a"), try entry("b"), try entry("c"))
        let sound = DirectoryCoding.encode([a, b, c])
        let others = DirectoryCoding.encode([a, b, try entry("c", 1)])
        #expect(try TreeDiff.changes(from: try root(sound), to: try root(others)).map(\.path) == ["c"])
        var swapped = others
        let names = swapped.indices.filter { [0x61, 0x62].contains(swapped[$0]) && $0 > 0 && swapped[$0 - 1] == 1 }
        let (first, second) = (try #require(names.first), try #require(names.dropFirst().first))
        swapped.swapAt(first, second)
        #expect(throws: Failure.self) { try TreeDiff.changes(from: try root(sound), to: try root(swapped)) }
        func list(_ first: Name, _ entries: [UInt8]) throws -> [UInt8] {
            DirectoryObject.encode([.init(first: first, digest: try objects.put(entries))])
        }
        let (left, right) = (try root(try list(a.name, sound)), try root(try list(a.name, others)))
        #expect(try TreeDiff.changes(from: left, to: right).map(\.path) == ["c"])
        #expect(throws: Failure.self) { try TreeDiff.changes(from: left, to: try root(try list(b.name, others))) }
    }

    @Test func `truncated and mutated directories are refused or compared, and never trap`() throws {
        let sound = DirectoryCoding.encode([try entry("a"), try entry("b"), try entry("c")])
        let left = try root(sound)
        for length in 0..<sound.count {
            #expect(throws: Failure.self) { try TreeDiff.changes(from: left, to: try root(Array(sound.prefix(length)))) }
        }
        for index in sound.indices {
            for mask in [0x11, 0x80] as [UInt8] {
                var mutated = sound
                mutated[index] ^= mask
                _ = try? TreeDiff.changes(from: left, to: try root(mutated))
            }
        }
    }
}
