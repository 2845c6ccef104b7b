import Platform
import Testing

@Suite struct `Channels and schedules from the command line` {
    @Test func `a promotion moves a channel once, and the history tells who, when and why`() throws {
        try CommandRunner.withSmall { ingot in
            #expect(try ingot("build", "small").status == 0)
            let move = try ingot("promote", "small", "--to", "staging", "--reason", "tried it")
            #expect(move.output.hasPrefix("small: staging points to 1.0.0/1 (ami-"))
            #expect(try ingot("promote", "small", "--to", "staging").status == 73)
            #expect(try ingot("promote", "small", "--to", "stagin").error.contains("did you mean 'staging'?"))
            #expect(try ingot("promote", "smal", "--to", "staging").error.contains("did you mean 'small'?"))
            let channels = try ingot("channels")
            #expect(channels.lines.count == 3)
            let history = try ingot("channels", "small", "--history").output
            #expect(history.contains("tester") && history.contains("tried it"))
        }
    }

    @Test func `a channel that points to an image that is gone is marked, and its promotion says what to do`() throws {
        try CommandRunner.withSmall { ingot in
            #expect(try ingot("build", "small").status == 0)
            #expect(try !ingot("channels").output.contains("(") && ingot("builds").output.contains(" s  "))
            try ingot.write("recipes/small.yaml", CommandRunner.recipe(motd: "again"))
            #expect(try ingot("build", "small").status == 0)
            #expect(try ingot("deregister", "us-east-1:small/1.0.0").status == 0, "no channel points to it any more")
            let copy = try ingot("deregister", "us-west-2:small/1.0.1")
            #expect(copy.status == 73 && copy.error.contains("in us-west-2 is in use: the channel dev points to 1.0.1/1"))
            #expect(try ingot("promote", "small", "--to", "staging").status == 0)
            let both = try ingot("deregister", "us-east-1:small", "--dry-run")
            #expect(both.status == 73 && both.error.contains("the channels dev, staging point to 1.0.1/1 of small"))
            #expect(try ingot("deregister", "us-east-1:small", "--force").status == 0)
            let table = try ingot("channels").lines
            #expect(table.count == 3 && table.dropFirst().allSatisfy { $0.contains(" (deregistered)") }, "\(table)")
            let listed: [Channel] = try ingot("channels", "-o", "json").json()
            #expect(listed.map(\.imageState) == ["deregistered", "deregistered"])
            try ingot.write("recipes/small.yaml", CommandRunner.recipe(motd: "a third time"))
            try ingot.write(
                "pipelines/small.yaml", CommandRunner.pipeline.replacing("[dev, staging]", with: "[first, dev, staging]"))
            #expect(try ingot("build", "small").status == 0)
            for words in [[], ["--version", "1.0.1"]] {
                let refused = try ingot.run(["promote", "small", "--to", "staging"] + words)
                #expect(
                    refused.status == 73 && refused.error.contains("is deregistered and cannot be promoted"), "\(refused.error)")
                #expect(refused.error.contains("`ingot promote small --to staging --version 1.0.2/1`"), "\(refused.error)")
            }
            #expect(try ingot("promote", "small", "--to", "staging", "--version", "1.0.2/1").status == 0)
        }
    }

    private struct Channel: Decodable {
        let imageState: String
    }

    @Test func `a recipe of several pipelines asks which one is meant`() throws {
        try CommandRunner.withSmall { ingot in
            try ingot.write("pipelines/other.yaml", CommandRunner.pipeline.replacing("name: small", with: "name: other"))
            #expect(try ingot("build", "small").status == 0)
            let unclear = try ingot("promote", "small", "--to", "staging")
            #expect(unclear.status == 73)
            #expect(unclear.error.contains("other, small"))
            #expect(try ingot("promote", "small", "--to", "staging", "--pipeline", "small").status == 0)
        }
    }

    @Test func `schedules are listed with their next time, and the first look of a scheduler starts nothing`() throws {
        try CommandRunner.withSmall { ingot in
            let schedule = "schedule: {cron: \"0 2 * * ? *\", timezone: Asia/Seoul}\n"
            try ingot.write("pipelines/small.yaml", CommandRunner.pipeline + schedule)
            #expect(try ingot("schedule", "list").output.contains("cron(0 2 * * ? *)  Asia/Seoul"))
            let next = try ingot("schedule", "next", "--count", "3")
            #expect(next.lines.count == 4)
            #expect(next.lines.dropFirst().allSatisfy { $0.contains("T02:00:00+09:00") && $0.hasSuffix("small     build") })
            try ingot.write("pipelines/broken.yaml", "name: broken\nrecipe: [\n")
            for list in ["list", "next"] {
                let result = try ingot("schedule", list)
                #expect(result.status == 65 && result.output.contains("small") && result.error.contains("broken.yaml"))
            }
            try Files.remove(ingot.folder + "/pipelines/broken.yaml")
            let run = try ingot("schedule", "run", "--once")
            #expect(run.status == 0 && run.output.isEmpty, "\(run.error)")
            #expect(try ingot("images", "-o", "quiet").output.isEmpty)
            // The look is no run.
            let listed = try ingot("schedule", "list", "-o", "json").output
            #expect(listed.contains("\"next\"") && !listed.contains("\"last\""), "\(listed)")
        }
    }
}
