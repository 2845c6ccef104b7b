import Guest
import ImageStore
import Model
import TestSupport
import Testing

@Suite struct SudoPolicyTests {
    private func policy(_ files: [String: String]) throws -> SudoPolicy {
        try SudoPolicy(try makeTree(files, in: MemoryObjects()))
    }

    @Test("the last rule that fits counts, and aliases stand for their members")
    func lastMatchWins() throws {
        let policy = try policy([
            "/etc/sudoers": """
            User_Alias OPS = alice, %wheel
            Cmnd_Alias SHELLS = /bin/sh, /bin/bash
            OPS ALL=(ALL) NOPASSWD: ALL, !SHELLS
            bob ALL=(www-data) /usr/bin/systemctl restart web
            bob ALL = /opt/tools/
            """
        ])
        func rule(_ user: String, _ program: String, _ arguments: String = "", target: String = "root", groups: [String] = [])
            -> SudoRule?
        {
            policy.rule(for: SudoRequest(user: user, groups: groups, target: target, program: program, arguments: arguments))
        }
        #expect(rule("alice", "/usr/bin/id")?.tags == ["NOPASSWD"])
        #expect(rule("alice", "/bin/sh") == nil && rule("eve", "/usr/bin/id") == nil)
        #expect(rule("eve", "/usr/bin/id", groups: ["wheel"]) != nil)
        #expect(rule("bob", "/usr/bin/systemctl", "restart web", target: "www-data") != nil)
        #expect(rule("bob", "/usr/bin/systemctl", "restart web") == nil)
        #expect(rule("bob", "/usr/bin/systemctl", "stop web", target: "www-data") == nil)
        #expect(rule("bob", "/opt/tools/x") != nil && rule("bob", "/opt/tools/y/x") == nil)
    }

    @Test("folders are included at their place, names with a dot or a tilde left out")
    func includes() throws {
        let policy = try policy([
            "/etc/sudoers": "a ALL=ALL\n#includedir /etc/sudoers.d\n@include local\nz ALL=ALL\n",
            "/etc/sudoers.d/20": "c ALL=ALL\n",
            "/etc/sudoers.d/10": "b ALL=ALL\n", "/etc/sudoers.d/x.bak": "d ALL=ALL\n", "/etc/sudoers.d/y~": "e ALL=ALL\n",
            "/etc/local": "f ALL=ALL\n",
        ])
        #expect(policy.rules.flatMap { $0.users.map(\.text) } == ["a", "b", "c", "f", "z"])
        #expect(policy.folders == ["/etc/sudoers.d"])
    }

    @Test("circles of includes and of aliases end")
    func circles() throws {
        let policy = try policy([
            "/etc/sudoers": "@include /etc/sudoers\nUser_Alias A = B\nUser_Alias B = A\nA ALL=ALL\n@include /etc/missing\n"
        ])
        #expect(policy.problems.map(\.text) == ["/etc/sudoers includes itself", "/etc/missing does not exist"])
        #expect(policy.rule(for: SudoRequest(user: "x", program: "/bin/ls")) == nil)
    }

    @Test("files that include each other twice are refused before they fill the memory")
    func growth() throws {
        var files: [String: String] = ["/etc/sudoers": "@include /etc/s0\n"]
        for level in 0..<40 { files["/etc/s\(level)"] = "a ALL=ALL\n@include /etc/s\(level + 1)\n@include /etc/s\(level + 1)\n" }
        let error = try failure { _ = try policy(files) }
        #expect(error.code == .exhausted)
    }

    @Test("aliases that name another one many times end")
    func aliases() throws {
        var lines = (0..<30).map { "User_Alias A\($0) = " + Array(repeating: "A\($0 + 1)", count: 9).joined(separator: ", ") }
        lines += ["User_Alias A30 = bob", "A0 ALL=ALL"]
        let policy = try policy(["/etc/sudoers": lines.joined(separator: "\n") + "\n"])
        #expect(policy.rule(for: SudoRequest(user: "alice", program: "/bin/ls")) == nil)
    }

    @Test("what sudo would not understand is told with its line")
    func wrong() throws {
        let policy = try policy(["/etc/sudoers": "alice ALL\nbob ALL=\n\ncarol ALL=(ALL\nDefaults =\nok ALL=ALL\n"])
        #expect(policy.problems.map(\.place.line) == [0, 1, 3, 4])
        #expect(policy.rules.count == 1)
    }
}
