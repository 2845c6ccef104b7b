import Guest
import ImageStore
import Model
import Platform
import TestSupport
import Testing

@Suite struct SudoersOracleTests {
    private static let hasSudo = Shell.has("cvtsudoers")
    private static let missing: Comment = "needs cvtsudoers: apt-get install sudo"

    @Test("rules of made-up sudoers are read as cvtsudoers reads them", .enabled(if: hasSudo, missing), arguments: 0..<8)
    func rules(_ seed: UInt64) throws {
        var random = SeededRandom(seed)
        try withTemporaryFolder { folder in
            var compared = 0
            for _ in 0..<10 {
                let text = Self.sudoers(&random)
                try Files.writeDurably("\(folder)/sudoers", Array(text.utf8))
                let output: String
                do { output = try Shell.run("cvtsudoers -f csv -e sudoers", in: folder) } catch is Shell.Failed { continue }
                let policy = try SudoPolicy(try makeTree(["/etc/sudoers": text], in: MemoryObjects()))
                #expect(policy.problems.isEmpty)
                let told = output.split(separator: "\n").filter { $0.hasPrefix("rule,") && !$0.hasPrefix("rule,user,host") }
                    .flatMap { Self.lines(ofRow: $0) }
                let own = policy.rules.map { Self.line($0) }
                #expect(own.sorted() == told.sorted(), "\(text)")
                compared += told.count
            }
            #expect(compared > 10)
        }
    }

    private static let options = [
        "NOPASSWD": "!authenticate", "PASSWD": "authenticate", "NOEXEC": "noexec", "EXEC": "!noexec", "LOG_OUTPUT": "log_output",
    ]

    private static func line(_ rule: SudoRule) -> String {
        func list(_ members: [SudoMember]) -> String { members.map(\.description).joined(separator: " ") }
        let words = rule.tags.map { options[$0] ?? $0 } + rule.options.map { $0.replacing("CWD=", with: "runcwd=") }
        return [
            list(rule.users), list(rule.hosts), list(rule.runAsUsers ?? []), list(rule.runAsGroups),
            words.sorted().joined(separator: " "),
            rule.command.description,
        ].joined(separator: " | ")
    }

    /// A row of several commands is as many lines.
    private static func lines(ofRow row: Substring) -> [String] {
        let cells = cells(row)
        guard cells.count == 7 else { return ["a row of \(cells.count) cells: \(row)"] }
        let lists = cells[1...5].map { $0.split(separator: ",").map(String.init) }
        return cells[6].split(separator: ",").map { command in
            [lists[0], lists[1], lists[2], lists[3], lists[4].sorted()].map { $0.joined(separator: " ") }.joined(separator: " | ")
                + " | \(command)"
        }
    }

    private static func cells(_ row: Substring) -> [String] {
        var cells = [""]
        var isQuoted = false
        for character in row {
            if character == "\"" {
                isQuoted.toggle()
            } else if character == "," && !isQuoted {
                cells.append("")
            } else {
                cells[cells.count - 1].append(character)
            }
        }
        return cells
    }

    private static func sudoers(_ random: inout SeededRandom) -> String {
        // Left out is what cvtsudoers 1.9.13 tells wrongly: NOLOG_INPUT, and SETENV beside ALL.
        func pick(_ choices: [String]) -> String { choices[random.below(choices.count)] }
        var lines = ["# made up", "Defaults env_reset, !lecture", "Defaults:alice timestamp_timeout=0", ""]
        for _ in 0..<6 {
            let users = pick(["alice", "alice, bob", "%wheel,!carol", "#1000", "ALL", "%#500", "+admins"])
            let hosts = pick(["ALL", "web1,web2", "!db", "10.0.0.0/8"])
            var commands: [String] = []
            for _ in 0...random.below(3) {
                let runAs = pick(["", "", "(root) ", "(ALL : ALL) ", "( : adm ) ", "(www-data,!root) "])
                let option = pick(["", "", "", "CWD=/tmp "])
                let tags = pick(["", "NOPASSWD: ", "PASSWD:", "NOEXEC: LOG_OUTPUT: ", "EXEC:NOPASSWD:"])
                let command = pick([
                    "ALL", "/bin/ls", "/bin/ls -l /tmp", "!/bin/sh", "/usr/bin/", "/usr/bin/systemctl restart *",
                    "sudoedit /etc/hosts",
                    "/bin/kill [0-9]*",
                ])
                commands.append(runAs + option + tags + command)
            }
            let separator = pick([", ", ",\\\n    ", ","])
            lines.append(
                "\(users)\t\(hosts) = \(commands.joined(separator: separator))" + pick(["", " # why", " : ALL = /bin/true"]))
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
