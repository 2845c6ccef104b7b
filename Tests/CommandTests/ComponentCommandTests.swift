import FoundationEssentials
import Model
import Platform
import TestSupport
import Testing

/// Components with programs, in builds of the real program.
@Suite(.serialized, .enabled(if: ComponentWorkshop.isPossible, "\(ComponentWorkshop.obstacle ?? "")"))
struct `A build whose component runs programs` {
    // MARK: Tests

    @Test("whose test fails, leaves an image that is failed, in no channel, and cannot be promoted; mended, it builds")
    func failingTest() throws {
        try ComponentWorkshop.with { work in
            try work.recipe("tested", "- component: {use: tested}\n- test", pipeline: "promotion: {channels: [dev, prod]}\n")
            try work.component("tested", [("build", ["echo bad > /srv/state"]), ("test", ["grep good /srv/state"])])
            let failed = try work.ingot("build", "tested")
            #expect(failed.status == 1 && failed.error.contains("failed its tests"), "\(failed.error)")
            #expect(try work.ingot("images", "--all", "-o", "json").output.contains("\"failed\""))
            #expect(try work.ingot("channels", "-o", "quiet").output.isEmpty)
            #expect(try work.ingot("promote", "tested", "--to", "dev").status != 0)
            #expect(try work.ingot("channels", "-o", "quiet").output.isEmpty)
            try work.component("tested", [("build", ["echo good > /srv/state"]), ("test", ["grep good /srv/state"])])
            #expect(try work.ingot("build", "tested").status == 0)
            #expect(try work.ingot("channels").output.contains("dev"))
        }
    }

    // MARK: Ctrl-C

    @Test(
        "ends within a few seconds of Ctrl-C, with all its processes, and says how to go on; the steps before are not run again")
    func interrupted() throws {
        try ComponentWorkshop.with { work in
            try work.recipe("slow", "- component: {use: slow}")
            try work.component("slow", [("build", ["echo one >> /srv/log", "echo waiting; sleep 98761"])])
            let clock = ContinuousClock()
            var began = clock.now
            let result = try work.ingot.interrupt(["build", "slow"]) {
                while try !work.consoles().contains("waiting") {}
                #expect(HostTraces(folder: work.ingot.folder).exist)
                began = clock.now
            }
            #expect(clock.now - began < .seconds(5))
            #expect(result.status == 130)
            #expect(result.error.contains("hint: nothing is half-made: run the same command again"), "\(result.error)")
            HostTraces(folder: work.ingot.folder).expectNone()
            HostTraces(folder: work.ingot.folder).expectSwept(work.home)
            #expect(try work.ingot("builds").output.contains("cancelled"))
            try work.component("slow", [("build", ["echo one >> /srv/log", "echo two >> /srv/log"])])
            #expect(try work.ingot("build", "slow").status == 0)
            #expect(try work.ingot("cat", "slow", "/srv/log").output == "one\ntwo\n")
            #expect(try work.consoles().contains("cached: ExecuteBash"))
        }
    }

    // MARK: Encrypted images

    @Test("of an encrypted image, leaves nothing of it in the clear; its failed tree opens with the key and not without")
    func encrypted() throws {
        try ComponentWorkshop.with { work in
            #expect(try work.ingot("kms-key", "create", "--alias", "alias/golden").status == 0)
            let fields = "blockDeviceMappings: [{deviceName: /dev/xvda, ebs: {encrypted: true, kmsKeyId: alias/golden}}]\n"
            func write(_ scripts: [String]) throws {
                try work.recipe("closed", "- component: {use: closed}\n- test")
                let path = "\(work.ingot.folder)/recipes/closed.yaml"
                let text = String(decoding: try Files.read(path), as: UTF8.self)
                try work.ingot.write("recipes/closed.yaml", fields + text)
                try work.component("closed", [("build", scripts), ("test", ["grep -q 9999 /srv/code"])])
            }
            func expectUnreadable() throws {
                let found = try Shell.run(
                    "ls .ingot/tmp .ingot/cache/images 2> .none || true; grep -rl 'code is 9999' .ingot || true",
                    in: work.ingot.folder)
                #expect(found.split(separator: "\n").filter { !$0.hasSuffix(":") } == [])
            }
            try write(["echo code is $((10000 - 1)) > /srv/code", "exit 3"])
            #expect(try work.ingot("build", "closed").status == 1)
            let look = ["shell", "build:1", "--", "cat", "/srv/code"]
            #expect(try work.ingot.run(look).output == "code is 9999\n")
            try expectUnreadable()
            #expect(try work.ingot("kms-key", "disable", "alias/golden").status == 0)
            let refused = try work.ingot.run(look)
            #expect(refused.status != 0 && refused.output.isEmpty && refused.error.contains("is disabled"), "\(refused.error)")
            #expect(try work.ingot("kms-key", "enable", "alias/golden").status == 0)
            try write(["echo code is $((10000 - 1)) > /srv/code"])
            let built = try work.ingot("build", "closed")
            #expect(built.status == 0, "\(built.error)")
            #expect(try work.ingot("shell", "closed", "--", "cat", "/srv/code").output == "code is 9999\n")
            try expectUnreadable()
            try work.expectSound()
        }
    }

    // MARK: Failed trees

    @Test("and fails, keeps the tree for a look with 'ingot shell'; with --on-failure clean it keeps none")
    func failedTree() throws {
        try ComponentWorkshop.with { work in
            try work.recipe("broken", "- component: {use: broken}")
            try work.component("broken", [("build", ["echo before > /srv/before", "echo inside > /srv/inside; exit 3"])])
            let kept = try work.ingot("build", "broken", "--on-failure", "keep")
            #expect(kept.status == 1 && kept.error.contains("ingot shell build:1"), "\(kept.error)")
            let look = try work.ingot("shell", "build:1", "--", "cat", "/srv/before", "/srv/inside")
            #expect(look.status == 0 && look.output == "before\ninside\n", "\(look.output)\(look.error)")
            let clean = try work.ingot("build", "broken", "--on-failure", "clean")
            #expect(clean.status == 1 && !clean.error.contains("ingot shell"), "\(clean.error)")
            let nothing = try work.ingot("shell", "build:2", "--", "cat", "/srv/inside")
            #expect(nothing.status == 66, "\(nothing.error)")
            HostTraces(folder: work.ingot.folder).expectNone()
            HostTraces(folder: work.ingot.folder).expectSwept(work.home)
        }
    }

    // MARK: Secrets

    private static let secret = "tr0ub4dor-and-3-horses"

    private func withSecret(_ scripts: [String], _ body: (ComponentWorkshop, CommandRunner.Result) throws -> Void) throws {
        try ComponentWorkshop.with(variables: ["API_TOKEN": Self.secret]) { work in
            try work.recipe("keeper", "- component: {use: keeper, secrets: {Token: \"env:API_TOKEN\"}}")
            try work.component("keeper", parameter: "Token", [("build", scripts)])
            let build = try work.ingot("build", "keeper")
            try expectNowhere(work, build)
            try body(work, build)
        }
    }

    /// The secret and what base64 makes of it at each offset, in no file of the workspace, no event and no message.
    private func expectNowhere(_ work: ComponentWorkshop, _ build: CommandRunner.Result) throws {
        let told =
            try build.error + build.output + work.ingot("events", "-o", "json").output
            + work.ingot("builds", "-o", "json").output
        for form in Self.forms {
            #expect(!told.contains(form), "\(form)")
            let found = try Shell.run("grep -rlF -e '\(form)' .ingot || true", in: work.ingot.folder)
            #expect(found.isEmpty, "\(form)")
        }
    }

    /// Without the digits at either end that depend on what is beside it.
    private static let forms: [String] = {
        let shifted = ["", "x", "xx"].map { Data(($0 + secret).utf8).base64EncodedString() }
        return [secret] + shifted.map { String($0.dropFirst(4).prefix(24)) }
    }()

    @Test("hides a secret wherever the component prints it, also in base64")
    func printedSecret() throws {
        let script = "echo \"[{{ Token }}]\"; printf %s \"{{ Token }}\" | base64; printf %s \"u:{{ Token }}\" | base64 >&2"
        try withSecret([script]) { work, build in
            #expect(build.status == 0, "\(build.error)")
            let consoles = try work.consoles()
            #expect(consoles.contains("[******]"))
        }
    }

    @Test("hides a secret in the errors of a step that fails")
    func failingSecret() throws {
        try withSecret(["echo \"denied: {{ Token }}\" >&2; exit 4"]) { _, build in
            #expect(build.status == 1 && build.error.contains("denied: ******"), "\(build.error)")
        }
    }

    @Test(
        "fails where the image holds the secret, also in base64, and names path and step",
        arguments: [
            "printf %s \"{{ Token }}\"", "printf %s \"{{ Token }}\" | base64", "printf %s \"u:{{ Token }}\" | base64",
        ])
    func sealedSecret(_ command: String) throws {
        try ComponentWorkshop.with(variables: ["API_TOKEN": Self.secret]) { work in
            try work.recipe("keeper", "- component: {use: keeper, secrets: {Token: \"env:API_TOKEN\"}}")
            try work.component("keeper", parameter: "Token", [("build", ["\(command) > /srv/token"])])
            let build = try work.ingot("build", "keeper")
            #expect(build.status == 1, "\(build.error)")
            #expect(build.error.contains("/srv/token holds the secret env:API_TOKEN") && build.error.contains("Step1"))
            #expect(!build.error.contains(Self.secret))
            #expect(try work.ingot("images", "--all", "-o", "quiet").output.isEmpty)
        }
    }

    // MARK: At once

    @Test("runs beside one of another pipeline, and beside collections")
    func together() throws {
        try ComponentWorkshop.with { work in
            for name in ["one", "two"] {
                try work.recipe(name, "- component: {use: \(name)}\n- validate")
                try work.component(
                    name,
                    [("build", ["echo \(name) >> /srv/log", "echo more >> /srv/log"]), ("validate", ["grep more /srv/log"])])
            }
            let run = try work.ingot.shell(
                """
                "$0" build one > .first 2>&1 & first=$!
                "$0" build two > .second 2>&1 & second=$!
                while kill -0 $first 2> .none || kill -0 $second 2> .none; do
                    test -e .ingot/ledger.db && { "$0" collect --keep 0d > .third 2>&1 || cp .third .failed; }
                done
                wait $first; echo $? > .out; wait $second; echo $? >> .out
                """)
            let said = try Shell.run("cat .first .second; cat .failed 2> .none || true", in: work.ingot.folder)
            #expect(run.lines == ["0", "0"] && !Files.exists(work.ingot.folder + "/.failed"), "\(said)")
            for name in ["one", "two"] { #expect(try work.ingot("cat", name, "/srv/log").output == "\(name)\nmore\n") }
            try work.expectSound()
        }
    }

    // MARK: Users

    @Test(
        "gives the same digest for root and for an ordinary user",
        .enabled(if: OrdinaryUser.isPossible, "needs root, to become another user: run the tests as root"))
    func users() throws {
        try ComponentWorkshop.with { work in
            try work.recipe("owned", "- component: {use: owned}\n- scrub")
            try Shell.run("mkdir recipes/profiles", in: work.ingot.folder)
            let project = Files.parent(of: Files.parent(of: Files.parent(of: #filePath)))
            try work.ingot.write(
                "recipes/profiles/scrub-standard.yaml",
                String(decoding: try Files.read("\(project)/recipes/profiles/scrub-standard.yaml"), as: UTF8.self))
            try work.component(
                "owned",
                [
                    (
                        "build",
                        [
                            "mkdir /srv/a; echo x > /srv/a/x; chown 12:34 /srv/a/x; echo y > /srv/a/y; chown 1000:0 /srv/a; chmod 700 /srv/a",
                            "cp /bin/bash /srv/tool; chmod 4755 /srv/tool; ln /srv/tool /srv/same; ln -s tool /srv/link; chown 5:6 /srv/a/y",
                        ]
                    )
                ])
            #expect(try work.ingot("build", "owned").status == 0)
            let root = try work.root("owned")
            let user = try OrdinaryUser()
            let build = try user.run("build owned --home users", in: work.ingot)
            #expect(build.status == 0, "\(build.error)")
            let shown = try user.run("show owned -o json --home users", in: work.ingot).output
            #expect(shown.contains(root), "\(shown)")
        }
    }
}

/// A user of the host with ids of its own for sandboxes.
private struct OrdinaryUser {
    static let isPossible = Users.effective.id == 0 && Shell.has("useradd") && Shell.has("setpriv")
    private static let name = "ingot-user"

    init() throws {
        try Shell.run(
            """
            id \(Self.name) > /dev/null 2>&1 || useradd --create-home \(Self.name)
            grep -q '^\(Self.name):' /etc/subuid || usermod --add-subuids 100000-165535 --add-subgids 100000-165535 \(Self.name)
            """, in: "/")
    }

    /// With a copy of the program, since the user may not come to where it was built.
    func run(_ words: String, in ingot: CommandRunner) throws -> CommandRunner.Result {
        try ingot.shell(
            """
            chmod 755 .
            test -e program || cp "$0" program
            mkdir -p users && chown \(Self.name) users
            exec setpriv --reuid \(Self.name) --regid \(Self.name) --clear-groups ./program \(words) > .out 2> .err
            """)
    }
}
