import ImageStore
import Model
import Platform
import Sandbox
import Testing

/// What programs leave in the tree to deceive whoever reads it back.
@Suite(.serialized, .enabled(if: SandboxFixture.isAvailable, "\(SandboxFixture.obstacle ?? "")"))
struct ProbeLayerTests {
    private static let hasProbe = ProbeProgram.obstacle == nil

    @Test(
        "attributes of the overlay that a program sets neither hide nor change anything",
        .enabled(if: hasProbe, "\(ProbeProgram.obstacle ?? "")"))
    func overlayAttributes() throws {
        try withSandbox { fixture in
            try ProbeProgram.add(to: fixture)
            let before = try fixture.editor.finish()
            try fixture.run("/bin/probe set-opaque set-redirect set-metacopy set-origin set-whiteout")
            #expect(try fixture.editor.finish() == before)
            #expect(try fixture.run("cat /etc/file; ls /etc").text == "old\nfile\npasswd")
            #expect(try fixture.editor.finish() == before)
        }
    }

    @Test(
        "file capabilities that a program sets are named, and come back with the program's own ids",
        .enabled(if: hasProbe, "\(ProbeProgram.obstacle ?? "")"))
    func capabilities() throws {
        try withSandbox { fixture in
            try ProbeProgram.add(to: fixture)
            let (result, _) = try fixture.run("cp /bin/probe /tmp/able; /bin/probe set-capability")
            #expect(result.remarks.contains("/tmp/able has file capabilities"))
            let node = try #require(try fixture.editor.node(at: "/tmp/able"))
            // Version 2: without the number of a user of the host.
            #expect(node.metadata.attributes.first { $0.name == Array("security.capability".utf8) }?.value.count == 20)
        }
    }

    @Test("sockets do not come back", .enabled(if: hasProbe, "\(ProbeProgram.obstacle ?? "")"))
    func sockets() throws {
        try withSandbox { fixture in
            try ProbeProgram.add(to: fixture)
            let before = try fixture.editor.finish()
            #expect(try fixture.run("/bin/probe make-socket").text == "make-socket reached")
            #expect(try fixture.editor.finish() == before)
        }
    }

    @Test("what lies beside the tree does not come back", arguments: ["/run/x", "/run/ingot/x", "/dev/shm/x"])
    func beside(_ path: String) throws {
        try withSandbox { fixture in
            let before = try fixture.editor.finish()
            let (result, _) = try fixture.run("mkdir -p $(dirname \(path)) 2>/dev/null; echo x > \(path)")
            #expect(result.isSuccess)
            #expect(try fixture.editor.finish() == before)
        }
    }

    @Test("names with line ends, of 255 bytes and of no encoding come back as they are")
    func names() throws {
        try withSandbox { fixture in
            let long = String(repeating: "n", count: 255)
            try fixture.run("cd /tmp; touch -- \"$(printf 'a\\nb')\" \"$(printf '\\377\\376')\" '-rf' ' ' '*' \(long)")
            let names = try #require(try fixture.editor.children(of: "/tmp")).map { $0.name.bytes }
            #expect(
                Set(names) == [Array("a\nb".utf8), [255, 254], Array("-rf".utf8), [0x20], [0x2A], Array(long.utf8)])
            try fixture.editor.remove("/tmp")
            try fixture.editor.makeDirectory("/tmp")
            #expect(try fixture.run("ls /tmp | wc -l").text == "0")
        }
    }

    @Test("a path that is longer than the kernel's limit is read back or refused, and removed afterwards", arguments: [100, 600])
    func deep(_ depth: Int) throws {
        try withSandbox { fixture in
            let script =
                "cd /tmp; i=0; while [ $i -lt \(depth) ]; do mkdir ddddddddd && cd -P ddddddddd; i=$((i+1)); done; echo x > end"
            do {
                try fixture.run(script)
                var path = TreePath("/tmp")
                for _ in 0..<depth { path = path.appending(try #require(Name("ddddddddd"))) }
                #expect(try fixture.editor.text(path.appending(try #require(Name("end")))) == "x\n")
            } catch let error as SandboxFailed { #expect(error.code == .exhausted) }
            fixture.sandbox.close()
            #expect(!Files.exists("\(fixture.folder)/sandbox"))
        }
    }

    @Test("a file that is removed while it is open leaves nothing")
    func unlinked() throws {
        try withSandbox { fixture in
            let before = try fixture.editor.finish()
            let (_, text) = try fixture.run("exec 3<>/tmp/gone; rm /tmp/gone; echo here >&3; echo done")
            #expect(text == "done")
            #expect(try fixture.editor.finish() == before)
        }
    }

    @Test("times that lie in the future or before 1970 do not change with the clock")
    func times() throws {
        try withSandbox { fixture in
            try fixture.run("touch -d '2037-01-01 00:00:00' /tmp/late; touch -d '1980-01-01 00:00:00' /tmp/early")
            #expect(try fixture.editor.node(at: "/tmp/late")?.metadata.modified == fixture.date)
            #expect(try fixture.editor.node(at: "/tmp/early")?.metadata.modified == 315_532_800_000_000_000)
        }
    }

    @Test("what nobody may read is read back all the same, and removed")
    func unreadable() throws {
        try withSandbox { fixture in
            try fixture.run("mkdir -p /tmp/a/b; echo x > /tmp/a/b/c; chown -R 33:33 /tmp/a; chmod 0 /tmp/a/b/c /tmp/a/b /tmp/a")
            #expect(try fixture.text("/tmp/a/b/c") == "x\n")
            #expect(try fixture.editor.node(at: "/tmp/a")?.metadata.mode == 0)
            fixture.sandbox.close()
            #expect(!Files.exists("\(fixture.folder)/sandbox"))
        }
    }

    @Test("a setuid bit that is given to a file by another of its names is named")
    func hardLinks() throws {
        try withSandbox { fixture in
            let (result, _) = try fixture.run("ln /etc/file /tmp/other; chmod 4755 /tmp/other")
            #expect(result.remarks.contains { $0.hasPrefix("/etc/file is setuid") })
        }
    }
}
