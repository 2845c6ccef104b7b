import Crypto
import ImageStore
import Model
import TestSupport
import Testing

@Suite struct HardLinkTests {
    private let objects = MemoryObjects()
    private let metadata = Metadata(mode: 0o640, uid: 5, modified: 9)

    private func file(_ text: String) throws -> Node {
        Node(metadata, .file(try Chunker.store(Array(text.utf8), in: objects), links: 1))
    }

    private func link(_ path: TreePath) -> Node { Node(metadata, .hardLink(path)) }

    /// An editor on a tree whose names a/1, b/2, c/3 are one file, stored.
    private func three() throws -> TreeEditor {
        let editor = try TreeEditor(root: nil, in: objects)
        for name in ["a", "b", "c"] as [TreePath] { try editor.makeDirectory(name) }
        try editor.put(try file("text"), at: "a/1")
        try editor.put(link("a/1"), at: "b/2")
        try editor.put(link("a/1"), at: "c/3")
        return try TreeEditor(root: try editor.finish(), in: objects, date: 20)
    }

    /// The names of files and links with what they are, after storing and reading back.
    private func names(_ editor: TreeEditor) throws -> [String] {
        var names: [String] = []
        let tree = try Tree(try editor.finish(), in: objects)
        try tree.walk { (path, node) throws(Failure) in
            switch node.kind {
            case .file(_, let links): names.append("\(path) \(links)")
            case .hardLink(let file):
                names.append("\(path) -> \(file)")
                #expect(node.metadata == (try tree.node(at: file))?.metadata)
            default: break
            }
            return true
        }
        return names
    }

    private let canonical = ["/a/1 3", "/b/2 -> /a/1", "/c/3 -> /a/1"]

    @Test func `the first name in the order of the tree is the file, in whatever order they were made`() throws {
        var digests: Set<Digest> = []
        let paths: [TreePath] = ["a/1", "b/2", "c/3"]
        for first in paths {
            let editor = try TreeEditor(root: nil, in: objects)
            for name in ["a", "b", "c"] as [TreePath] { try editor.makeDirectory(name) }
            try editor.put(try file("text"), at: first)
            for path in paths where path != first { try editor.put(link(first), at: path) }
            #expect(try names(editor) == canonical)
            digests.insert(try editor.finish())
        }
        #expect(digests.count == 1)
    }

    @Test func `a link to a link is a link to the file, and to itself is nothing`() throws {
        let editor = try three()
        try editor.put(link("c/3"), at: "b/4")
        try editor.put(link("b/2"), at: "a/1")
        #expect(try names(editor) == ["/a/1 4", "/b/2 -> /a/1", "/b/4 -> /a/1", "/c/3 -> /a/1"])
    }

    @Test func `removing the first name hands the file over to the next`() throws {
        let editor = try three()
        try editor.remove("a/1")
        #expect(try names(editor) == ["/b/2 2", "/c/3 -> /b/2"])
        try editor.remove("b")
        #expect(try names(editor) == ["/c/3 1"])
        #expect(try editor.text("c/3") == "text")
    }

    @Test func `removing the first name at once after linking hands the file over too`() throws {
        let editor = try TreeEditor(root: nil, in: objects)
        try editor.put(try file("text"), at: "x")
        try editor.put(link("x"), at: "y")
        try editor.remove("x")
        #expect(try names(editor) == ["/y 1"])
    }

    @Test func `replacing a name leaves the other names as they are`() throws {
        let editor = try three()
        try editor.put(try file("new"), at: "a/1")
        #expect(try names(editor) == ["/a/1 1", "/b/2 2", "/c/3 -> /b/2"])
        #expect(try editor.text("c/3") == "text")
        try editor.put(try file("newer"), at: "c/3")
        #expect(try names(editor) == ["/a/1 1", "/b/2 1", "/c/3 1"])
    }

    @Test func `replacing the first name at once after linking leaves the other names as they are`() throws {
        let editor = try TreeEditor(root: nil, in: objects)
        try editor.put(try file("old"), at: "x")
        try editor.put(link("x"), at: "y")
        try editor.put(try file("new"), at: "x")
        #expect(try names(editor) == ["/x 1", "/y 1"])
        #expect(try editor.text("y") == "old")
    }

    @Test func `a directory with the file may go while links live elsewhere`() throws {
        let editor = try three()
        try editor.remove("a")
        #expect(try names(editor) == ["/b/2 2", "/c/3 -> /b/2"])
    }

    @Test(arguments: ["a/1", "b/2", "c/3"] as [TreePath])
    func `metadata changes and contents written through any name show under all`(name: TreePath) throws {
        let editor = try three()
        try editor.updateMetadata(name) { $0.mode = 0o600 }
        try editor.write("changed", to: name)
        #expect(try names(editor) == canonical)
        for path in ["a/1", "b/2", "c/3"] as [TreePath] {
            #expect(try editor.text(path) == "changed")
            #expect(try editor.resolvedNode(path)?.metadata.mode == 0o600)
            #expect(try editor.resolvedNode(path)?.metadata.modified == 20)
        }
    }

    @Test func `a link to nothing or to a directory is refused when the tree is stored`() throws {
        for target in ["missing", "a"] as [TreePath] {
            let editor = try three()
            try editor.put(link(target), at: "z")
            #expect(failure { _ = try editor.finish() }?.code == .invalid)
        }
    }

    @Test func `random edits of links agree with a model of inodes`() throws {
        for seed in 0..<60 as Range<UInt64> {
            var random = SeededRandom(seed)
            let editor = try TreeEditor(root: nil, in: objects)
            let paths: [TreePath] = ["a/1", "a/2", "b/1", "b/2", "c"]
            try editor.makeDirectory("a")
            try editor.makeDirectory("b")
            // What each name holds: a number of an inode, and the text of each inode.
            var inodes: [TreePath: Int] = [:]
            var texts: [String] = []
            for step in 0..<40 {
                let path = paths[random.below(paths.count)]
                let other = paths[random.below(paths.count)]
                switch random.below(5) {
                case 0:
                    try editor.put(try file("\(step)"), at: path)
                    texts.append("\(step)")
                    inodes[path] = texts.count - 1
                case 1 where inodes[other] != nil && path != other:
                    try editor.put(link(other), at: path)
                    inodes[path] = inodes[other]
                case 2:
                    #expect(try editor.remove(path) == (inodes[path] != nil))
                    inodes[path] = nil
                case 3:
                    if let inode = inodes[path] {
                        try editor.write("w\(step)", to: path, metadata: metadata)
                        texts[inode] = "w\(step)"
                    }
                default: if random.below(3) == 0 { _ = try editor.finish() }
                }
            }
            var expected: [String] = []
            for path in paths {
                guard let inode = inodes[path] else { continue }
                let names = paths.filter { inodes[$0] == inode }.sorted()
                expected.append(path == names[0] ? "\(path) \(names.count)" : "\(path) -> \(names[0])")
                #expect(try editor.text(path) == texts[inode], "seed \(seed), \(path)")
            }
            #expect(try names(editor) == expected, "seed \(seed)")
        }
    }
}
