import Platform
import Sandbox
import TestSupport
import Testing

@Suite(.serialized) struct `Instances from the command line` {
    private static let busybox = ["/bin/busybox", "/usr/bin/busybox"].first { Files.exists($0) }
    private static var canRun: Bool { busybox != nil && (try? Sandbox.checkAvailable()) != nil }

    /// A workspace with an image of busybox, and an instance of it.
    private static func withInstance(_ body: (CommandRunner, _ id: String) throws -> Void) throws {
        try CommandRunner.inFolder { ingot in
            try Shell.run(
                """
                mkdir -p tree/bin tree/dev tree/proc tree/run tree/sys tree/tmp tree/etc tree/root
                cp \(busybox ?? "") tree/bin/busybox
                for name in sh cat echo rm hostname sleep; do ln -s busybox tree/bin/$name; done
                """, in: ingot.folder)
            let imported = try ingot("import", "box", "tree")
            #expect(imported.status == 0, "\(imported.error)")
            let launched = try ingot("launch", "box", "--name", "one", "-o", "quiet")
            #expect(launched.status == 0, "\(launched.error)")
            try body(ingot, try #require(launched.lines.first.map(String.init)))
        }
    }

    @Test(.enabled(if: canRun, "needs the sandbox and busybox: apt-get install bubblewrap busybox-static"))
    func `programs run on it, their status is the command's, and what they write stays`() throws {
        try Self.withInstance { ingot, id in
            #expect(try ingot("exec", id, "--", "sh", "-c", "echo one > /etc/made; exit 7").status == 7)
            #expect(try ingot("exec", id, "--", "cat", "/etc/made").output == "one\n")
            let missing = try ingot("exec", id, "--", "nothing-here", "x")
            #expect(missing.status == 127 && missing.error.contains("nothing-here is not there"))
            let late = try ingot("exec", id, "--timeout", "1", "--", "sleep", "60")
            #expect(late.status == 74 && late.error.contains("the time limit of 1 s"))
            #expect(try ingot("instance", "stop", id).output == "\(id) is stopped\n")
            let refused = try ingot("exec", id, "--", "true")
            #expect(refused.status == 73 && refused.error.contains("is stopped"), "\(refused)")
            #expect(try ingot("instance", "start", id).output == "\(id) is running\n")
            #expect(try ingot("exec", id, "--", "cat", "/etc/made").output == "one\n")
        }
    }

    @Test(.enabled(if: canRun, "needs the sandbox and busybox: apt-get install bubblewrap busybox-static"))
    func `a program that is not in an image without a shell is named, and one that is there runs`() throws {
        try CommandRunner.inFolder { ingot in
            try Shell.run(
                "mkdir -p tree/bin tree/dev tree/proc tree/run tree/sys tree/tmp; cp \(Self.busybox ?? "") tree/bin/echo",
                in: ingot.folder)
            #expect(try ingot("import", "bare", "tree").status == 0)
            let id = try #require(ingot("launch", "bare", "-o", "quiet").lines.first.map(String.init))
            let shell = try ingot("exec", id)
            #expect(
                shell.status == 69 && shell.error.contains("/bin/sh is not in the image, or not executable"), "\(shell.error)")
            let missing = try ingot("exec", id, "--", "nothing-here")
            #expect(missing.status == 69 && missing.error.contains("nothing-here is not in the image"), "\(missing.error)")
            #expect(try ingot("exec", id, "--", "echo", "hello").output == "hello\n")
        }
    }

    @Test(.enabled(if: canRun, "needs the sandbox and busybox: apt-get install bubblewrap busybox-static"))
    func `an image without a restart says what it lacks`() throws {
        try Self.withInstance { ingot, id in
            #expect(try ingot("exec", id, "--", "sh", "-c", "echo one > /etc/made").status == 0)
            let image = try ingot("instance", "create-image", id, "live", "--no-reboot")
            #expect(image.output.contains("crash-consistent: 1 write not durable and missing\n  /etc/made"), "\(image.output)")
            #expect(try ingot("show", "live").output.contains("/etc/made"))
            #expect(try ingot("instance", "sync", id).status == 0)
            let whole = try ingot("instance", "create-image", id, "synced", "--no-reboot")
            #expect(whole.output.contains("all writes were durable"))
            #expect(try ingot("cat", "synced", "/etc/made").output == "one\n")
        }
    }

    @Test(.enabled(if: canRun, "needs the sandbox and busybox: apt-get install bubblewrap busybox-static"))
    func `killed in the middle of a program it has what was written before, and can be used at once`() throws {
        try Self.withInstance { ingot, id in
            #expect(try ingot("exec", id, "--", "sh", "-c", "echo one > /etc/made").status == 0)
            let killed = try ingot.shell(
                """
                "$0" exec \(id) -- sh -c 'echo two > /etc/made; echo written; sleep 600' > .pipe 2> .err & pid=$!
                until grep -q written .pipe 2> /dev/null; do :; done
                kill -9 $pid; wait $pid
                """)
            #expect(killed.status == 137, "\(killed)")
            let after = try ingot("exec", id, "--", "cat", "/etc/made")
            #expect(after.output == "one\n", "\(after.error)")
            #expect(try ingot("check").status == 0)
        }
    }

    @Test func `instances are listed with their names, and others' are not there`() throws {
        try CommandRunner.withSmall { ingot in
            try ingot.write(
                "ingot.yaml", "accounts:\n  - {id: \"111111111111\", name: build}\n  - {id: \"222222222222\", name: dev}\n")
            #expect(try ingot("build", "small").status == 0)
            let id = try #require(
                try ingot("launch", "us-east-1:small", "--name", "one", "-o", "quiet").lines.first.map(String.init))
            let list = try ingot("instances")
            #expect(list.lines.count == 2 && list.output.contains("one") && list.output.contains(id))
            #expect(try ingot("instances", "-o", "quiet", "--as", "dev").lines.isEmpty)
            let refused = try ingot("instance", "stop", id, "--as", "dev")
            #expect(refused.status == 66 && refused.error.contains("The instance ID '\(id)' does not exist"))
            #expect(try ingot("instance", "terminate", id).output == "\(id) is terminated\n")
            #expect(try ingot("instances", "-o", "quiet").lines.isEmpty)
            #expect(try ingot("instances", "--all", "-o", "quiet").lines == [Substring(id)])
        }
    }
}
