import Platform
import TestSupport
import Testing

@Suite struct `Two commands at once` {
    private static let recipe = """
        name: NAME
        version: 1.0.x
        parentImage: scratch
        sourceDate: 2026-01-01
        stages:
          - files: [{copy: {from: data, to: /srv}}]

        """

    private static func with(_ body: (CommandRunner) throws -> Void) throws {
        try CommandRunner.inFolder { ingot in
            try Killing.writeData(ingot, "recipes/data")
            for name in ["one", "two"] {
                try ingot.write("recipes/\(name).yaml", recipe.replacing("NAME", with: name))
                try ingot.write("pipelines/\(name).yaml", "name: \(name)\nrecipe: \(name)\nregion: us-east-1\n")
            }
            try body(ingot)
        }
    }

    /// Starts both scripts at once; the statuses they ended with.
    private static func together(_ ingot: CommandRunner, _ first: String, _ second: String) throws -> [Int32] {
        let run = try ingot.shell(
            """
            (\(first)) > .first 2>&1 & first=$!
            (\(second)) > .second 2>&1 & second=$!
            wait $first; echo $? > .out; wait $second; echo $? >> .out
            """)
        return run.lines.compactMap { Int32($0) }
    }

    @Test("that build one pipeline make one version: the second is told that it is busy, or finds nothing changed")
    func samePipeline() throws {
        try Self.with { ingot in
            for round in 0..<5 {
                let home = "home-\(round)"
                let build = "\"$0\" build one --home \(home)"
                let statuses = try Self.together(ingot, build, build)
                #expect(statuses.contains(0) && statuses.allSatisfy { $0 == 0 || $0 == 75 }, "\(statuses) \(Self.said(ingot))")
                #expect(try ingot("images", "--all", "-o", "quiet", "--home", home).lines.count == 1)
                #expect(try ingot("check", "--home", home).status == 0)
            }
        }
    }

    @Test func `that build two pipelines in a new home both succeed`() throws {
        try Self.with { ingot in
            for round in 0..<5 {
                let home = "home-\(round)"
                let statuses = try Self.together(ingot, "\"$0\" build one --home \(home)", "\"$0\" build two --home \(home)")
                #expect(statuses == [0, 0], "\(Self.said(ingot))")
                #expect(try ingot("images", "--all", "-o", "quiet", "--home", home).lines.count == 2)
                #expect(try ingot("check", "--home", home).status == 0)
            }
        }
    }

    @Test func `that look while another builds see images that are whole`() throws {
        try Self.with { ingot in
            #expect(try ingot("build", "one").status == 0)
            let look = "for i in 1 2 3 4 5; do \"$0\" images && \"$0\" check && \"$0\" events -o quiet > .events || exit; done"
            let statuses = try Self.together(ingot, "\"$0\" build two", look)
            #expect(statuses == [0, 0], "\(Self.said(ingot))")
        }
    }

    private static func said(_ ingot: CommandRunner) -> String {
        [".first", ".second"].map { String(decoding: (try? ingot.read($0)) ?? [], as: UTF8.self) }.joined()
    }
}
