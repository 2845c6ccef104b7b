import Cloud
import Ledger
import Model
import Orchestration
import Platform
import Synchronization
import TestSupport
import Testing
import Vulnerabilities

/// `scan` of a pipeline: what its image's packages may have, judged before the image is available.
@Suite struct PackageJudgeTests {
    private static let system = """
        - files:
            - write: {path: /etc/os-release, text: "ID=debian\\nVERSION_CODENAME=bookworm\\n"}
            - write: {path: /var/lib/dpkg/status, text: "Package: openssl\\nStatus: install ok installed\\nArchitecture: amd64\\nVersion: 3.0.1\\n"}
        """

    /// Of another distribution.
    private static let foreign = #"{"distroversion": "v3.19", "reponame": "main", "urlprefix": "https://a.b", "packages": []}"#

    private func feed(_ urgency: String) -> String {
        """
        {"openssl": {"CVE-2025-1": {"releases": {"bookworm":
          {"status": "resolved", "fixed_version": "3.0.2", "urgency": "\(urgency)"}}}}}
        """
    }

    private func with(urgency: String, _ body: (Fixture) throws -> Void) throws {
        try Fixture.with { fixture in
            try fixture.recipe(Self.system)
            try fixture.pipeline("scan: {packages: {feeds: [tracker.json], maximumSeverity: medium}}")
            try fixture.write("pipelines/tracker.json", feed(urgency))
            try body(fixture)
        }
    }

    /// What a build said of packages: each verdict, and whether it was new.
    private func verdicts(of build: (@escaping @Sendable (Builder.Event) -> Void) throws -> Void) rethrows -> [String] {
        let said = Mutex<[String]>([])
        try build { event in
            if case .judged(let found, let isNew) = event { said.withLock { $0.append("\(isNew ? "new" : "known"): \(found)") } }
        }
        return said.withLock { $0 }
    }

    @Test("a finding beyond what the pipeline allows leaves no image, and is told with package, id and evidence")
    func blocked() throws {
        try with(urgency: "high") { fixture in
            let workspace = try fixture.workspace()
            let failure = try #require(failure(.failed) { try fixture.build(in: workspace) })
            for word in ["pipeline nightly", "CVE-2025-1 (high) in openssl 3.0.1, fixed in 3.0.2", "tracker.json"] {
                #expect(failure.message.contains(word), "\(failure.message)")
            }
            #expect(try fixture.images(of: workspace).isEmpty)
            let build = try #require(try workspace.ledger.builds().first)
            #expect(build.state == .failed)
            #expect(failure.hint?.contains("build:\(build.id)") == true, "the tree is kept")
            #expect(try FailedTree.left(by: build.id, in: workspace) != nil)
        }
    }

    @Test("what passes is available; the same evidence is not judged again, and new evidence judges the image that is there")
    func judgedOnce() throws {
        try with(urgency: "low") { fixture in
            let workspace = try fixture.workspace()
            func build() throws -> (outcome: Builder.Outcome?, said: [String]) {
                var outcome: Builder.Outcome?
                let said = try verdicts { watch in
                    let builder = Builder(workspace, documents: fixture.documents, stages: Fixture.stages, watch: watch)
                    outcome = try builder.build(try fixture.document())
                }
                return (outcome, said)
            }
            let first = try build()
            #expect(first.said == ["new: 1 low; 1 package assessed, 0 not"])
            #expect(first.outcome?.packages?.summary == "1 low; 1 package assessed, 0 not" && first.outcome?.sealed.isNew == true)
            let second = try build()
            #expect(second.said == ["known: 1 low; 1 package assessed, 0 not"] && second.outcome?.sealed.isNew == false)
            // Nothing of the image changed; what is known about it did.
            try fixture.write("pipelines/tracker.json", feed("high"))
            let failure = try #require(failure(.failed) { _ = try build() })
            #expect(failure.message.contains("CVE-2025-1 (high)"))
            #expect(try workspace.ledger.builds().count == 3)
            #expect(try fixture.images(of: workspace).count == 1)
        }
    }

    @Test("what is allowed is part of the verdict")
    func policy() throws {
        try with(urgency: "low") { fixture in
            let workspace = try fixture.workspace()
            try fixture.build(in: workspace)
            try fixture.pipeline("scan: {packages: {feeds: [tracker.json], maximumSeverity: none}}")
            failure(.failed) { try fixture.build(in: workspace) }
            try fixture.pipeline(
                "scan: {packages: {feeds: [tracker.json], maximumSeverity: none, ignore: [{id: CVE-2025-1, reason: not reachable}]}}"
            )
            #expect(try fixture.build(in: workspace).packages?.summary == "no findings; 1 package assessed, 0 not")
        }
    }

    @Test("evidence that speaks about no package of the image lets none pass")
    func undecided() throws {
        try with(urgency: "low") { fixture in
            try fixture.write("pipelines/tracker.json", Self.foreign)
            let workspace = try fixture.workspace()
            let failure = try #require(failure(.failed) { try fixture.build(in: workspace) })
            #expect(
                failure.message.contains("nothing is known of the packages: none of 1 feed and 0 suites"), "\(failure.message)")
            #expect(try fixture.images(of: workspace).isEmpty)
        }
    }
}
