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
}
