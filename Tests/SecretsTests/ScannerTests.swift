import Crypto
import ImageStore
import Model
import Secrets
import TestSupport
import Testing

struct ScannerTests {
    private static func scanner() throws -> SecretScanner { try SecretScanner(key: [1, 2, 3]) }

    @Test("Every rule finds an example that is made from its own form, and every canary of a run is found")
    func canaries() throws {
        let scanner = try Self.scanner()
        for seed in 1...3 {
            let canaries = try SecretCanaries(TestEnvironment(seed: UInt64(seed)).environment)
            let recall = try scanner.recall(on: canaries)
            #expect(recall.missed == [])
            #expect(recall.planted >= 180 && recall.found == recall.planted)
        }
    }

    @Test(
        "A dozen draws of any rule's own form are enough for one that it finds, so that no canary is missed by chance",
        arguments: 1...24)
    func drawsAreFound(seed: UInt64) throws {
        let canaries = try SecretCanaries(TestEnvironment(seed: seed).environment, tries: 12)
        #expect(try Self.scanner().recall(on: canaries).missed == [])
    }

    @Test(
        "A token whose checksum does not fit is a doubtful finding, whatever it is the value of",
        arguments: ["ghp_", "gho_", "ghs_", "npm_"])
    func damagedChecksums(prefix: String) throws {
        let scanner = try Self.scanner()
        for seed in 1...20 {
            var values = CorpusValues(UInt64(seed))
            let token = values.checked(prefix)
            let other = token.dropLast() + (token.hasSuffix("a") ? "b" : "a")
            for text in ["see \(token) there\n", "API_TOKEN=\(token)\n", "password: \"\(token)\"\n"] {
                let damaged = Array(text.replacing(token, with: other).utf8)
                let sound = try scanner.findings(in: Array(text.utf8), path: "/etc/app.conf")
                #expect(sound.count == 1 && sound[0].severity > .low && sound[0].detail == nil, "\(text)")
                let doubtful = try scanner.findings(in: damaged, path: "/etc/app.conf")
                #expect(doubtful.map(\.severity) == [.low] && doubtful[0].detail == "its checksum does not fit", "\(text)")
            }
        }
    }

    @Test("Grafana's tokens are told by their checksum too")
    func grafanaChecksum() throws {
        // The CRC-32 of the part before the last underscore, by python3's zlib.crc32.
        let token = "glsa_" + "Wq7Zr2Lm8Vt4Xk9Bn3Pd6Hs1Jf5Gc0Ty" + "_bf49c049"
        let scanner = try Self.scanner()
        let damaged = token.dropLast(8) + "00c0ffee"
        #expect(try scanner.findings(in: Array("t \(token)\n".utf8), path: "/a").map(\.rule) == ["grafana-service-token"])
        #expect(try scanner.findings(in: Array("t \(damaged)\n".utf8), path: "/a").map(\.severity) == [.low])
    }

    @Test("The account of an AWS key is told by its id")
    func awsAccounts() throws {
        let scanner = try Self.scanner()
        // From public descriptions of the form: the first id is of the account behind it, the second of before 2019.
        for (id, detail) in [("ASIAQNZGKIQY56JQ7WML", "account 029608264753"), ("AKIAJTZGKIQY56JQ7WML", nil)]
            as [(String, String?)]
        {
            #expect(try scanner.findings(in: Array("x \(id)\n".utf8), path: "/a").map(\.detail) == [detail])
        }
    }

    @Test("A finding names path, line and rule, and the secret is nowhere in it")
    func noSecretInFindings() throws {
        let secret = "Vk9Qz3" + "Lm8Rt2"
        let findings = try Self.scanner().findings(
            in: Array("# settings\n\ndb_password = \(secret)\n".utf8), path: "/etc/app/app.conf")
        #expect(findings.map(\.place) == ["/etc/app/app.conf:3"])
        #expect(findings.map(\.rule) == ["assigned-password"])
        #expect(!"\(findings)".contains(secret))
    }

    @Test("Equal secrets have equal digests under one key, and others under another")
    func keyedDigests() throws {
        let text = Array("password=Vk9Qz3Lm8Rt2\n".utf8)
        let one = try Self.scanner().findings(in: text, path: "/a.env")
        let two = try Self.scanner().findings(in: text, path: "/b.env")
        let other = try SecretScanner(key: [9]).findings(in: text, path: "/a.env")
        #expect(one.map(\.keyedDigest) == two.map(\.keyedDigest) && one.count == 1)
        #expect(one.map(\.keyedDigest) != other.map(\.keyedDigest))
    }

    @Test("An allow-list entry covers findings of its path and rule, and one that covers nothing is named")
    func allowances() throws {
        let objects = MemoryObjects()
        let editor = try TreeEditor(root: nil, in: objects, date: 0)
        try editor.makeDirectory("/etc/app")
        try editor.write("password=Vk9Qz3Lm8Rt2\n", to: "/etc/app/a.env")
        try editor.write("password=Wk9Qz3Lm8Rt3\n", to: "/etc/app/b.env")
        let tree = try Tree(try editor.finish(), in: objects)
        let report = try Self.scanner().scan(
            tree,
            allowing: [
                SecretAllowance(path: "/etc/*/a.env", rule: "assigned-password", reason: "made for the test"),
                SecretAllowance(path: "/etc/*", rule: "assigned-password", reason: "does not cross a folder"),
            ])
        #expect(report.findings.map(\.path) == ["/etc/app/b.env"])
        #expect(report.allowed.map(\.finding.path) == ["/etc/app/a.env"])
        #expect(report.unusedAllowances.map(\.path) == ["/etc/*"])
        #expect(report.coverage.files == 2)
    }

    @Test(
        "in a path of an allow-list one star stays within a name, two cross folders, and all else is itself",
        arguments: [
            ("/a/*", "/a/b", true), ("/a/*", "/a/b/c", false), ("/a/**", "/a/b/c", true), ("/a/**/c", "/a/b/b/c", true),
            ("/a/**/c", "/a/c", false), ("/*/x*y", "/a/xbxy", true), ("/*/x*y", "/a/x/y", false), ("**.pem", "/a/b.pem", true),
            ("/a?", "/ab", false), ("/[a]", "/[a]", true), ("/a*", "/a", true), ("", "/a", false), ("/a", "/ab", false),
        ])
    func patterns(_ pattern: String, _ path: String, _ covers: Bool) throws {
        var finding = try #require(try Self.scanner().findings(in: Array("password=Vk9Qz3Lm8Rt2\n".utf8), path: "/x.env").first)
        finding.path = path
        #expect(SecretAllowance(path: pattern, rule: finding.rule, reason: "test").covers(finding) == covers)
        // By going back this would take longer than the world will last.
        finding.path = "/" + String(repeating: "a", count: 2000)
        let hostile = SecretAllowance(path: String(repeating: "**a", count: 30) + "b", rule: finding.rule, reason: "test")
        #expect(!hostile.covers(finding))
    }
}
