import CommandLineKit
import Testing

@Suite struct `What differs, by meaning` {
    /// Two versions of an image: another user, another setting, another file.
    private static func images(_ body: (CommandRunner) throws -> Void) throws {
        try CommandRunner.withSmall { ingot in
            try ingot.write("t/etc/passwd", "root:x:0:0::/root:/bin/bash\n")
            try ingot.write("t/etc/ssh/sshd_config", "PermitRootLogin no\n")
            try ingot.write("t/srv/a", "1")
            #expect(try ingot.run(["import", "server", "t"]).status == 0)
            try ingot.write("t/etc/passwd", "root:x:0:0::/root:/bin/bash\ntoor:x:0:0::/:/bin/sh\n")
            try ingot.write("t/etc/ssh/sshd_config", "PermitRootLogin yes\n")
            try ingot.write("t/srv/a", "2")
            #expect(try ingot.run(["import", "server", "t"]).status == 0)
            try body(ingot)
        }
    }

    @Test func `a diff tells what matters for security first, then the files that nothing explains`() throws {
        try Self.images { ingot in
            let result = try ingot.run(["diff", "server/1.0.0", "server/1.0.1", "--semantic"])
            #expect(result.status == 0)
            #expect(result.output.hasPrefix("Matters for security\n"))
            #expect(result.output.contains("permitrootlogin  no -> yes"))
            #expect(result.output.contains("toor") && result.output.contains("is root"))
            #expect(result.output.contains("M  /srv/a"))
            let list = try ingot.run(["diff", "server/1.0.0", "server/1.0.1", "--semantic", "--output", "quiet"])
            #expect(list.output == "users toor\nsshd permitrootlogin\n")
        }
    }

    @Test func `an image does not differ from itself, and a path makes no sense`() throws {
        try Self.images { ingot in
            let same = try ingot.run(["diff", "server", "server", "--semantic"])
            #expect(same.output == "no differences\n")
            let below = try ingot.run(["diff", "server", "server", "/etc", "--semantic"])
            #expect(below.status == 64)
        }
    }

    @Test func `a changelog of the two newest versions is Markdown, and of one version alone an error`() throws {
        try Self.images { ingot in
            let newest = try ingot.run(["changelog", "server"])
            #expect(newest.output.hasPrefix("# server 1.0.1/1\n\nChanges since server 1.0.0/1.\n"))
            #expect(newest.output.contains("## ssh server\n\n- **!** permitrootlogin: no → yes\n"))
            #expect(newest.output.contains("## Other files\n\n- modified /srv/a\n"))
            #expect(try ingot.run(["changelog", "server", "1.0.0", "1.0.1"]).output == newest.output)
            #expect(try ingot.run(["changelog", "server", "1.0.0"]).output == newest.output)
            #expect(try ingot.run(["changelog", "nothing"]).status == 66)
        }
    }

    @Test func `a changelog tells which options of which stages are other ones`() throws {
        try CommandRunner.withSmall { ingot in
            #expect(try ingot.run(["build", "small"]).status == 0)
            try ingot.write("recipes/small.yaml", CommandRunner.recipe(motd: "good day"))
            #expect(try ingot.run(["build", "small"]).status == 0)
            let text = try ingot.run(["changelog", "small"]).output
            #expect(text.contains("## Recipe\n\n- `"))
            #expect(text.contains("changed from 'welcome"))
            #expect(text.contains("- modified /etc/motd"))
        }
    }
}
