import Glibc
import Platform
import TestSupport
import Testing

@Suite struct `Keeping a workspace from the command line` {
    @Test func `check ends with status 76 and names the image and path that damage reaches`() throws {
        try CommandRunner.withSmall { ingot in
            #expect(try ingot("build", "small").status == 0)
            #expect(try ingot("check").output.contains("all sound"))
            try Self.damage(in: ingot.folder + "/.ingot/regions/us-west-2/store/plain/packs")
            let check = try ingot("check")
            #expect(check.status == 76)
            #expect(check.output.contains("us-east-1: ") && check.output.contains("all sound"))
            #expect(check.output.contains("damaged: "))
            #expect(try ingot("check", "-o", "quiet").status == 76)
        }
    }

    @Test func `check misses a region whose folder is gone, until there is a copy there again`() throws {
        try CommandRunner.withSmall { ingot in
            #expect(try ingot("build", "small").status == 0)
            #expect(try ingot("check").status == 0)
            try Shell.run("rm -r .ingot/regions/us-west-2", in: ingot.folder)
            let check = try ingot("check")
            #expect(
                check.status == 76 && check.output.contains("damaged: the region us-west-2: its folder is gone"),
                "\(check.output)")
            #expect(check.output.contains("needed by all that was in it: 1 image of builds and copies"))
            #expect(check.output.contains("us-east-1: ") && check.output.contains("all sound"))
            #expect(try ingot("check", "-o", "quiet").output == "the region us-west-2\n")
            #expect(try ingot("copy", "small", "--to", "us-west-2").status == 0)
            #expect(try ingot("check").status == 0)
        }
    }

    @Test func `what is in images is nobody else's to read, also in a folder that was there and is open`() throws {
        try CommandRunner.withSmall { ingot in
            try Shell.run("umask 022; mkdir -m 755 .ingot", in: ingot.folder)
            #expect(try ingot("build", "small").status == 0)
            let open = try Shell.run(
                "find .ingot -mindepth 1 -maxdepth 2 -type d -perm /077; find .ingot -maxdepth 1 -type f -perm /077",
                in: ingot.folder)
            #expect(open.isEmpty)
            #expect(try Shell.run("stat -c %a .ingot .ingot/regions/*/store/plain", in: ingot.folder) == "755\n700\n700\n")
        }
    }

    @Test func `serve is not to be emptied by whoever reaches it`() throws {
        try CommandRunner.inFolder { ingot in
            let result = try ingot("serve", "--address", "192.0.2.1", "--unprotected", "--test-reset", "--port", "0")
            #expect(result.status == 64 && result.error.contains("other machines must not reach it"))
        }
    }

    @Test func `serve at all addresses prints one that a client of this machine can ask`() throws {
        try CommandRunner.inFolder { ingot in
            let result = try ingot.shell(
                """
                "$0" serve --quiet --unprotected --address 0.0.0.0 --port 0 > .out 2> .err & pid=$!
                end=$(($(date +%s) + 60))
                until [ -s .out ] || [ $(date +%s) -ge $end ]; do kill -0 $pid || exit 1; done
                kill $pid; wait $pid
                """)
            #expect(result.lines.first?.hasPrefix("http://127.0.0.1:") ?? false, "\(result)")
        }
    }

    /// Turns one bit in the first object of the first pack.
    private static func damage(in packs: String) throws {
        let path = "\(packs)/\(try #require(Files.names(in: packs).first))"
        var bytes = try Files.read(path)
        bytes[40] ^= 1
        try Files.setMode(bytes: Array(path.utf8), 0o644)
        try Files.writeDurably(path, bytes)
    }

    @Test func `collect removes nothing that an image needs, and a dry run removes nothing at all`() throws {
        try CommandRunner.withSmall { ingot in
            #expect(try ingot("build", "small").status == 0)
            #expect(try ingot("collect", "--dry-run").output.contains("this was a dry run"))
            #expect(try ingot("collect", "--keep", "0s").status == 0)
            #expect(try ingot("check").status == 0)
            #expect(try ingot("cat", "small", "/etc/motd").output == "welcome\n")
            let wrong = try ingot("collect", "--keep", "soon")
            #expect(wrong.status == 65)
            #expect(wrong.error.contains("30m, 36h or 7d"))
        }
    }

    @Test func `events are filtered by kind, subject and time, and limited to the newest`() throws {
        try CommandRunner.withSmall { ingot in
            #expect(try ingot("build", "small").status == 0)
            let moves = try ingot("events", "--kind", "channel.moved", "--since", "1h")
            #expect(moves.lines.count == 2 && moves.output.contains("small/dev"))
            #expect(try ingot("events", "--subject", "small/dev", "-o", "quiet").lines.count == 1)
            #expect(try ingot("events", "--limit", "2", "-o", "quiet").lines.count == 2)
            #expect(try ingot("events", "--since", "2100-01-01", "-o", "quiet").output.isEmpty)
            #expect(try ingot("events", "--since", "yesterday").status == 65)
        }
    }

    @Test func `without a workspace a command that looks says so, and makes none`() throws {
        try CommandRunner.inFolder { ingot in
            for words in [["images"], ["show", "x"], ["check"], ["events"], ["channels"], ["builds"]] {
                let result = try ingot.run(words)
                #expect(result.status == 66)
                #expect(result.error.hasPrefix("ingot: error: there is no workspace at .ingot\nhint: "))
            }
            #expect(!Files.exists(ingot.folder + "/.ingot"))
            #expect(try ingot.run(["images"], variables: ["INGOT_HOME": "elsewhere"]).error.contains("at elsewhere"))
        }
    }

    @Test func `a catalogue that is gone or empty is damage, and no command takes the packs for garbage`() throws {
        for script in ["rm $c*", ": > $c; rm $c-*"] {
            try CommandRunner.withSmall { ingot in
                #expect(try ingot("build", "small").status == 0)
                try Shell.run("c=.ingot/regions/us-east-1/catalog.db; \(script)", in: ingot.folder)
                let build = try ingot("build", "small")
                #expect(build.status == 76)
                #expect(build.error.contains("the catalogue of us-east-1 is damaged"))
                // Nor for one that never was, with the copies elsewhere as all that there is.
                for command in [["check"], ["images"], ["show", "small"]] {
                    #expect(try ingot.run(command).status == 76, "\(command)")
                }
                _ = try ingot("collect", "--keep", "0s")
                #expect(!Files.names(in: ingot.folder + "/.ingot/regions/us-east-1/store/plain/packs").isEmpty)
            }
        }
    }

    @Test func `check looks at the ledger and the catalogues too`() throws {
        for file in ["ledger.db", "regions/us-east-1/catalog.db"] {
            try CommandRunner.withSmall { ingot in
                #expect(try ingot("build", "small").status == 0)
                let script = "head -c 5000 /dev/zero | tr '\\0' x | dd of=.ingot/\(file) conv=notrunc bs=1 seek=8192 status=none"
                try Shell.run(script, in: ingot.folder)
                let check = try ingot("check")
                #expect(check.status == 76 && check.error.contains("is damaged"), "\(check.output)\(check.error)")
            }
        }
    }

    @Test func `the command line's own errors are status 64, with the nearest word`() throws {
        try CommandRunner.inFolder { ingot in
            let command = try ingot("bild")
            #expect(command.status == 64)
            #expect(command.error.contains("did you mean 'build'?"))
            #expect(try ingot("images", "--outptu", "json").error.contains("did you mean '--output'?"))
            #expect(try ingot("stages", "scrubb").status == 64)
            #expect(try ingot("build").status == 64)
            #expect(try ingot("images", "--home", "").status == 64)
            #expect(try ingot("images", "--region", "mars-1").status == 66)
            #expect(try ingot("build", "nothing").status == 66)
        }
    }

    @Test func `a reader that goes away ends the program quietly, and a full disk loudly`() throws {
        try CommandRunner.inFolder { ingot in
            try Shell.run("mkdir t; head -c 3000000 /dev/zero | tr '\\0' x > t/large", in: ingot.folder)
            #expect(try ingot("import", "base", "t").status == 0)
            // More than a pipe holds.
            for command in ["cat base /large", "export base -o -"] {
                let script = "{ \"$0\" \(command) 2> .err; echo $? > status; } | head -c 1 > .out; exit $(cat status)"
                let head = try ingot.shell(script)
                #expect(head.bytes.count == 1 && head.error.isEmpty)
                #expect(head.status == 141)
            }
            let full = try ingot.shell("\"$0\" images > /dev/full 2> .err")
            #expect(full.status == 74)
            #expect(full.error == "ingot: error: writing the output failed: No space left on device\n")
        }
    }

    @Test func `the completion script of each shell asks the program, which knows the images`() throws {
        try CommandRunner.withSmall { ingot in
            #expect(try ingot("build", "small").status == 0)
            for shell in ["bash", "zsh", "fish"] {
                let script = try ingot("completions", shell).output
                #expect(script.contains("__complete"))
            }
            #expect(try ingot("__complete", "--", "show", "sm").output == "small\tnewest image\n:none\n")
            #expect(try ingot("__complete", "--", "build", "").output.contains("small"))
            #expect(try ingot("__complete", "--", "promote", "small", "--to", "d").output.hasPrefix("dev"))
        }
    }
}
