import Components
import ImageStore
import Model
import Testing

@Suite struct `Actions that create and write files` {
    @Test func `CreateFile makes the folders above, and takes the umask from the default permissions`() throws {
        let fixture = try ActionFixture()
        try fixture.run(CreateFile.self, ["path": "/opt/app/etc/motd", "content": "hello\n"])
        #expect(try fixture.text("/opt/app/etc/motd") == "hello\n")
        #expect(try fixture.metadata("/opt/app/etc/motd") == Metadata(mode: 0o644, modified: ActionFixture.date))
        #expect(try fixture.metadata("/opt/app/etc") == Metadata(mode: 0o755, modified: ActionFixture.date))
    }

    @Test(
        arguments: [
            ("0777", 0o777), ("4755", 0o4755), ("600", 0o600), ("0", 0), ("02770", nil), ("0o640", 0o640), ("0888", nil),
            ("rw-r--r--", nil), ("", nil), ("+644", nil),
        ] as [(String, UInt16?)])
    func `permissions are one to four octal digits, and are the file's as they are given`(text: String, mode: UInt16?) throws {
        let fixture = try ActionFixture()
        if let mode {
            try fixture.run(CreateFile.self, ["path": "/tmp/x", "permissions": text])
            #expect(try fixture.mode("/tmp/x") == mode)
        } else {
            #expect(
                try fixture.failure(CreateFile.self, ["path": "/tmp/x", "permissions": text]).message.contains("permissions"))
            #expect(try fixture.editor.node(at: "/tmp/x") == nil)
        }
    }

    @Test func `an owner is found by name or number, and one that is unknown fails before anything is written`() throws {
        let fixture = try ActionFixture()
        try fixture.run(CreateFile.self, ["path": "/tmp/x", "owner": "www", "group": "4", "permissions": "4750"])
        #expect(try fixture.metadata("/tmp/x") == Metadata(mode: 0o4750, uid: 33, gid: 4, modified: ActionFixture.date))
        let failure = try fixture.failure(CreateFile.self, ["path": "/tmp/y", "owner": "wwww"])
        #expect(failure.message == "cannot create the file /tmp/y: the image has no user 'wwww' in /etc/passwd")
        #expect(failure.hint == "did you mean 'www'?")
        #expect(try fixture.editor.node(at: "/tmp/y") == nil)
        #expect(try fixture.failure(CreateFile.self, ["path": "/tmp/y", "owner": "4294967295"]).code == .notFound)
    }

    @Test func `a file that is there is overwritten and keeps owner and permissions`() throws {
        let fixture = try ActionFixture()
        try fixture.file("/tmp/x", "old and long", mode: 0o600, uid: 33)
        try fixture.run(CreateFile.self, ["path": "/tmp/x", "content": "new"])
        #expect(try fixture.text("/tmp/x") == "new")
        #expect(try fixture.metadata("/tmp/x") == Metadata(mode: 0o600, uid: 33, modified: ActionFixture.date))
    }

    @Test func `a file that is there is not touched where overwrite is false, nor is a dangling link`() throws {
        let fixture = try ActionFixture()
        try fixture.file("/tmp/x", "old")
        try fixture.link("/tmp/link", to: "/tmp/nothing")
        for path in ["/tmp/x", "/tmp/link"] {
            let failure = try fixture.failure(CreateFile.self, ["path": path, "content": "new", "overwrite": "False"])
            #expect(failure.message == "cannot create the file \(path): \(path) exists, and 'overwrite' is false")
            #expect(failure.code == .conflict)
        }
        #expect(try fixture.text("/tmp/x") == "old")
        #expect(try fixture.editor.node(at: "/tmp/nothing") == nil)
    }

    @Test func `writing follows links as open does: into the target, which it makes where only the file is missing`() throws {
        let fixture = try ActionFixture()
        try fixture.file("/etc/real", "old")
        try fixture.link("/etc/link", to: "real")
        try fixture.link("/etc/dangling", to: "/tmp/made")
        try fixture.link("/etc/nowhere", to: "/no/folder/file")
        try fixture.run(CreateFile.self, ["path": "/etc/link", "content": "new", "permissions": "0600"])
        try fixture.run(CreateFile.self, ["path": "/etc/dangling", "content": "made"])
        #expect(try fixture.target("/etc/link") == "real")
        #expect(try fixture.text("/etc/real") == "new")
        #expect(try fixture.mode("/etc/real") == 0o600)
        #expect(try fixture.text("/tmp/made") == "made")
        #expect(try fixture.failure(CreateFile.self, ["path": "/etc/nowhere"]).code == .notFound)
    }

    @Test func `a link that leads to nothing, or a file, is no folder on the way`() throws {
        let fixture = try ActionFixture()
        try fixture.link("/srv", to: "/data/srv")
        #expect(
            try fixture.failure(CreateFile.self, ["path": "/srv/x/y"]).message
                == "cannot create the file /srv/x/y: /srv is a symbolic link that leads to nothing, not a folder")
        #expect(try fixture.editor.node(at: "/data") == nil)
        #expect(
            try fixture.failure(CreateFolder.self, ["path": "/etc/passwd/x"]).message
                == "cannot create the folder /etc/passwd/x: /etc/passwd is a file, not a folder")
    }

    @Test func `overwriting takes capabilities away, and writes all names of a hard-linked file`() throws {
        let fixture = try ActionFixture()
        let capability = Metadata.Attribute(name: Array("security.capability".utf8), value: [1])
        try fixture.file("/tmp/a", "old")
        try fixture.editor.updateMetadata("/tmp/a") { $0.attributes = [capability] }
        try fixture.put("/tmp/b", .hardLink("/tmp/a"))
        try fixture.run(CreateFile.self, ["path": "/tmp/b", "content": "new"])
        #expect(try fixture.text("/tmp/a") == "new")
        #expect(try fixture.metadata("/tmp/a")?.attributes == [])
    }

    @Test func `devices, folders and the root are no files to write`() throws {
        let fixture = try ActionFixture()
        try fixture.put("/tmp/null", .characterDevice(major: 1, minor: 3))
        for path in ["/tmp/null", "/tmp", "/tmp/", "/", "/tmp/.", "/tmp/x/.."] {
            let failure = try fixture.failure(CreateFile.self, ["path": path])
            #expect(failure.message.hasPrefix("cannot create the file \(path): "))
        }
    }

    @Test func `paths take dots as a process does, and none leads out of the image`() throws {
        let fixture = try ActionFixture()
        try fixture.editor.makeDirectory("/opt/v2/bin")
        try fixture.link("/cur", to: "/opt/v2/bin")
        try fixture.run(CreateFile.self, ["path": "//cur/.././file", "content": "x"])
        #expect(try fixture.text("/opt/v2/file") == "x")
        #expect(
            try fixture.failure(CreateFile.self, ["path": "/opt/../../x"]).message
                == "cannot create the file /opt/../../x: the path '/opt/../../x' leads above the image's root")
        #expect(try fixture.failure(CreateFile.self, ["path": "/missing/../x"]).code == .notFound)
        try fixture.link("/out", to: "../../etc")
        #expect(try fixture.failure(CreateFile.self, ["path": "/out/x"]).message.contains("leads out of the image's root"))
        try fixture.link("/circle", to: "circle")
        #expect(try fixture.failure(CreateFile.self, ["path": "/circle/x"]).message.contains("symbolic links"))
    }

    @Test func `a relative path is taken from the folder in which programs start`() throws {
        let fixture = try ActionFixture()
        for (path, place) in [("a/b", "/tmp/a/b"), ("./c", "/tmp/c"), ("../d", "/d")] as [(String, TreePath)] {
            try fixture.run(CreateFile.self, ["path": path, "content": path])
            #expect(try fixture.text(place) == path)
        }
        #expect(try fixture.failure(CreateFile.self, ["path": "../../e"]).message.contains("above the image's root"))
    }

    @Test(arguments: [
        "", "C:\\file", "/a\u{0}b", "/" + String(repeating: "n", count: 256), String(repeating: "/d", count: 257),
        String(repeating: "/", count: 4097),
    ])
    func `what is no path is refused with the input's name`(path: String) throws {
        let fixture = try ActionFixture()
        let failure = try fixture.failure(CreateFile.self, ["path": path])
        #expect(failure.code == .invalid)
        #expect(failure.message.hasPrefix("the input 'path' cannot be taken: "))
    }

    @Test func `CreateFolder takes the umask from 0777, keeps what a folder holds, and knows the sticky and setgid bits`() throws
    {
        let fixture = try ActionFixture()
        try fixture.run(CreateFolder.self, ["path": "/data/a"])
        #expect(try fixture.mode("/data/a") == 0o755)
        try fixture.file("/data/a/file")
        try fixture.run(CreateFolder.self, ["path": "/data/a/", "permissions": "3775", "group": "adm"])
        #expect(try fixture.metadata("/data/a") == Metadata(mode: 0o3775, gid: 4, modified: ActionFixture.date))
        #expect(try fixture.text("/data/a/file") == "text")
        #expect(try fixture.failure(CreateFolder.self, ["path": "/data/a", "overwrite": "false"]).code == .conflict)
        #expect(try fixture.failure(CreateFolder.self, ["path": "/data/a/file"]).code == .conflict)
    }

    @Test func `AppendFile adds to a file, never makes one, and keeps its permissions`() throws {
        let fixture = try ActionFixture()
        try fixture.file("/tmp/x", "one\n", mode: 0o600)
        try fixture.link("/tmp/link", to: "x")
        try fixture.run(AppendFile.self, ["path": "/tmp/link", "content": "two\n"])
        #expect(try fixture.text("/tmp/x") == "one\ntwo\n")
        #expect(try fixture.mode("/tmp/x") == 0o600)
        try fixture.run(AppendFile.self, ["path": "/tmp/x"])
        #expect(try fixture.text("/tmp/x") == "one\ntwo\n")
        #expect(
            try fixture.failure(AppendFile.self, ["path": "/tmp/y", "content": "z"]).message
                == "cannot append to the file /tmp/y: it does not exist in the image")
    }

    @Test func `appending to a large file with holes gives the content that writing it whole gives`() throws {
        let fixture = try ActionFixture()
        var bytes = (0..<5 << 20).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }
        bytes += [UInt8](repeating: 0, count: 1 << 20) + [1, 2, 3]
        try fixture.editor.write(bytes, to: "/tmp/big")
        try fixture.run(AppendFile.self, ["path": "/tmp/big", "content": "tail"])
        try fixture.editor.write(bytes + Array("tail".utf8), to: "/tmp/whole")
        #expect(try fixture.editor.node(at: "/tmp/big")?.content == fixture.editor.node(at: "/tmp/whole")?.content)
    }

    @Test func `CreateSymlink needs its target, and replaces a link only by force`() throws {
        let fixture = try ActionFixture()
        #expect(
            try fixture.failure(CreateSymlink.self, ["path": "/opt/link", "target": "/opt/none"]).message
                == "cannot create the symbolic link /opt/link to /opt/none: the target /opt/none does not exist in the image")
        try fixture.run(CreateSymlink.self, ["path": "/opt/bin/link", "target": "/etc/passwd"])
        #expect(try fixture.target("/opt/bin/link") == "/etc/passwd")
        let again = ["path": "/opt/bin/link", "target": "../etc"]
        #expect(try fixture.failure(CreateSymlink.self, again).code == .conflict)
        try fixture.run(CreateSymlink.self, again.merging(["force": "true"]) { $1 })
        #expect(try fixture.target("/opt/bin/link") == "/tmp/../etc")
        for path in ["/etc/passwd", "/etc", "/"] {
            #expect(throws: Failure.self) {
                try fixture.run(CreateSymlink.self, ["path": path, "target": "/tmp", "force": "true"])
            }
        }
        try fixture.run(CreateSymlink.self, ["path": "relative", "target": "/tmp"])
        #expect(try fixture.target("/tmp/relative") == "/tmp")
    }
}
