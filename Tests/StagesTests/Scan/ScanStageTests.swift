import Crypto
import ImageStore
import Model
import Pipeline
import Recipes
import Stages
import TestSupport
import Testing

@Suite struct ScanStageTests {
    private static let tracker = """
        {"openssl": {"CVE-2025-1": {"releases": {"bookworm": {"status": "resolved", "fixed_version": "3.0.2", "urgency": "high"}}},
                     "CVE-2025-2": {"releases": {"bookworm": {"status": "open", "urgency": "high"}}},
                     "CVE-2025-3": {"releases": {"bookworm": {"status": "open", "urgency": "low"}}}}}
        """

    /// Runs the stage on a Debian with one package.
    private func run(_ options: String, in fixture: StageFixture) throws -> String {
        try fixture.write("tracker.json", Self.tracker)
        let writer = try StoreWriter(fixture.store)
        let editor = try TreeEditor(root: nil, in: writer, date: StageFixture.date)
        for folder in ["/etc", "/var/lib/dpkg"] as [TreePath] { try editor.makeDirectory(folder) }
        try editor.write("ID=debian\nVERSION_CODENAME=bookworm\n", to: "/etc/os-release")
        try editor.write(
            "Package: openssl\nStatus: install ok installed\nArchitecture: amd64\nVersion: 3.0.1\n", to: "/var/lib/dpkg/status")
        let root = try editor.finish()
        try writer.publish()
        let result = try fixture.run("- scan: {packages: {feeds: [tracker.json], \(options)}}", on: root)
        #expect(result.root == root)
        return result.reports[0].summary
    }

    @Test("worse findings than the recipe allows fail the build, with package, id and evidence")
    func severity() throws {
        try StageFixture.with { fixture in
            do {
                _ = try run("maximumSeverity: medium", in: fixture)
                Issue.record("it did not fail")
            } catch let failure as Failure {
                #expect(failure.code == .failed)
                for word in ["CVE-2025-1 (high) in openssl 3.0.1, fixed in 3.0.2", "CVE-2025-2", "tracker.json"] {
                    #expect(failure.message.contains(word), "\(failure.message)")
                }
                #expect(!failure.message.contains("CVE-2025-3"))
            }
            #expect(try run("maximumSeverity: high", in: fixture) == "2 high, 1 low; 1 package assessed, 0 not")
        }
    }

    @Test("findings without a fix pass where only those with one count, and ignored ones always")
    func exceptions() throws {
        try StageFixture.with { fixture in
            let ignored = "ignore: [{id: CVE-2025-1, reason: not reachable}]"
            let summary = try run("maximumSeverity: none, fixAvailable: true, \(ignored)", in: fixture)
            #expect(summary == "1 high, 1 low; 1 package assessed, 0 not")
            #expect(throws: Failure.self) { _ = try run("maximumSeverity: none, fixAvailable: true", in: fixture) }
            #expect(throws: Failure.self) {
                _ = try run(
                    "maximumSeverity: none, fixAvailable: true, ignore: [{id: CVE-2025-1, package: other, reason: x}]",
                    in: fixture)
            }
            #expect(throws: Failure.self) {
                _ = try run(
                    "maximumSeverity: none, fixAvailable: true, ignore: [{id: CVE-2025-1, reason: x, until: 2020-01-01}]",
                    in: fixture)
            }
        }
    }

    @Test("evidence that does not say how old it is fails where an age is asked for")
    func age() throws {
        try StageFixture.with { fixture -> Void in
            #expect(throws: Failure.self) { _ = try run("maximumSeverity: critical, maximumAge: 7d", in: fixture) }
        }
    }

    @Test("the feed's content is the stage's input, and the day where the verdict depends on it")
    func inputs() throws {
        try StageFixture.with { fixture in
            try fixture.write("tracker.json", Self.tracker)
            func names(_ options: String) throws -> [String] {
                let entries = try fixture.decode("- scan: {packages: {feeds: [tracker.json]\(options)}}")
                let stage = try #require(entries[0].stage as? ScanStage)
                return try stage.inputs(fixture.inputs).map(\.name)
            }
            #expect(try names("") == ["feed tracker.json", "releases that ended"])
            #expect(try names(", maximumAge: 7d") == ["feed tracker.json", "releases that ended", "day"])
        }
    }

    @Test("a scan without anything to judge by, or with a word that is none, is refused with its place")
    func refused() throws {
        try StageFixture.with { fixture in
            for text in [
                "- scan: {packages: {}}", "- scan: {}", "- scan: {packages: {feeds: [a], maximumSeverity: bad}}",
                "- scan: {packages: {feeds: [a], ignore: [{id: x}]}}", "- scan: {packages: {feeds: [a], unknown: 1}}",
            ] { #expect(throws: Failure.self) { _ = try fixture.decode(text) } }
        }
    }
}
