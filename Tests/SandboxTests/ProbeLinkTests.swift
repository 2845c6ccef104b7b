import Glibc
import ImageStore
import Model
import Platform
import Sandbox
import Testing

/// Links at places that Ingot itself or bubblewrap goes through.
@Suite(.serialized, .enabled(if: SandboxFixture.isAvailable, "\(SandboxFixture.obstacle ?? "")"))
struct ProbeLinkTests {
    @Test("a link at /etc/resolv.conf does not lead to a file of the host, and leaves nothing in the tree")
    func resolver() throws {
        try ProbeHost.withOpenFolder { host in
            try Files.writeDurably("\(host)/secret", Array("secret\n".utf8), permissions: 0o666)
            try withSandbox { fixture in
                try link("/etc/resolv.conf", to: "\(host)/secret", in: fixture)
                let before = try fixture.editor.finish()
                let (_, text) = try fixture.run("cat /etc/resolv.conf; echo x >> /etc/resolv.conf") { $0.network = .outgoing }
                #expect(!text.contains("secret\n") && text.contains("nameserver"))
                #expect(try fixture.editor.finish() == before)
            }
            #expect(try Files.read("\(host)/secret") == Array("secret\n".utf8))
            #expect(Files.names(in: host) == ["secret"])
        }
    }

    @Test(
        "a link that a program leaves in /run does not lead the next one's files to the host",
        arguments: ["/oldroot", "../../oldroot", "../oldroot", ""])
    func planted(_ way: String) throws {
        try ProbeHost.withOpenFolder { host in
            try withSandbox { fixture in
                try link("/etc/resolv.conf", to: "/run/way/resolv.conf", in: fixture)
                try fixture.run("ln -s \(way)\(host) /run/way; ln -s \(way)\(host) /run/ingot")
                _ = try? fixture.run("true") { $0.network = .outgoing }
                #expect(Files.names(in: host).isEmpty)
                _ = try? fixture.run("true") { $0.files = ["/run/ingot/script": [0x78]] }
                #expect(Files.names(in: host).isEmpty)
            }
        }
    }

    @Test("files for a program are there, whatever the last program left at their place")
    func placed() throws {
        for trick in ["ln -s /etc /run/ingot", "mkdir -p /run/ingot; ln -s /etc/file /run/ingot/script", "echo x > /run/ingot"] {
            try withSandbox { fixture in
                try fixture.run(trick)
                let before = try fixture.editor.finish()
                let (_, text) = try fixture.run("cat /run/ingot/script; ls /etc") {
                    $0.files = ["/run/ingot/script": Array("mine\n".utf8)]
                }
                #expect(text == "mine\nfile\npasswd", "\(trick)")
                #expect(try fixture.editor.finish() == before)
            }
        }
    }

    @Test("a link in the place of a folder to mount on is refused", arguments: ["/dev", "/proc", "/run", "/sys"] as [TreePath])
    func mountPoint(_ path: TreePath) throws {
        try withSandbox { fixture in
            try fixture.editor.remove(path)
            try link(path, to: "/tmp", in: fixture)
            let error = #expect(throws: SandboxFailed.self) { try fixture.run("true") }
            #expect(error?.code == .invalid)
        }
    }

    @Test("links that a program leaves for folders are kept as links, and later edits do not go through them")
    func edits() throws {
        try ProbeHost.withOpenFolder { host in
            try withSandbox { fixture in
                try fixture.run("rm -r /tmp /etc; ln -s \(host) /tmp; ln -s \(host) /etc")
                #expect(try fixture.editor.node(at: "/tmp")?.kind == .symlink(target: Array(host.utf8)))
                try fixture.run("echo x > /tmp/x || mkdir -p \(host) && echo x > /tmp/x")
                #expect(try fixture.editor.node(at: TreePath(parsing: "\(host)/x")) == nil)
                try fixture.editor.remove("/etc")
                try fixture.editor.makeDirectory("/etc")
                try fixture.editor.write("new\n", to: "/etc/new")
                #expect(try fixture.run("cat /etc/new").text == "new")
            }
            #expect(Files.names(in: host).isEmpty)
        }
    }

    @Test("removing everything removes nothing of the host")
    func removal() throws {
        try ProbeHost.withOpenFolder { host in
            try Files.writeDurably("\(host)/kept", [1], permissions: 0o666)
            try withSandbox { fixture in
                try fixture.run("ln -s \(host) /tmp/out; busybox rm -rf /* / 2>/dev/null; true") {
                    $0.limits.time = 10_000_000_000
                }
                #expect(try fixture.editor.node(at: "/etc/file") == nil)
            }
            #expect(Files.names(in: host) == ["kept"])
        }
    }

    private func link(_ path: TreePath, to target: String, in fixture: SandboxFixture) throws {
        let metadata = Metadata(mode: 0o777, modified: fixture.date)
        try fixture.editor.put(Node(metadata, .symlink(target: Array(target.utf8))), at: path)
    }
}
