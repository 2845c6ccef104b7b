import Platform
import TestSupport
import Testing

/// SIGKILL at random points of a server whose clients make, copy, launch and remove: what was answered is so, and nothing is there by half.
@Suite struct `A server that is killed` {
    @Test(
        "keeps what it acknowledged, shows nothing by half, and answers a repeated request as the first",
        .enabled(if: AWSClients.isAvailable, AWSClients.missing), arguments: [1, 2])
    func clients(seed: Int) throws {
        try CommandRunner.inFolder { ingot in
            try Killing.writeData(ingot, "tree")
            #expect(try ingot("import", "base", "tree", "--home", "home").status == 0)
            for words in [
                ["credentials", "create"], ["kms-key", "create", "--region", "us-west-2", "--alias", "alias/target"],
            ] { #expect(try ingot.run(words + ["--home", "home"]).status == 0) }
            let script = Files.parent(of: #filePath) + "/Scripts/ServerKill.py"
            let rounds = Killing.isThorough ? 60 : 6
            let run = try ingot.shell(
                "exec \(AWSClients.interpreter) \(script) \"$0\" \(seed) \(rounds) > .out 2> .err")
            #expect(run.status == 0, "\(run.output)\(run.error)")
            #expect(run.lines.last == "sound", "\(run.output)")
        }
    }
}
