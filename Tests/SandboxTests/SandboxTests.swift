import Crypto
import Glibc
import ImageStore
import Model
import Platform
import Sandbox
import TestSupport
import Testing

@Suite(.serialized, .enabled(if: SandboxFixture.isAvailable, "\(SandboxFixture.obstacle ?? "")"))
struct SandboxTests {
    @Test("a program runs in the image, and its exit status comes back")
    func status() throws {
        try withSandbox { fixture in
            let (result, text) = try fixture.run("cat /etc/file; echo oops >&2; exit 3")
            #expect(text == "old\noops")
            #expect(result.end == .exited(3))
        }
    }

    @Test("what a program writes, changes and removes is in the tree afterwards, and nothing else")
    func changes() throws {
        try withSandbox { fixture in
            let before = try Tree(fixture.editor.finish(), in: fixture.editor.objects)
            try fixture.run("echo new > /etc/new; echo more >> /etc/file; rm /bin/tty; mkdir -p /opt/a/b; touch /opt/a/b/c")
            let after = try Tree(fixture.editor.finish(), in: fixture.editor.objects)
            let changes = try TreeDiff.changes(from: before, to: after).map { "\($0.kind) \($0.path)" }
            #expect(
                changes == [
                    "removed /bin/tty", "modified /etc/file", "added /etc/new", "added /opt", "added /opt/a", "added /opt/a/b",
                    "added /opt/a/b/c",
                ])
            #expect(try fixture.text("/etc/file") == "old\nmore\n")
            #expect(try after.node(at: "/etc/new")?.metadata == Metadata(mode: 0o644, modified: fixture.date))
        }
    }

    @Test("a program that changes nothing leaves the digest as it was")
    func nothing() throws {
        try withSandbox { fixture in
            let before = try fixture.editor.finish()
            try fixture.run("chmod 644 /etc/file; ls / /run /dev; touch /run/x; touch /dev/shm/y; mkdir /d; rmdir /d")
            #expect(try fixture.editor.finish() == before)
        }
    }

    @Test("what was edited between two programs is there for the second")
    func edits() throws {
        try withSandbox { fixture in
            try fixture.run("echo one > /etc/one; mkdir /d; echo x > /d/x")
            try fixture.editor.write("two\n", to: "/etc/two", metadata: Metadata(mode: 0o600, uid: 7, gid: 8, modified: 5))
            try fixture.editor.remove("/d")
            try fixture.editor.write("changed\n", to: "/etc/one")
            let before = try fixture.editor.finish()
            let (_, text) = try fixture.run("cat /etc/one /etc/two; stat -c '%u:%g %a %Y' /etc/two; ls /d")
            #expect(text == "changed\ntwo\n7:8 600 0\nls: /d: No such file or directory")
            #expect(try fixture.editor.finish() == before)
        }
    }

    @Test(
        "a tree that is near a base is shown by the base's mountable file; one that cannot be, by its own",
        arguments: [true, false])
    func base(isNear: Bool) throws {
        try withSandbox { fixture in
            let base = try fixture.editor.finish()
            try fixture.editor.write("edited\n", to: "/etc/file")
            try fixture.editor.remove("/bin/tty")
            if !isNear {
                try fixture.editor.put(Node(Metadata(mode: 0o600, modified: 5), .blockDevice(major: 7, minor: 9)), at: "/b")
            }
            let shown = try fixture.editor.finish()
            let images = "\(fixture.folder)/near-images"
            let near = Sandbox(
                folder: "\(fixture.folder)/near", images: try TreeImageCache(images, environment: .system()), base: base,
                environment: .system())
            defer { near.close() }
            var text = ""
            let script = GuestProgram(["/bin/sh", "-c", "cat /etc/file; test -e /bin/tty || echo gone; echo more >> /etc/file"])
            _ = try near.run(script, on: fixture.editor) { _, line in text += String(decoding: line, as: UTF8.self) + " " }
            #expect(text == "edited gone ")
            #expect(try fixture.text("/etc/file") == "edited\nmore\n")
            let changes = try TreeDiff.changes(
                from: Tree(shown, in: fixture.editor.objects), to: Tree(fixture.editor.finish(), in: fixture.editor.objects))
            #expect(changes.map(\.path.description) == ["/etc/file"])
            #expect(Files.names(in: images).map { $0.hasPrefix((isNear ? base : shown).hex) } == [true])
        }
    }
}
