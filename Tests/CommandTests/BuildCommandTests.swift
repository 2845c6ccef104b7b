import FoundationEssentials
import Testing

@Suite struct `Building from the command line` {
    @Test func `a build tells what it made, where the copies are, and three commands that work`() throws {
        try CommandRunner.withSmall { ingot in
            let build = try ingot("build", "small")
            #expect(build.status == 0, "\(build.error)")
            #expect(build.output.hasPrefix("Built ami-"))
            for fact in ["small/1.0.0/1", "us-east-1", "Team=platform", "us-west-2: ami-", "channel  dev", "B of files"] {
                #expect(build.output.contains(fact), "\(fact)")
            }
            #expect(build.error.contains("done    files-2"))
            #expect(build.error.contains("ran because it has not been built before"))
            let commands = build.lines.filter { $0.hasPrefix("  ingot ") }
            #expect(commands.count == 3)
            for command in commands {
                let next = try ingot.run(command.split(separator: " ").dropFirst().map(String.init))
                #expect(next.status == 0, "\(command): \(next.error)")
            }
        }
    }

    @Test func `an unchanged build runs no stage, makes no version, and says so in one line`() throws {
        try CommandRunner.withSmall { ingot in
            let first = try ingot("build", "small", "-o", "quiet").output.dropLast()
            let second = try ingot("build", "small")
            #expect(second.status == 0)
            #expect(second.output == "nothing changed: \(first) (small/1.0.0/1) is the newest version; no stage ran\n")
            #expect(second.error.contains("skipped files: cached, no input changed"))
            #expect(try ingot("images", "-o", "quiet", "--region", "us-east-1").lines == [first])
        }
    }

    @Test func `plan says which parents would be built or copied first, and is no error`() throws {
        try CommandRunner.withSmall { ingot in
            try ingot.write(
                "recipes/top.yaml",
                "name: top\nversion: 1.0.x\nparentImage: small\nstages:\n  - files:\n      - write: {path: /etc/top, text: top}\n"
            )
            try ingot.write("pipelines/top.yaml", "name: top\nrecipe: top\nregion: eu-west-1\n")
            let plan = try ingot("plan", "top")
            #expect(plan.status == 0)
            #expect(
                plan.output == """
                    top: top on small, in eu-west-1
                    small would be built first, in eu-west-1: it is in no region
                    1 stage would follow

                    """)
            let json = try ingot("plan", "top", "-o", "json").output.filter { !$0.isWhitespace }
            #expect(json.contains(#""builtFirst":["small"]"#) && json.contains(#""decision":"follows""#), "\(json)")
            #expect(try ingot("plan", "top", "-o", "quiet").output == "files\n")
            #expect(try ingot("build", "small").status == 0)
            let id = try ingot("images", "-o", "quiet", "--region", "us-east-1").output.split(separator: "\n").first ?? ""
            let copied = try ingot("plan", "top")
            #expect(copied.status == 0 && copied.output.contains("the parent image \(id) would be copied from us-east-1 first"))
            let built = try ingot("build", "top")
            #expect(built.status == 0 && built.error.contains("the parent image \(id) is in us-east-1 alone"), "\(built.error)")
            #expect(try ingot("images", "-o", "quiet", "--region", "eu-west-1").lines.count == 2)
        }
    }

    @Test func `plan says what would run and why: which input changed, from what, to what`() throws {
        try CommandRunner.withSmall { ingot in
            #expect(try ingot("plan", "small").output.contains("files     runs     it has not been built before"))
            #expect(try ingot("build", "small").status == 0)
            #expect(try ingot("plan", "small").output.hasSuffix("3 stages cached: a build would run none\n"))
            let recipe = CommandRunner.recipe()
            try ingot.write("recipes/small.yaml", recipe.replacing("Team: platform", with: "Team: web"))
            #expect(
                try ingot("plan", "small").output.hasSuffix(
                    "would run none, and make a new version of the same tree with other tags or properties\n"))
            #expect(try ingot("plan", "small", "-o", "json").output.replacing(" ", with: "").contains("\"makesVersion\":true"))
            try ingot.write("recipes/small.yaml", recipe)
            #expect(try ingot("plan", "small", "-o", "json").output.replacing(" ", with: "").contains("\"makesVersion\":false"))
            try ingot.write("recipes/site/index.html", "changed\n")
            let copied = try ingot("plan", "pipelines/small.yaml").output
            #expect(copied.contains("files     runs     ") && copied.contains("changed from"))
            #expect(copied.contains("files-2   follows  it depends on what 'files' makes"))
            try ingot.write("recipes/site/index.html", "hello\n")
            try ingot.write("recipes/small.yaml", CommandRunner.recipe(motd: "bye"))
            let plan = try ingot("plan", "small").output
            #expect(plan.contains("files     cached   no input changed"))
            #expect(plan.contains("files-2   runs     ") && plan.contains("'welcome…' to 'bye…'"))
            #expect(plan.hasSuffix("2 stages to run, 1 cached\n"))
            #expect(try ingot("plan", "small", "-o", "quiet").output == "files-2\nvalidate\n")
        }
    }

    @Test func `a reason shows no value that a rule of the scanner finds`() throws {
        try CommandRunner.withSmall { ingot in
            let write = "      - write: {path: /etc/motd, text: "
            func recipe(_ text: String) -> String {
                CommandRunner.recipe().replacing(write + "\"welcome\\n\"", with: write + "\"\(text)\"")
            }
            let (first, second) = ("kT7vQ2mZ9xB4nL6wR1yD8sF3hJ5cG0pAeUiOqXzV", "Zq8Wn3Lx6Vb1Tm9Kc4Rj7Hy2Gf5Ds0PaEoUiXwNk")
            try ingot.write("recipes/small.yaml", recipe("AWS_SECRET_ACCESS_KEY=\(first)\\n"))
            #expect(try ingot("build", "small").status == 0)
            try ingot.write("recipes/small.yaml", recipe("AWS_SECRET_ACCESS_KEY=\(second)\\n"))
            let hidden = "<hidden: aws-secret-access-key>"
            let plan = try ingot("plan", "small").output
            #expect(plan.contains("runs     option [0].write.text changed from \(hidden) to \(hidden)\n"), "\(plan)")
            try ingot.write("recipes/small.yaml", recipe("hello"))
            let build = try ingot("build", "small")
            #expect(build.status == 0 && build.error.contains("changed from \(hidden) to 'hello'"), "\(build.error)")
            #expect(!(plan + build.output + build.error).contains(first.prefix(6)) && !plan.contains(second.prefix(6)))
        }
    }

    @Test(arguments: ["scrub", "harden: {profile: level-9}"])
    func `plan and build say that a profile is missing before any stage runs, and where profiles are`(_ stage: String) throws {
        try CommandRunner.withSmall { ingot in
            let validate = "  - validate: {files: [{path: /etc/motd}]}\n"
            try ingot.write("recipes/small.yaml", CommandRunner.recipe().replacing(validate, with: "  - \(stage)\n"))
            for command in ["plan", "build"] {
                let refused = try ingot(command, "small")
                #expect(refused.status == 66 && refused.error.contains("copy the folder recipes/profiles"), "\(refused.error)")
                #expect(!refused.error.contains("done    files"))
            }
        }
    }

    @Test func `a failed stage ends with status 1, names itself and its reason, and the build is recorded`() throws {
        try CommandRunner.withSmall { ingot in
            let recipe = CommandRunner.recipe().replacing("{path: /etc/motd}", with: "{path: /etc/missing}")
            try ingot.write("recipes/small.yaml", recipe)
            let build = try ingot("build", "small")
            #expect(build.status == 1)
            #expect(build.output.isEmpty)
            #expect(build.error.contains("failed  validate"))
            #expect(build.error.contains("ingot: error: the stage 'validate' failed\n  because "))
            #expect(build.error.contains("/etc/missing"))
            #expect(try ingot("builds").output.contains("failed"))
            #expect(try ingot("images", "-o", "quiet").output.isEmpty)
        }
    }

    @Test func `a document with errors is shown with line and caret, and the status is 65`() throws {
        try CommandRunner.withSmall { ingot in
            try ingot.write("recipes/small.yaml", CommandRunner.recipe().replacing("parentImage", with: "parentImagee"))
            let build = try ingot("build", "small")
            #expect(build.status == 65)
            #expect(build.error.contains("recipes/small.yaml:4:"))
            #expect(build.error.contains("^"))
            #expect(build.error.contains("did you mean 'parentImage'?"))
        }
    }

    @Test func `a build is asked for quietly: only the id on standard output, nothing on standard error`() throws {
        try CommandRunner.withSmall { ingot in
            let build = try ingot("build", "small", "--quiet")
            #expect(build.output.hasPrefix("ami-") && build.lines.count == 1)
            #expect(build.error.isEmpty)
        }
    }

    @Test func `a scrub tells in the summary what was removed, and from where`() throws {
        try CommandRunner.withSmall { ingot in
            let recipe = CommandRunner.recipe().replacing(
                "  - files:\n      - write: {path: /etc/motd",
                with: "  - scrub: {profile: tiny}\n  - files:\n      - write: {path: /etc/motd")
            try ingot.write("recipes/small.yaml", recipe.replacing("/etc/secret", with: "/etc/ssh/ssh_host_rsa_key"))
            try ingot.write("recipes/profiles/scrub-tiny.yaml", Self.profile)
            let build = try ingot("build", "small")
            #expect(build.status == 0, "\(build.error)")
            #expect(build.output.contains("scrubbed"))
            #expect(build.output.contains("host-keys: 2 B in /etc/ssh/ssh_host_rsa_key"))
        }
    }

    private static let profile = """
        name: tiny
        operations:
          - id: host-keys
            title: SSH host keys
            group: B
            action: delete
            paths: [/etc/ssh/ssh_host_*]
            reason: all instances would have the same
            sources: [V]

        """
}
