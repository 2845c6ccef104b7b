import Components
import ImageStore
import Model
import Testing

@Suite struct `Actions that set owners and permissions` {
    @Test func `SetFileOwner takes the user's primary group, and sets what a link leads to`() throws {
        let fixture = try ActionFixture()
        try fixture.file("/src/a", mode: 0o4755)
        try fixture.link("/src/link", to: "a")
        try fixture.run(SetFileOwner.self, ["path": "/src/link", "owner": "www"])
        // As chown(2), a change of owner takes the setuid bit away.
        #expect(try fixture.metadata("/src/a") == Metadata(mode: 0o755, uid: 33, gid: 34, modified: 1))
        #expect(try fixture.metadata("/src/link")?.uid == 0)
        try fixture.run(SetFileOwner.self, ["path": "/src/a", "owner": "1", "group": "adm"])
        #expect(try fixture.metadata("/src/a").map { [$0.uid, $0.gid] } == [1, 4])
        try fixture.run(SetFileOwner.self, ["path": "/src/a", "owner": "33"])
        #expect(try fixture.metadata("/src/a").map { [$0.uid, $0.gid] } == [33, 34])
    }

    @Test func `unknown users, groups and paths are told`() throws {
        let fixture = try ActionFixture()
        try fixture.file("/src/a")
        let failures: [(String, String, String?, String)] = [
            ("/src/a", "nobody", nil, "the image has no user 'nobody' in /etc/passwd"),
            ("/src/a", "www", "nogroup", "the image has no group 'nogroup' in /etc/group"),
            ("/src/a", "4711", nil, "the user '4711' has no account in the image, so that its primary group is not known"),
            ("/src/b", "www", nil, "it does not exist in the image"),
            ("/src", "www", nil, "it is a folder"),
        ]
        for (path, owner, group, reason) in failures {
            var inputs = ["path": path, "owner": owner]
            inputs["group"] = group
            #expect(
                try fixture.failure(SetFileOwner.self, inputs).message == "cannot set the owner of the file \(path): \(reason)")
        }
        #expect(try fixture.metadata("/src/a")?.uid == 0)
    }

    @Test func `folders are set with all below them, links there themselves`() throws {
        let fixture = try ActionFixture()
        try fixture.file("/src/a/sub/file", mode: 0o600)
        try fixture.link("/src/a/link", to: "/etc/passwd")
        try fixture.link("/alias", to: "/src/a")
        try fixture.run(SetFolderOwner.self, ["path": "/alias", "owner": "www"])
        for path in ["/src/a", "/src/a/sub", "/src/a/sub/file", "/src/a/link"] as [TreePath] {
            #expect(try fixture.metadata(path).map { [$0.uid, $0.gid] } == [33, 34])
        }
        #expect(try fixture.metadata("/etc/passwd")?.uid == 0)
        try fixture.run(SetFolderPermissions.self, ["path": "/src/a", "permissions": "750"])
        #expect(try fixture.mode("/src/a/sub/file") == 0o750)
        #expect(try fixture.mode("/src/a/link") == 0o777)
        #expect(try fixture.mode("/etc/passwd") == 0o644)
    }

    @Test func `only the folder is set where recursive is false`() throws {
        let fixture = try ActionFixture()
        try fixture.file("/src/a/file", mode: 0o600)
        try fixture.run(SetFolderOwner.self, ["path": "/src/a", "owner": "www", "recursive": "false"])
        try fixture.run(SetFolderPermissions.self, ["path": "/src/a", "permissions": "1777", "recursive": "false"])
        #expect(try fixture.metadata("/src/a").map { [$0.uid, UInt32($0.mode)] } == [33, 0o1777])
        #expect(try fixture.metadata("/src/a/file").map { [$0.uid, UInt32($0.mode)] } == [0, 0o600])
        #expect(try fixture.failure(SetFolderPermissions.self, ["path": "/src/a/file", "permissions": "0755"]).code == .invalid)
        #expect(try fixture.failure(SetFolderOwner.self, ["path": "/none", "owner": "www"]).code == .notFound)
    }

    @Test func `SetFilePermissions reaches all names of a file, and what a link leads to`() throws {
        let fixture = try ActionFixture()
        try fixture.file("/src/a")
        try fixture.put("/src/b", .hardLink("/src/a"))
        try fixture.link("/src/link", to: "b")
        try fixture.run(
            SetFilePermissions.self, ["path": "/src/link", "permissions": "6755"])
        #expect(try fixture.editor.resolvedNode("/src/b")?.metadata.mode == 0o6755)
        #expect(try fixture.failure(SetFilePermissions.self, ["path": "/src/none", "permissions": "0644"]).code == .notFound)
        #expect(
            try fixture.failure(SetFilePermissions.self, ["path": "/src", "permissions": "0644"]).hint
                == "SetFolderPermissions is the action for folders")
    }
}
