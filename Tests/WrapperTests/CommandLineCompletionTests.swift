import CommandLineKit
import Testing

@Suite("the command line: completion")
struct CommandLineCompletionTests {
    private func complete(_ line: String, environment: [String: String] = [:]) throws -> [String] {
        let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        let output = CapturedOutput()
        let console = Console(output: output, error: output)
        let start = try ExampleProgram.program.start([Shell.callback, "--"] + words, environment: environment, console: console)
        guard case .finished(.success) = start else { return ["not finished"] }
        return output.text.split(separator: "\n").map { String($0.prefix { $0 != "\t" }) }
    }

    @Test(
        "what can stand at the cursor follows from the declarations",
        arguments: [
            ("", ["copy", "trim", "schedule", "help", ":none"]),
            ("sch", ["schedule", ":none"]),
            ("schedule ", ["list", "run", "help", ":none"]),
            ("-v schedule l", ["list", ":none"]),
            ("help schedule ", ["list", "run", ":none"]),
            ("nonsense ", ["copy", "trim", "schedule", "help", ":none"]),
            ("copy ", ["thing-1", "thing-2", "other", ":none"]),
            ("cp th", ["thing-1", "thing-2", ":none"]),
            ("copy x ", [":none"]),
            ("copy --f", ["--format", "--force", ":none"]),
            ("copy --force --f", ["--format", ":none"]),
            ("copy -t a --t", ["--to", ":none"]),
            ("copy --format ", ["tar", "directory", ":none"]),
            ("copy -f d", ["directory", ":none"]),
            ("copy --format=", ["--format=tar", "--format=directory", ":none"]),
            ("copy --format=t", ["--format=tar", ":none"]),
            ("copy --log ", [":files"]),
            ("copy --log=/va", [":files"]),
            ("--home ", [":directories"]),
            ("copy --to ", [":none"]),
            ("copy -- -", [":none"]),
            ("copy -- th", ["thing-1", "thing-2", ":none"]),
            ("copy --force=", [":none"]),
            ("schedule run ", ["--home", "--verbose", "--help", ":none"]),
            ("trim 1 2 3 -", ["--home", "--verbose", "--help", ":none"]),
        ]
    )
    func candidates(_ line: String, _ expected: [String]) throws {
        #expect(try complete(line) == expected)
    }

    @Test("the members of a dynamic set can depend on options typed before, or on the environment")
    func dynamic() throws {
        let completer = { (environment: [String: String]) in
            Completer(ExampleProgram.program.grammar, environment: environment) { query in
                [.init(query.word(ExampleProgram.home) ?? "none")]
            }
        }
        #expect(completer([:]).complete(["--home", "a", "copy", ""]).candidates == [.init("a")])
        #expect(completer(["EXAMPLE_HOME": "b"]).complete(["copy", ""]).candidates == [.init("b")])
        #expect(completer([:]).complete(["copy", ""]).candidates == [.init("none")])
    }

    @Test("a candidate that would break the answer's lines is left out")
    func hostileCandidates() {
        let completion = Completion(candidates: [.init("a\nb"), .init("c\td"), .init(""), .init("e", "two\nlines")])
        #expect(completion.text == "e\ttwo lines\n:none\n")
    }

    @Test(
        "bash: words cut at = and : are put together, asked for, and answered as bash needs them",
        arguments: [
            BashCase(words: ["copy", ""], line: "copy ", answer: "thing-1\\n:none", asked: ["copy", ""], replies: ["thing-1"]),
            BashCase(
                words: ["copy", "th"], line: "copy th", answer: "thing-1\\tin a\\nthing-2\\n:none", asked: ["copy", "th"],
                replies: ["thing-1", "thing-2"]),
            BashCase(
                words: ["copy", "--format", "=", "t"], line: "copy --format=t", answer: "--format=tar\\n:none",
                asked: ["copy", "--format=t"], replies: ["tar"]),
            BashCase(
                words: ["copy", "--format", "="], line: "copy --format=", answer: "--format=tar\\n:none",
                asked: ["copy", "--format="], replies: ["tar"]),
            BashCase(
                words: ["copy", "ssm", ":", "/a", "--to", "x"], line: "copy ssm:/a --to x", answer: "xy\\n:none",
                asked: ["copy", "ssm:/a", "--to", "x"], replies: ["xy"]),
            BashCase(
                words: ["copy", "ssm", ":", "/a"], line: "copy ssm:/a", answer: "ssm:/ab\\n:none",
                asked: ["copy", "ssm:/a"], replies: ["/ab"]),
            BashCase(
                words: ["copy", "th"], line: "copy thing", point: 7, answer: "thing-1\\n:none", asked: ["copy", "th"],
                replies: ["thing-1"]),
            BashCase(words: ["copy", "a"], line: "copy a", answer: "a b\\n:none", asked: ["copy", "a"], replies: ["a\\ b"]),
            BashCase(
                words: ["copy", "--log", "one"], line: "copy --log one", answer: ":files",
                asked: ["copy", "--log", "one"], replies: ["one-file", "one-folder"]),
            BashCase(
                words: ["copy", "--log", "=", "one"], line: "copy --log=one", answer: ":files",
                asked: ["copy", "--log=one"], replies: ["one-file", "one-folder"]),
            BashCase(
                words: ["--home", "on"], line: "--home on", answer: ":directories", asked: ["--home", "on"],
                replies: ["one-folder"]),
            BashCase(words: ["copy", "x"], line: "copy x", answer: ":none", asked: ["copy", "x"], replies: []),
        ])
    func bash(_ expected: BashCase) throws {
        try withFolder { folder in
            try expected.prepare(folder)
            let (output, status) = runShell("cd \(folder) && bash --norc run.bash 2>&1")
            #expect(output.split(separator: "\n").sorted() == expected.replies.map { "<\($0)>" })
            #expect(status == 0)
            #expect(
                runShell("cat \(folder)/asked").output == (["__complete", "--"] + expected.asked).map { "<\($0)>\n" }.joined())
        }
    }

    @Test("the zsh script is accepted by zsh", .enabled(if: isInstalled("zsh"), "zsh is not installed: apt-get install zsh"))
    func zsh() throws {
        try checkSyntax(.zsh, "zsh -n")
    }

    @Test("the fish script is accepted by fish", .enabled(if: isInstalled("fish"), "fish is not installed: apt-get install fish"))
    func fish() throws {
        try checkSyntax(.fish, "fish --no-execute")
    }

    @Test(
        "fish shows what the program answers",
        .enabled(if: isInstalled("fish"), "fish is not installed: apt-get install fish")
    )
    func fishAnswers() throws {
        try withFolder { folder in
            let setUp = BashCase(
                words: ["copy", "th"], line: "copy th", answer: "thing-1\\tin a\\nthing-2\\n:none", asked: ["copy", "th"],
                replies: [])
            try setUp.prepare(folder)
            try writeFile(Shell.fish.completionScript(program: "example"), to: "\(folder)/example.fish")
            let line = "source example.fish; complete -C 'example copy th'"
            let (output, status) = runShell(
                "cd \(folder) && HOME=\(folder) PATH=\(folder):$PATH fish --no-config -c \"\(line)\" 2>&1")
            #expect(output == "thing-1\tin a\nthing-2\n")
            #expect(status == 0)
            #expect(runShell("cat \(folder)/asked").output == "<__complete>\n<-->\n<copy>\n<th>\n")
        }
    }

    @Test("a name with a dash makes a function name that shells accept")
    func names() {
        for shell in Shell.allCases {
            let script = shell.completionScript(program: "my-tool")
            #expect(script.contains("_my_tool_complete"))
            #expect(!script.contains("PROGRAM"))
            #expect(!script.contains("FUNCTION"))
        }
    }

    private func checkSyntax(_ kind: Shell, _ checker: String) throws {
        try withFolder { folder in
            try writeFile(kind.completionScript(program: "example"), to: "\(folder)/script")
            let (output, status) = runShell("\(checker) \(folder)/script 2>&1")
            #expect(output == "")
            #expect(status == 0)
        }
    }
}

/// A completion as bash would ask for it, with a program that notes what it is asked and gives a fixed answer.
struct BashCase: CustomTestStringConvertible, Sendable {
    /// As bash cuts them, without the program.
    var words: [String]
    /// Without the program.
    var line: String
    /// Of the cursor in `line`; its end where nil.
    var point: Int?
    /// What the program prints, for printf.
    var answer: String
    var asked: [String]
    var replies: [String]
    var testDescription: String { "\(line) -> \(answer)" }

    func prepare(_ folder: String) throws {
        try writeFile(Shell.bash.completionScript(program: "example"), to: "\(folder)/script.bash")
        let program = """
            #!/bin/sh
            printf '<%s>\\n' "$@" > '\(folder)/asked'
            printf -- '\(answer)\\n'
            """
        try writeFile(program, to: "\(folder)/example")
        let quoted = words.map { "'\($0)'" }.joined(separator: " ")
        let run = """
            set -u
            source ./script.bash
            complete -p example > /dev/null || exit 1
            COMP_WORDBREAKS=$' \\t\\n"\\'><=;|&(:'
            COMP_LINE='example \(line)'
            COMP_POINT=\((point ?? line.utf8.count) + "example ".utf8.count)
            COMP_WORDS=(example \(quoted))
            COMP_CWORD=\(words.count)
            PATH=$PWD:$PATH
            _example_complete example
            for reply in "${COMPREPLY[@]}"; do printf '<%s>\\n' "$reply"; done
            """
        try writeFile(run, to: "\(folder)/run.bash")
        _ = runShell("cd \(folder) && chmod +x example && mkdir one-folder && touch one-file other")
    }
}
