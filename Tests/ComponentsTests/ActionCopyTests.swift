import Components
import Crypto
import ImageStore
import Model
import Platform
import Sandbox
import Synchronization
import TestSupport
import Testing

@Suite struct `Actions that copy and move` {
    @Test func `CopyFile gives the new name, or with a slash at the end keeps the source's`() throws {
        let fixture = try ActionFixture()
        try fixture.file("/src/a", "a", mode: 0o4775, uid: 33, gid: 34)
        try fixture.run(CopyFile.self, ["source": "/src/a", "destination": "/new/b"])
        try fixture.run(CopyFile.self, ["source": "/src/a", "destination": "/new/folder/"])
        #expect(try fixture.text("/new/b") == "a")
        #expect(try fixture.metadata("/new/b") == Metadata(mode: 0o755, modified: ActionFixture.date))
        #expect(try fixture.text("/new/folder/a") == "a")
        #expect(try fixture.text("/src/a") == "a")
    }

    @Test func `a wildcard takes files and links to files, by bytes, and several need a folder`() throws {
        let fixture = try ActionFixture()
        for name in ["a.conf", ".b.conf", "c.txt", "[x]?.conf"] {
            try fixture.file(try TreePath(parsing: "/src/\(name)"), name)
        }
        let foreign = TreePath.root.appending(try #require(Name("src"))).appending(
            try #require(Name([0xFF, 0xFE] + Array(".conf".utf8))))
        try fixture.editor.write("foreign", to: foreign)
        try fixture.editor.makeDirectory("/src/folder.conf")
        try fixture.link("/src/link.conf", to: "c.txt")
        try fixture.link("/src/dangling.conf", to: "nothing")
        try fixture.put("/src/fifo.conf", .fifo)
        let several = try fixture.failure(CopyFile.self, ["source": "/src/*.conf", "destination": "/dst"])
        #expect(
            several.message == "cannot copy the file /src/*.conf to /dst: the wildcard fits 5 names, and the destination is one")
        try fixture.run(CopyFile.self, ["source": "/src/*.conf", "destination": "/dst/"])
        let names = try #require(try fixture.editor.children(of: "/dst")).map { $0.name.bytes }
        #expect(
            names == [
                Array(".b.conf".utf8), Array("[x]?.conf".utf8), Array("a.conf".utf8), Array("link.conf".utf8),
                [0xFF, 0xFE] + Array(".conf".utf8),
            ])
        #expect(try fixture.text("/dst/link.conf") == "c.txt")
        try fixture.run(CopyFile.self, ["source": "/src/[x]?.c*f", "destination": "/dst/one"])
        #expect(try fixture.text("/dst/one") == "[x]?.conf")
        #expect(try fixture.failure(CopyFile.self, ["source": "/src/*.none", "destination": "/dst/"]).code == .notFound)
        #expect(
            try fixture.failure(CopyFile.self, ["source": "/*/a.conf", "destination": "/dst/"]).message.contains(
                "before its last '/'"))
    }

    @Test func `what is no regular file is no source of CopyFile`() throws {
        let fixture = try ActionFixture()
        try fixture.put("/src/null", .characterDevice(major: 1, minor: 3))
        try fixture.put("/src/fifo", .fifo)
        let reasons = [
            "/src/null": "/src/null is a device, not a regular file",
            "/src/fifo": "/src/fifo is a named pipe, not a regular file",
            "/src": "/src is a folder", "/src/none": "/src/none does not exist in the image",
        ]
        for (source, reason) in reasons {
            let failure = try fixture.failure(CopyFile.self, ["source": source, "destination": "/tmp/x"])
            #expect(failure.message == "cannot copy the file \(source) to /tmp/x: \(reason)")
        }
    }

    @Test func `a destination that exists is overwritten in place, refused by wish, and no folder`() throws {
        let fixture = try ActionFixture()
        try fixture.file("/src/a", "new", mode: 0o755)
        try fixture.file("/etc/real", "old", mode: 0o600, uid: 33)
        try fixture.link("/etc/link", to: "real")
        let copy = ["source": "/src/a", "destination": "/etc/link"]
        #expect(try fixture.failure(CopyFile.self, copy.merging(["overwrite": "false"]) { $1 }).code == .conflict)
        try fixture.run(CopyFile.self, copy)
        #expect(try fixture.text("/etc/real") == "new")
        #expect(try fixture.metadata("/etc/real") == Metadata(mode: 0o600, uid: 33, modified: ActionFixture.date))
        #expect(try fixture.target("/etc/link") == "real")
        #expect(
            try fixture.failure(CopyFile.self, ["source": "/src/a", "destination": "/etc"]).message.contains("/etc is a folder"))
    }

    @Test(arguments: ["CopyFile", "MoveFile"])
    func `a file is not copied or moved onto itself, by whatever name`(action: String) throws {
        let fixture = try ActionFixture()
        try fixture.file("/src/a", "a")
        try fixture.link("/src/link", to: "a")
        try fixture.put("/src/hard", .hardLink("/src/a"))
        for (source, target) in [("/src/a", "/src/a"), ("/src/a", "/src/link"), ("/src/link", "/src/a"), ("/src/hard", "/src/a")]
        {
            let failure = try fixture.failure(try ActionFixture.action(action), ["source": source, "destination": target])
            #expect(failure.message.hasSuffix("are the same file"))
        }
        #expect(try fixture.text("/src/a") == "a")
        #expect(try fixture.target("/src/link") == "a")
    }

    @Test func `a copy shares the contents and does not read them`() throws {
        let objects = CountingObjects()
        let editor = try TreeEditor(root: nil, in: objects, date: 0)
        let huge = FileContent(size: 1 << 50, form: .extents(SHA256.digest(of: [1])))
        try editor.put(Node(Metadata(mode: 0o644), .file(huge, links: 1)), at: "/huge")
        let context = ActionContext(
            editor: editor, programs: NoPrograms(), timeLeft: nil, network: .none, environment: TestEnvironment().environment,
            transfers: .system(variables: [:]), temporaryFolder: "", print: { _ in })
        _ = try CopyFile.run(ActionInputs(["source": .text("/huge"), "destination": .text("/copies/")]), context)
        _ = try CopyFolder.run(ActionInputs(["source": .text("/copies"), "destination": .text("/more")]), context)
        _ = try MoveFile.run(ActionInputs(["source": .text("/huge"), "destination": .text("/moved")]), context)
        for path in ["/copies/huge", "/more/huge", "/moved"] as [TreePath] {
            #expect(try editor.node(at: path)?.content == huge)
        }
        #expect(objects.reads == 0)
    }

    @Test func `CopyFolder copies all kinds of nodes into what is there`() throws {
        let fixture = try ActionFixture()
        try fixture.file("/src/a/file", "new", mode: 0o666, uid: 33)
        try fixture.put("/src/a/hard", .hardLink("/src/a/file"))
        try fixture.link("/src/a/link", to: "../b")
        try fixture.put("/src/a/fifo", .fifo, mode: 0o622)
        try fixture.editor.makeDirectory("/src/a/sub/empty", metadata: Metadata(mode: 0o2770, uid: 33))
        try fixture.file("/dst/file", "old", mode: 0o600)
        try fixture.file("/dst/kept", "kept")
        try fixture.run(CopyFolder.self, ["source": "/src/a", "destination": "/dst"])
        #expect(try fixture.text("/dst/file") == "new")
        #expect(try fixture.mode("/dst/file") == 0o600)
        #expect(try fixture.text("/dst/kept") == "kept")
        #expect(try fixture.text("/dst/hard") == "new")
        #expect(try fixture.metadata("/dst/hard") == Metadata(mode: 0o644, modified: ActionFixture.date))
        #expect(try fixture.target("/dst/link") == "../b")
        #expect(try fixture.editor.node(at: "/dst/fifo")?.kind == .fifo)
        #expect(try fixture.metadata("/dst/sub/empty") == Metadata(mode: 0o750, modified: ActionFixture.date))
        try fixture.run(CopyFolder.self, ["source": "/src/a/", "destination": "/dst2/"])
        #expect(try fixture.text("/dst2/a/file") == "new")
        #expect(
            try fixture.failure(CopyFolder.self, ["source": "/src/a", "destination": "/dst", "overwrite": "false"]).code
                == .conflict)
    }

    @Test(arguments: ["CopyFolder", "MoveFolder"])
    func `a folder does not go into itself, by whatever path`(action: String) throws {
        let fixture = try ActionFixture()
        try fixture.file("/src/a/sub/file")
        try fixture.link("/alias", to: "/src/a/sub")
        for target in ["/src/a", "/src/a/new", "/alias/deep/er", "/src/a/../a/x", "/src/"] {
            let failure = try fixture.failure(try ActionFixture.action(action), ["source": "/src/a", "destination": target])
            #expect(failure.message.contains("lies in the folder itself"), "\(target)")
        }
        #expect(try fixture.editor.node(at: "/src/a/new") == nil)
    }

    @Test func `CopyFolder into the folder above copies each file once`() throws {
        let fixture = try ActionFixture()
        try fixture.file("/src/a/a/file", "deep")
        try fixture.file("/src/a/top", "top")
        try fixture.run(CopyFolder.self, ["source": "/src/a", "destination": "/src"])
        #expect(try fixture.text("/src/top") == "top")
        #expect(try fixture.text("/src/a/file") == "deep")
        #expect(try fixture.editor.node(at: "/src/a/a/a") == nil)
        #expect(
            try fixture.failure(MoveFolder.self, ["source": "/src/a", "destination": "/src"]).message.contains("holds the folder")
        )
    }

    @Test func `CopyFolder takes folders by wildcard and refuses files`() throws {
        let fixture = try ActionFixture()
        for path in ["/src/v1/x", "/src/v2/x"] as [TreePath] { try fixture.file(path) }
        try fixture.file("/src/v3")
        try fixture.run(CopyFolder.self, ["source": "/src/v*", "destination": "/dst/"])
        #expect(try fixture.editor.children(of: "/dst")?.map(\.name.description) == ["v1", "v2"])
        #expect(
            try fixture.failure(CopyFolder.self, ["source": "/src/v3", "destination": "/dst/"]).message.contains(
                "is a file, not a folder"))
        #expect(throws: Failure.self) { try fixture.run(CopyFolder.self, ["source": "/src/v1", "destination": "/src/v3"]) }
    }

    @Test func `MoveFile keeps owner, permissions, attributes and time, and replaces the name at the destination`() throws {
        let fixture = try ActionFixture()
        let metadata = Metadata(
            mode: 0o4750, uid: 33, gid: 34, modified: 1,
            attributes: [.init(name: Array("user.x".utf8), value: [1])])
        try fixture.editor.write("a", to: "/src/a", metadata: metadata)
        try fixture.file("/etc/real", "old")
        try fixture.link("/etc/link", to: "real")
        try fixture.run(MoveFile.self, ["source": "/src/a", "destination": "/etc/link"])
        #expect(try fixture.editor.node(at: "/src/a") == nil)
        #expect(try fixture.metadata("/etc/link") == metadata)
        #expect(try fixture.text("/etc/link") == "a")
        #expect(try fixture.text("/etc/real") == "old")
        try fixture.link("/src/link", to: "/etc/real")
        try fixture.run(MoveFile.self, ["source": "/src/l*", "destination": "/opt/"])
        #expect(try fixture.target("/opt/link") == "/etc/real")
        #expect(
            try fixture.failure(MoveFile.self, ["source": "/etc/real", "destination": "/opt"]).message.contains(
                "/opt is a folder"))
    }

    @Test func `a moved file keeps its other names, and the tree its one form`() throws {
        let fixture = try ActionFixture()
        try fixture.file("/src/a", "a")
        try fixture.put("/src/b", .hardLink("/src/a"))
        try fixture.file("/src/folder/c", "c")
        try fixture.put("/zz", .hardLink("/src/folder/c"))
        try fixture.run(MoveFile.self, ["source": "/src/a", "destination": "/tmp/z"])
        try fixture.run(MoveFolder.self, ["source": "/src/folder", "destination": "/new/folder"])
        let tree = try Tree(try fixture.editor.finish(), in: fixture.objects)
        #expect(try tree.node(at: "/src/b")?.content != nil)
        #expect(try tree.node(at: "/tmp/z")?.kind == .hardLink("/src/b"))
        #expect(try tree.node(at: "/zz")?.kind == .hardLink("/new/folder/c"))
        #expect(try tree.text("/zz") == "c")
        #expect(try tree.node(at: "/src/folder") == nil)
    }

    @Test func `MoveFolder joins folders, keeps their metadata, and moves no link`() throws {
        let fixture = try ActionFixture()
        try fixture.editor.makeDirectory("/src/a", metadata: Metadata(mode: 0o2770, uid: 33, gid: 34, modified: 7))
        try fixture.file("/src/a/file", "new", mode: 0o640, uid: 33)
        try fixture.link("/src/alias", to: "a")
        try fixture.put("/src/a/null", .characterDevice(major: 1, minor: 3))
        #expect(
            try fixture.failure(MoveFolder.self, ["source": "/src/alias", "destination": "/dst"]).message.contains(
                "symbolic link"))
        try fixture.run(MoveFolder.self, ["source": "/src/a", "destination": "/dst"])
        #expect(try fixture.metadata("/dst") == Metadata(mode: 0o2770, uid: 33, gid: 34, modified: 7))
        #expect(try fixture.metadata("/dst/file") == Metadata(mode: 0o640, uid: 33, modified: 1))
        #expect(try fixture.editor.node(at: "/dst/null")?.kind == .characterDevice(major: 1, minor: 3))
        #expect(try fixture.editor.node(at: "/src/a") == nil)
        try fixture.file("/more/x")
        try fixture.file("/more/sub/y")
        try fixture.file("/dst/sub", "a file in the way")
        #expect(try fixture.failure(MoveFolder.self, ["source": "/more", "destination": "/dst"]).code == .conflict)
        #expect(try fixture.text("/more/sub/y") == "text")
    }

    @Test func `a cancelled run stops between two files`() throws {
        let machine = TestEnvironment()
        let fixture = try ActionFixture(environment: machine.environment)
        try fixture.file("/src/a")
        machine.cancellation.cancel()
        #expect(try fixture.failure(CopyFile.self, ["source": "/src/a", "destination": "/tmp/"]).code == .cancelled)
    }
}

/// Objects that count how often they are read.
private final class CountingObjects: ObjectWriter {
    private let objects = MemoryObjects()
    private let counter = Atomic<Int>(0)
    var reads: Int { counter.load(ordering: .relaxed) }

    func put(_ bytes: Span<UInt8>) throws(Failure) -> Digest { try objects.put(bytes) }
    func contains(_ digest: Digest) -> Bool { objects.contains(digest) }
    func object(_ digest: Digest) throws(Failure) -> [UInt8] {
        counter.wrappingAdd(1, ordering: .relaxed)
        return try objects.object(digest)
    }
}
