import Components
import ImageStore
import Model
import Testing

@Suite struct `Actions that delete, list and read files` {
    @Test func `DeleteFile deletes names by wildcard, links themselves, and no folder`() throws {
        let fixture = try ActionFixture()
        for path in ["/src/a.log", "/src/b.log", "/src/c"] as [TreePath] { try fixture.file(path) }
        try fixture.link("/src/link.log", to: "c")
        try fixture.link("/src/folder-link.log", to: "/etc")
        try fixture.editor.makeDirectory("/src/folder.log")
        try fixture.run(DeleteFile.self, ["path": "/src/*.log"])
        #expect(try fixture.editor.children(of: "/src")?.map(\.name.description) == ["c", "folder.log"])
        #expect(try fixture.text("/etc/group") != nil)
        #expect(
            try fixture.failure(DeleteFile.self, ["path": "/src/folder.log"]).message
                == "cannot delete the file /src/folder.log: /src/folder.log is a folder")
    }

    @Test func `what is not there needs no deleting, and the log says so`() throws {
        let fixture = try ActionFixture()
        try fixture.run(DeleteFile.self, ["path": "/src/none"])
        try fixture.run(DeleteFile.self, ["path": "/src/*"])
        try fixture.run(DeleteFolder.self, ["path": "/src/none"])
        #expect(
            fixture.printed == [
                "DeleteFile: /src/none does not exist in the image; nothing is deleted",
                "DeleteFile: no file in /src fits the wildcard; nothing is deleted",
                "DeleteFolder: /src/none does not exist in the image; nothing is deleted",
            ])
        #expect(try fixture.failure(DeleteFile.self, ["path": "/*/x"]).code == .invalid)
    }

    @Test func `deleting the first name of a file leaves it its other names`() throws {
        let fixture = try ActionFixture()
        try fixture.file("/src/a", "a")
        try fixture.put("/src/b", .hardLink("/src/a"))
        try fixture.run(DeleteFile.self, ["path": "/src/a"])
        #expect(try fixture.text("/src/b") == "a")
    }

    @Test func `DeleteFolder takes an empty folder, a full one by force, and never the root or a link`() throws {
        let fixture = try ActionFixture()
        try fixture.file("/src/a/b/file")
        try fixture.link("/alias", to: "/src/a")
        #expect(
            try fixture.failure(DeleteFolder.self, ["path": "/src/a"]).message
                == "cannot delete the folder /src/a: it is not empty")
        for path in ["/", "/src/..", "/alias", "/src/a/b/file"] {
            #expect(try fixture.failure(DeleteFolder.self, ["path": path, "force": "true"]).code == .invalid, "\(path)")
        }
        try fixture.run(DeleteFolder.self, ["path": "/src/a/", "force": "true"])
        #expect(try fixture.editor.node(at: "/src/a") == nil)
        try fixture.run(DeleteFolder.self, ["path": "/src"])
        #expect(try fixture.editor.node(at: "/src") == nil)
    }

    @Test func `ListFiles gives files in the order of names, by pattern, and below by wish`() throws {
        let fixture = try ActionFixture()
        for path in ["/src/b.txt", "/src/a.txt", "/src/c.md", "/src/sub/d.txt"] as [TreePath] { try fixture.file(path) }
        try fixture.link("/src/link.txt", to: "c.md")
        try fixture.link("/src/dangling.txt", to: "none")
        try fixture.link("/src/loop", to: ".")
        try fixture.link("/alias", to: "/src")
        #expect(try fixture.run(ListFiles.self, ["path": "/src"]) == ["files": "/src/a.txt,/src/b.txt,/src/c.md,/src/link.txt"])
        #expect(
            try fixture.run(ListFiles.self, ["path": "/alias", "fileNamePattern": "*.txt", "recursive": "true"])
                == ["files": "/alias/a.txt,/alias/b.txt,/alias/link.txt,/alias/sub/d.txt"])
        #expect(try fixture.run(ListFiles.self, ["path": "/src", "fileNamePattern": "?.txt"]) == ["files": ""])
        #expect(
            try fixture.failure(ListFiles.self, ["path": "/none"]).message
                == "cannot list the files of /none: the folder does not exist in the image")
        #expect(try fixture.failure(ListFiles.self, ["path": "/src/c.md"]).message.contains("it is a file, not a folder"))
    }

    @Test func `a name that is not UTF-8 is listed replaced, and the log says so`() throws {
        let fixture = try ActionFixture()
        let name = try #require(Name([0x61, 0xFF]))
        try fixture.editor.write("x", to: TreePath.root.appending(try #require(Name("src"))).appending(name))
        #expect(try fixture.run(ListFiles.self, ["path": "/src"]) == ["files": "/src/a\u{FFFD}"])
        #expect(fixture.printed.count == 1)
    }

    @Test func `ReadFile follows links, and prints only where it is asked to`() throws {
        let fixture = try ActionFixture()
        try fixture.file("/src/a", "one\ntwo\n")
        try fixture.link("/src/link", to: "a")
        #expect(try fixture.run(ReadFile.self, ["path": "/src/link"]) == ["content": "one\ntwo\n"])
        #expect(fixture.printed.isEmpty)
        try fixture.run(ReadFile.self, ["path": "/src/a", "printFileContent": "true"])
        #expect(fixture.printed == ["one", "two"])
        #expect(
            try fixture.failure(ReadFile.self, ["path": "/src/x"]).message
                == "cannot read the file /src/x: it does not exist in the image")
        try fixture.editor.write([0x61, 0xC3, 0x28], to: "/src/binary")
        #expect(
            try fixture.failure(ReadFile.self, ["path": "/src/binary"]).message
                == "cannot read the file /src/binary: it is not text in UTF-8")
        let huge = FileContent(size: 1 << 40, form: .extents(try fixture.objects.put(Array("x".utf8))))
        try fixture.put("/src/huge", .file(huge, links: 1))
        #expect(try fixture.failure(ReadFile.self, ["path": "/src/huge"]).code == .exhausted)
    }

    /// The bytes that `iconv -f UTF-8 -t …` gives for `aé€😀`.
    static let encoded: [(names: [String], bytes: [UInt8])] = [
        (["utf8", "UTF-8"], [0x61, 0xC3, 0xA9, 0xE2, 0x82, 0xAC, 0xF0, 0x9F, 0x98, 0x80]),
        (["utf16", "UTF-16", "utf16-le", "utf-16-LE"], [0x61, 0, 0xE9, 0, 0xAC, 0x20, 0x3D, 0xD8, 0x00, 0xDE]),
        (["utf16-BE", "UTF-16-be"], [0, 0x61, 0, 0xE9, 0x20, 0xAC, 0xD8, 0x3D, 0xDE, 0x00]),
        (["utf32", "utf-32-LE"], [0x61, 0, 0, 0, 0xE9, 0, 0, 0, 0xAC, 0x20, 0, 0, 0x00, 0xF6, 0x01, 0]),
        (["utf-32-BE"], [0, 0, 0, 0x61, 0, 0, 0, 0xE9, 0, 0, 0x20, 0xAC, 0, 1, 0xF6, 0]),
    ]

    @Test(arguments: encoded)
    func `text is written, appended, converted and read in each encoding`(names: [String], bytes: [UInt8]) throws {
        for name in names {
            let fixture = try ActionFixture()
            let text = "aé€😀"
            try fixture.run(CreateFile.self, ["path": "/tmp/x", "content": text, "encoding": name])
            #expect(try fixture.editor.read("/tmp/x") == bytes)
            try fixture.run(AppendFile.self, ["path": "/tmp/x", "content": text, "encoding": name])
            #expect(try fixture.editor.read("/tmp/x") == bytes + bytes)
            #expect(try fixture.run(ReadFile.self, ["path": "/tmp/x", "encoding": name]) == ["content": text + text])
            try fixture.file("/tmp/y", text, mode: 0o640)
            try fixture.run(SetFileEncoding.self, ["path": "/tmp/y", "encoding": name])
            #expect(try fixture.editor.read("/tmp/y") == bytes)
            #expect(try fixture.mode("/tmp/y") == 0o640)
        }
    }

    @Test func `bytes that are no text of the encoding are refused, and a byte order mark is dropped`() throws {
        let fixture = try ActionFixture()
        try fixture.editor.write([0xFF, 0xFE, 0x61, 0], to: "/tmp/mark")
        #expect(try fixture.run(ReadFile.self, ["path": "/tmp/mark", "encoding": "utf16"]) == ["content": "a"])
        let wrong: [(String, [UInt8])] = [
            ("utf8", [0xED, 0xA0, 0x80]), ("utf16", [0x61]), ("utf16", [0x3D, 0xD8]), ("utf32", [0, 0, 0]),
            ("utf32", [0, 0, 0x11, 0]), ("utf32-be", [0, 0, 0xD8, 0]),
        ]
        for (encoding, bytes) in wrong {
            try fixture.editor.write(bytes, to: "/tmp/wrong")
            #expect(throws: Failure.self) { try fixture.run(ReadFile.self, ["path": "/tmp/wrong", "encoding": encoding]) }
        }
        try fixture.editor.write([0xC3], to: "/tmp/wrong")
        #expect(
            try fixture.failure(SetFileEncoding.self, ["path": "/tmp/wrong", "encoding": "utf16"]).message
                == "cannot convert the file /tmp/wrong to UTF-16LE: it is not text in UTF-8")
        #expect(
            try fixture.failure(CreateFile.self, ["path": "/tmp/x", "encoding": "latin1"]).message
                == "there is no encoding 'latin1'")
    }
}
