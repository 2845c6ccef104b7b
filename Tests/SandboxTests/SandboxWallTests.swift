import Glibc
import ImageStore
import Model
import Platform
import Sandbox
import TestSupport
import Testing

@Suite(.serialized, .enabled(if: SandboxFixture.isAvailable, "\(SandboxFixture.obstacle ?? "")"))
struct SandboxWallTests {
    @Test("a program is root inside, and nobody on the host")
    func identity() throws {
        try withSandbox { fixture in
            let (_, text) = try fixture.run("id -u; cat /proc/self/uid_map; hostname; ls /proc/self/fd | wc -l; umask; tty")
            let lines = text.split(separator: "\n")
            #expect(lines[0] == "0")
            let map = lines[1].split(separator: " ").compactMap { UInt32($0) }
            #expect(map.count == 3 && map[0] == 0 && map[1] >= 100_000 && map[2] == 65_536)
            #expect(lines[2] == "localhost")
            // Three, and the one by which the folder is read.
            #expect(lines[3] == "4")
            #expect(lines[4] == "0022")
            #expect(lines[5] == "not a tty")
        }
    }

    @Test("the environment is what the program was given, and no more")
    func environment() throws {
        try withSandbox { fixture in
            let (_, text) = try fixture.run("env") { $0.environment = ["A": "b c", "PATH": "/bin"] }
            #expect(
                Set(text.split(separator: "\n")) == [
                    "A=b c", "PATH=/bin", "HOME=/root", "USER=root", "LANG=C.UTF-8", "TMPDIR=/tmp", "PWD=/", "SHLVL=1",
                ])
        }
    }

    @Test(
        "what reaches around the walls is refused",
        arguments: [
            "mount -t tmpfs x /tmp", "unshare -U true", "mknod /tmp/d b 8 0 && cat /tmp/d", "echo x > /proc/sys/kernel/hostname",
            "echo x > /proc/sys/kernel/core_pattern", "touch /sys/x", "touch /dev/x", "cat /proc/kcore | head -c 1 | grep .",
            "ls /work", "ip link set lo down", "hostname other", "echo c > /proc/sysrq-trigger",
        ])
    func refused(_ script: String) throws {
        try withSandbox { fixture in
            let (result, text) = try fixture.run(script)
            #expect(!result.isSuccess, "\(script): \(text)")
        }
    }

    @Test("files for a program are there, read-only, and gone afterwards")
    func files() throws {
        try withSandbox { fixture in
            let before = try fixture.editor.finish()
            let (result, text) = try fixture.run("/run/ingot/script a; rm /run/ingot/script || echo kept") {
                $0.files = ["/run/ingot/script": Array("#!/bin/sh\necho script $1\n".utf8)]
            }
            #expect(result.isSuccess && text.contains("script a\n") && text.contains("kept"))
            #expect(try fixture.editor.finish() == before)
        }
    }

    @Test("setuid files that a program makes are named")
    func remarks() throws {
        try withSandbox { fixture in
            let (result, _) = try fixture.run("cp /bin/busybox /tmp/s; chown 7 /tmp/s; chmod 4755 /tmp/s; chmod 2755 /etc/file")
            #expect(
                result.remarks.filter { $0.hasPrefix("/") } == [
                    "/etc/file is setgid, of group 0", "/tmp/s is setuid, of user 7",
                ])
            #expect(try fixture.editor.node(at: "/tmp/s")?.metadata.uid == 7)
            let (again, _) = try fixture.run("touch /tmp/s")
            #expect(again.remarks.filter { $0.hasPrefix("/") } == [])
        }
    }

    @Test("a program that is missing is named before anything starts")
    func missing() throws {
        try withSandbox { fixture in
            let error = #expect(throws: SandboxFailed.self) { try fixture.run("") { $0.arguments = ["apt-get"] } }
            #expect(error?.code == .unavailable)
            #expect(error?.text.contains("apt-get is not in the image") == true)
            #expect(throws: SandboxFailed.self) { try fixture.run("true") { $0.workingFolder = "/nowhere" } }
        }
    }

    @Test("hard links, directories that took the place of others, fifos and holes come back")
    func shapes() throws {
        try withSandbox { fixture in
            try fixture.editor.makeDirectory("/d")
            try fixture.editor.write("x", to: "/d/old")
            try fixture.editor.write("y", to: "/f")
            try fixture.run("rm -r /d; mkdir /d; touch /d/new; rm /f; mkdir /f; rm /etc/file; ln -s x /etc/file")
            try fixture.run("echo 1 > /a; ln /a /b; mkfifo /p; truncate -s 3M /h; mkdir /etc/dir; mv /etc/dir /etc/other")
            #expect(try fixture.editor.children(of: "/d")?.map(\.name.description) == ["new"])
            #expect(try fixture.editor.children(of: "/f")?.isEmpty == true)
            #expect(try fixture.editor.node(at: "/etc/file")?.kind == .symlink(target: [0x78]))
            #expect(try fixture.editor.node(at: "/b")?.kind == .hardLink("/a"))
            #expect(try fixture.editor.node(at: "/p")?.kind == .fifo)
            #expect(try fixture.editor.node(at: "/h")?.content?.size == 3 << 20)
            let before = try fixture.editor.finish()
            try fixture.run("true")
            #expect(try fixture.editor.finish() == before)
            try fixture.run("rm /b; echo 2 >> /a")
            #expect(try fixture.text("/a") == "1\n2\n")
            #expect(try fixture.editor.node(at: "/b") == nil)
        }
    }

    @Test("removing everything is survived")
    func removal() throws {
        try withSandbox { fixture in
            try fixture.run("busybox rm -rf / 2>/dev/null")
            #expect(try fixture.editor.node(at: "/bin") == nil)
            #expect(try fixture.editor.node(at: "/etc/passwd") == nil)
        }
    }

    @Test("nothing is left on the host when a sandbox is closed")
    func leftovers() throws {
        let before = try Self.hostState()
        try withSandbox { fixture in
            try fixture.run("mkdir -p /a/b; chmod 0 /a; echo x > /etc/x")
            #expect(try Self.hostState() == before)
            fixture.sandbox.close()
            #expect(!Files.exists("\(fixture.folder)/sandbox"))
        }
        #expect(try Self.hostState() == before)
    }

    /// The mounts of the host.
    private static func hostState() throws -> [UInt8] { try Files.readStream("/proc/self/mountinfo") }
}

@Suite(.serialized, .enabled(if: SandboxFixture.isAvailable, "\(SandboxFixture.obstacle ?? "")"))
struct SandboxNetworkTests {
    @Test("without the network there is only a loopback device")
    func none() throws {
        try withSandbox { fixture in
            let (_, text) = try fixture.run("ip -o link | wc -l; ip route | wc -l")
            #expect(text == "1\n0")
        }
    }

    @Test("with it the host's own services are not reached, nor link-local ones")
    func loopback() throws {
        let server = try ProbeServer()
        try withSandbox { fixture in
            try fixture.addProgram("/bin/bash")
            let before = try fixture.editor.finish()
            let (_, text) = try fixture.run(
                """
                ip -o link | grep -c tap0; cat /etc/resolv.conf
                for h in 127.0.0.1 10.0.2.2; do bash -c "exec 3<>/dev/tcp/$h/\(server.port)" 2>/dev/null || echo no; done
                bash -c 'exec 3<>/dev/tcp/169.254.169.254/80' 2>&1 | grep -q 'No route' && echo unreachable
                """
            ) {
                $0.network = .outgoing
                $0.limits.time = 20_000_000_000
            }
            #expect(text == "1\nnameserver 10.0.2.3\nno\nno\nunreachable")
            #expect(!server.wasReached)
            #expect(try fixture.editor.finish() == before)
        }
    }

    @Test(
        "with it the host's other addresses are not reached; without the routes that refuse them they are",
        .enabled(if: !HostAddresses.internet.isEmpty, "the host has no address besides loopback"))
    func hostAddresses() throws {
        let address = try #require(HostAddresses.internet.first)
        let shown = stride(from: UInt32(24), through: 0, by: -8).map { "\(address >> $0 & 255)" }.joined(separator: ".")
        for walls in [Walls.all, Walls.all.subtracting(.hostAddresses)] {
            let server = try ProbeServer(address: address)
            try withSandbox(walls: walls) { fixture in
                try fixture.addProgram("/bin/bash")
                let script = "bash -c 'exec 3<>/dev/tcp/\(shown)/\(server.port)' 2>/dev/null && echo yes || echo no"
                let (_, text) = try fixture.run(script) {
                    $0.network = .outgoing
                    $0.limits.time = 20_000_000_000
                }
                #expect(text == (walls == .all ? "no" : "yes"))
            }
            #expect(server.wasReached == (walls != .all))
        }
    }

    private static let mirror = (try? Shell.run("curl -sfI -m 5 http://deb.debian.org/debian/", in: "/")) != nil

    @Test("names are found, and the mirror is reached", .enabled(if: mirror, "needs http://deb.debian.org/"))
    func outgoing() throws {
        try withSandbox { fixture in
            try fixture.addProgram("/bin/bash")
            let (result, text) = try fixture.run(
                """
                bash -c 'exec 3<>/dev/tcp/deb.debian.org/80
                  printf "GET /debian/dists/stable/Release HTTP/1.1\\r\\nHost: deb.debian.org\\r\\nConnection: close\\r\\n\\r\\n" >&3; cat <&3' | head -n 30
                """
            ) {
                $0.network = .outgoing
                $0.limits.time = 20_000_000_000
            }
            #expect(result.isSuccess && text.contains("Origin: Debian"), "\(text)")
        }
    }
}
