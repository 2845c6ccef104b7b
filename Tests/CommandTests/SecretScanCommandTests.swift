import Platform
import TestSupport
import Testing

@Suite struct `The command scan secrets` {
    private static let secret = "hq82mznP4w"

    private func inSite(_ body: (CommandRunner) throws -> Void) throws {
        try CommandRunner.inFolder { ingot in
            try ingot.write("rootfs/root/.netrc", "machine git.corp login build password \(Self.secret)\n")
            try ingot.write("rootfs/etc/motd", "welcome\n")
            try body(ingot)
        }
    }

    @Test func `finds a password in a folder and in its archive, exits with 1, and never shows it`() throws {
        try inSite { ingot in
            _ = try Shell.run("tar -cf rootfs.tar -C rootfs . && gzip -k rootfs.tar", in: ingot.folder)
            for target in ["./rootfs", "rootfs.tar", "rootfs.tar.gz"] {
                for format in ["table", "json", "sarif", "quiet"] {
                    let result = try ingot("scan", "secrets", target, "--output", format)
                    #expect(result.status == 1, "\(target) \(format): \(result.error)")
                    #expect(result.output.contains("/root/.netrc"), "\(target) \(format): \(result.output)")
                    #expect(!(result.output + result.error).contains(Self.secret))
                }
            }
            let quiet = try ingot("scan", "secrets", "./rootfs", "-o", "quiet")
            #expect(quiet.output == "/root/.netrc:1\n")
        }
    }

    @Test func `succeeds where nothing is found, and says what was looked at`() throws {
        try inSite { ingot in
            let result = try ingot("scan", "secrets", "./rootfs/etc", "--verbose")
            #expect(result.status == 0)
            #expect(result.output.contains("no secrets found in 1 file") && result.output.contains("parsers, digest"))
            #expect(try ingot("scan", "secrets", "./rootfs/etc", "-o", "quiet").output.isEmpty)
        }
    }

    @Test func `reports findings as JSON and as SARIF that name rule, file and line`() throws {
        try inSite { ingot in
            let scan: Scan = try ingot("scan", "secrets", "./rootfs", "-o", "json").json()
            #expect(!scan.isClean && scan.findings.map(\.path) == ["/root/.netrc"] && scan.findings.map(\.line) == [1])
            let log: Log = try ingot("scan", "secrets", "./rootfs", "-o", "sarif").json()
            #expect(log.version == "2.1.0" && log.runs.map { $0.results.map(\.ruleId) } == [scan.findings.map(\.rule)])
        }
    }

    @Test func `accepts what a list names with a reason, and refuses a list that lacks one`() throws {
        try inSite { ingot in
            func scan(_ list: String) throws -> CommandRunner.Result {
                try ingot.write("accepted.yaml", list)
                return try ingot("scan", "secrets", "./rootfs", "--allow", "accepted.yaml")
            }
            let accepted = try scan("- {path: /root/.netrc, rule: file-netrc, reason: of a test server}\n")
            #expect(accepted.status == 0 && accepted.output.contains("1 more allowed"), "\(accepted.output)")
            let elsewhere = try scan("- {path: /home/*/.netrc, rule: file-netrc, reason: of a test server}\n")
            #expect(elsewhere.status == 1 && elsewhere.error.contains("nothing is allowed by the entry for /home/*/.netrc"))
            let bare = try scan("- {path: /root/.netrc, rule: file-netrc}\n")
            #expect(bare.status == 65 && bare.error.contains("has no reason"), "\(bare.status) \(bare.error)")
            #expect(try scan("- {path: /x, rule: no-such, reason: r}\n").error.contains("names the rule 'no-such'"))
        }
    }

    @Test func `knows of an image's second version what it saw in the first`() throws {
        try inSite { ingot in
            #expect(try ingot("import", "site", "rootfs").status == 0)
            let first: Scan = try ingot("scan", "secrets", "site", "-o", "json").json()
            try ingot.write("rootfs/root/.pgpass", "db.corp:5432:app:app:\(Self.secret)\n")
            #expect(try ingot("import", "site", "rootfs").status == 0)
            let second: Scan = try ingot("scan", "secrets", "site", "-o", "json").json()
            #expect(first.coverage.cachedFiles == 0 && second.coverage.cachedFiles == first.coverage.files)
            #expect(first.findings.count == 1 && second.findings.map(\.path) == ["/root/.netrc", "/root/.pgpass"])
        }
    }

    @Test func `says so where there is nothing to scan`() throws {
        try inSite { ingot in
            #expect(try ingot("scan", "secrets", "./nowhere").status == 66)
            try ingot.write("torn.tar", "no archive at all")
            let torn = try ingot("scan", "secrets", "torn.tar")
            #expect(
                torn.status == 65 && torn.error.contains("the archive torn.tar cannot be read"), "\(torn.status) \(torn.error)")
        }
    }

    private struct Scan: Decodable {
        struct Finding: Decodable {
            let path: String
            let line: Int?
            let rule: String
        }
        struct Coverage: Decodable {
            let files: Int
            let cachedFiles: Int
        }
        let isClean: Bool
        let findings: [Finding]
        let coverage: Coverage
    }

    private struct Log: Decodable {
        struct Run: Decodable {
            let results: [Result]
        }
        struct Result: Decodable {
            let ruleId: String
        }
        let version: String
        let runs: [Run]
    }
}
