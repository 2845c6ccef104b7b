import Crypto
import ImageStore
import Model
import TestSupport
import Testing

@Suite struct TreeEditorTests {
    private let objects = CountingObjects()

    private func base() throws -> Digest {
        try tree(
            ["/etc/passwd": [1], "/etc/ssh/sshd_config": [2], "/usr/bin/a": [3], "/usr/lib/b": [4], "/var/log/c": [5]],
            in: objects)
    }

    @Test func `an edit reads and writes the directories on its way only`() throws {
        let root = try base()
        _ = objects.take()
        let editor = try TreeEditor(root: root, in: objects)
        try editor.write([9], to: "etc/ssh/sshd_config")
        let changed = try editor.finish()
        let (reads, writes) = objects.take()
        // Root object, /, /etc, /etc/ssh; written are these and the contents.
        #expect(reads == 4)
        #expect(writes == 5)
        let before = try Tree(root, in: objects)
        let after = try Tree(changed, in: objects)
        #expect(try after.node(at: "usr") == before.node(at: "usr"))
        #expect(try after.read("etc/ssh/sshd_config") == [9])
        #expect(try before.read("etc/ssh/sshd_config") == [2])
    }

    @Test func `an editor that changes nothing gives the digest it began with`() throws {
        let root = try base()
        let editor = try TreeEditor(root: root, in: objects)
        try editor.updateMetadata("etc/passwd") { $0.mode = $0.mode }
        try editor.makeDirectory("usr/lib")
        #expect(try !editor.remove("no/such/name"))
        #expect(try editor.finish() == root)
    }

    @Test func `the same edits in another order give the same digest`() throws {
        let root = try base()
        let edits: [(TreeEditor) throws -> Void] = [
            { try $0.write([7], to: "etc/new") },
            { try $0.remove("usr/bin/a") },
            { try $0.updateMetadata("var/log") { $0.mode = 0o700 } },
            { try $0.makeDirectory("srv/www/empty") },
            { try $0.put(Node(Metadata(mode: 0o777), .symlink(target: Array("passwd".utf8))), at: "etc/link") },
            { try $0.put(Node(Metadata(mode: 0o644), .hardLink("usr/lib/b")), at: "etc/hard") },
            { try $0.put(Node(Metadata(mode: 0o600), .characterDevice(major: 1, minor: 3)), at: "null") },
        ]
        var random = SeededRandom(4)
        var digests: Set<Digest> = []
        for _ in 0..<20 {
            let editor = try TreeEditor(root: root, in: objects, date: 5)
            for edit in edits.shuffled(using: &random) { try edit(editor) }
            digests.insert(try editor.finish())
        }
        #expect(digests.count == 1)
    }

    @Test func `an editor can go on after it has finished`() throws {
        let editor = try TreeEditor(root: try base(), in: objects)
        try editor.write([6], to: "etc/one")
        _ = try editor.finish()
        try editor.write([7], to: "etc/one")
        try editor.write([8], to: "usr/bin/two")
        let tree = try Tree(try editor.finish(), in: objects)
        #expect(try tree.read("etc/one") == [7])
        #expect(try tree.read("usr/bin/two") == [8])
    }

    @Test func `an empty directory is kept, and one that is put over a directory keeps what that holds`() throws {
        let editor = try TreeEditor(root: try base(), in: objects)
        try editor.makeDirectory("empty/in/empty")
        try editor.put(Node(Metadata(mode: 0o711), .emptyDirectory), at: "etc")
        let tree = try Tree(try editor.finish(), in: objects)
        #expect(try tree.children(of: "empty/in/empty")?.isEmpty == true)
        #expect(try tree.node(at: "etc")?.metadata.mode == 0o711)
        #expect(try tree.read("etc/passwd") == [1])
    }

    @Test func `a directory that was removed is empty when it is made again`() throws {
        let editor = try TreeEditor(root: try base(), in: objects)
        try editor.write([1], to: "etc/ssh/more")
        try editor.remove("etc/ssh")
        try editor.makeDirectory("etc/ssh")
        let tree = try Tree(try editor.finish(), in: objects)
        #expect(try tree.children(of: "etc/ssh")?.isEmpty == true)
    }

    @Test func `writing keeps mode, owner and attributes, and sets the editor's date`() throws {
        let editor = try TreeEditor(root: try base(), in: objects, date: 77)
        let metadata = Metadata(
            mode: 0o4750, uid: 3, gid: 4, modified: 1, attributes: [.init(name: Array("user.x".utf8), value: [1])])
        try editor.updateMetadata("usr/bin/a") { $0 = metadata }
        try editor.write([1, 2], to: "usr/bin/a")
        var expected = metadata
        expected.modified = 77
        #expect(try editor.node(at: "usr/bin/a")?.metadata == expected)
    }

    @Test func `what cannot be is refused with a reason`() throws {
        let editor = try TreeEditor(root: try base(), in: objects)
        let file = Node(Metadata(mode: 0o644), .file(try Chunker.store([1], in: objects), links: 1))
        #expect(failure { try editor.put(file, at: "etc") }?.code == .conflict)
        #expect(failure { try editor.put(file, at: "missing/name") }?.code == .notFound)
        #expect(failure { try editor.put(file, at: .root) }?.code == .invalid)
        #expect(failure { try editor.remove(.root) }?.code == .invalid)
        #expect(failure { try editor.write([1], to: "etc") }?.code == .invalid)
        #expect(failure { try editor.makeDirectory("etc/passwd") }?.code == .conflict)
        #expect(failure { try editor.updateMetadata("missing") { $0.mode = 0 } }?.code == .notFound)
        #expect(try editor.finish() == base())
    }

    @Test func `a node that could not be read again is refused`() throws {
        let editor = try TreeEditor(root: try base(), in: objects)
        let long = Metadata.Attribute(name: Array(repeating: 0x61, count: 256), value: [])
        let twice = Metadata.Attribute(name: [0x61], value: [])
        for node in [
            Node(Metadata(mode: 0), .symlink(target: [])),
            Node(Metadata(mode: 0), .symlink(target: Array(repeating: 0x61, count: 4096))),
            Node(Metadata(mode: 0), .symlink(target: [0x61, 0])),
            Node(Metadata(mode: 0), .hardLink(.root)),
            Node(Metadata(mode: 0, attributes: [long]), .fifo),
            Node(Metadata(mode: 0, attributes: [twice, twice]), .fifo),
        ] {
            #expect(failure { try editor.put(node, at: "x") }?.code == .invalid)
        }
        let deep = TreePath(Array(repeating: try #require(Name("d")), count: 257))
        #expect(failure { try editor.makeDirectory(deep) }?.code == .invalid)
    }
}
