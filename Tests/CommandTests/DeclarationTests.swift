import CommandLineKit
import Commands
import Platform
import Testing

@Suite struct `The declarations of the commands` {
    private static let root = Files.parent(of: Files.parent(of: Files.parent(of: #filePath)))

    private static let profile = """
        name: one
        title: one rule
        rules: [{id: motd, title: t, reference: r, severity: low, require: [{filePermission: {path: /etc/motd, mode: "0644"}}]}]

        """

    private static let status = """
        Package: zlib1g
        Status: install ok installed
        Maintainer: A <a@example.com>
        Origin: Debian
        Installed-Size: 1
        Architecture: amd64
        Source: zlib
        Version: 1
        Description: one line

        Package: other
        Status: install ok installed
        Architecture: all
        Version: 1

        """

    private static let feed = """
        {"id": "DSA-1", "modified": "2025-01-01T00:00:00Z", "published": "2025-01-01T00:00:00Z", "aliases": ["CVE-2025-1"], "summary": "t",
         "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"}],
         "affected": [{"package": {"ecosystem": "Debian:12", "name": "zlib"}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2"}]}]}],
         "references": [{"type": "WEB", "url": "https://example.com/"}]}
        """

    @Test func `hold no fault, and every example is a command line that the program accepts`() {
        #expect(Ingot.program.grammar.faults() == [])
    }

    @Test func `docs/cli.md is what they say: ingot reference > docs/cli.md`() throws {
        let page = String(decoding: try Files.read(Self.root + "/docs/cli.md"), as: UTF8.self)
        #expect(page == Ingot.reference)
    }

    @Test func `every command that a user sees has examples`() {
        func leaves(_ specification: Specification) -> [Specification] {
            specification.subcommands.isEmpty ? [specification] : specification.subcommands.flatMap(leaves)
        }
        for command in leaves(Ingot.program.specification) { #expect(!command.examples.isEmpty, "\(command.name)") }
    }

    @Test func `each command's JSON has no path that docs/json.md does not have`() throws {
        let page = String(decoding: try Files.read(Self.root + "/docs/json.md"), as: UTF8.self)
        try CommandRunner.withSmall { ingot in
            try ingot.write("pipelines/small.yaml", CommandRunner.pipeline + "schedule: {rate: 1 day}\n")
            try ingot.write("t/file", "1")
            try ingot.write("u/etc/passwd", "root:x:0:0::/:/bin/sh\n")
            try ingot.write("u/etc/ssh/sshd_config", "Include /etc/ssh/sshd_config\n")
            try ingot.write("recipes/profiles/one.yaml", Self.profile)
            try ingot.write("v/var/lib/dpkg/status", Self.status)
            try ingot.write("v/etc/os-release", "ID=debian\nVERSION_ID=12\n")
            try ingot.write("feed.json", Self.feed)
            let documented = try JSONPage(page).shapes
            let lines = [
                "plan small", "build small", "import base t", "images", "show small", "ls small /etc", "diff base small",
                "diff base small --semantic", "import base u",
                "changelog base", "import apart v", "inventory apart",
                "scan packages apart --feed feed.json --ignore CVE-2025-1=unused", "blame small /etc/motd",
                "audit small --profile one", "copy base --to eu-west-1",
                "promote small --to staging",
                "channels", "builds", "stages",
                "stages files", "schedule list", "schedule next", "parameter put /web/port 8080 --description text",
                "parameter get /web/port", "parameter list", "parameter history /web/port",
                "credentials create", "credentials list", "keys list",
                "check", "collect --dry-run", "events", "launch us-east-1:small", "instances", "accounts", "snapshots", "cost",
                "share small --account 222222222222",
                "unshare small --all", "deprecate small --in 30d", "protect small", "protect small --off", "disable base",
                "public-access --region us-east-1", "recycle-bin keep 7 --region us-east-1", "deregister small --force",
                "recycle-bin list",
            ]
            for line in lines {
                let result = try ingot.run(line.split(separator: " ").map(String.init) + ["--output", "json"])
                #expect(result.status == 0, "\(line): \(result.error)")
                let name = documented.keys.filter { "ingot \(line) ".hasPrefix("\($0) ") }.max { $0.count < $1.count }
                let promised = try #require(name.flatMap { documented[$0] }, "\(line) is not in docs/json.md")
                let more = try result.json(JSONShape.self).paths().subtracting(promised).sorted()
                #expect(more == [], "\(line)")
            }
        }
    }
}
