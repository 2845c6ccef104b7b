import Cloud
import Crypto
import ImageStore
import Ledger
import Model
import Orchestration
import Platform
import Recipes
import TestSupport
import Testing

@Suite struct PromotionTests {
    private func versions(_ workspace: Workspace) throws -> [String: String] {
        let moves = try workspace.ledger.channels()
        return Dictionary(
            moves.map { ($0.channel.description, $0.to.version.description) }, uniquingKeysWith: { first, _ in first })
    }

    private func build(_ fixture: Fixture, _ text: String, _ workspace: Workspace) throws {
        fixture.test.advance(.minutes(1))
        try fixture.recipe("- files: [{write: {path: /a, text: \(text)}}]")
        try fixture.build(in: workspace)
    }

    @Test("a build fills the first channel; each other takes what the one before it has; history keeps all moves")
    func order() throws {
        try Fixture.with { fixture in
            try fixture.pipeline("promotion: {channels: [dev, staging, prod]}")
            let workspace = try fixture.workspace()
            try build(fixture, "one", workspace)
            #expect(try versions(workspace) == ["dev": "1.0.0/1"])
            failure(.notFound) { try fixture.promote("prod", nil, in: workspace) }
            failure(.notFound) { try fixture.promote("production", nil, in: workspace) }
            try fixture.promote("staging", nil, in: workspace)
            try build(fixture, "two", workspace)
            try fixture.promote("prod", nil, in: workspace)
            #expect(try versions(workspace) == ["dev": "1.0.1/1", "staging": "1.0.0/1", "prod": "1.0.0/1"])
            failure(.conflict) { try fixture.promote("prod", nil, in: workspace) }
            let moves = try workspace.ledger.history(of: ResourceName(parsing: "web"), ChannelName(parsing: "dev"))
            #expect(moves.map(\.to.version.description) == ["1.0.1/1", "1.0.0/1"])
            #expect(moves.map(\.actor) == ["pipeline nightly", "pipeline nightly"])
        }
    }

    @Test("a channel goes back by version, and an unchanged build does not move it forward again; a new one does")
    func rollback() throws {
        try Fixture.with { fixture in
            try fixture.pipeline("promotion: {channels: [dev]}")
            let workspace = try fixture.workspace()
            try build(fixture, "one", workspace)
            try build(fixture, "two", workspace)
            let move = try fixture.promote("dev", "1.0.0", in: workspace)
            #expect(move.from?.version.description == "1.0.1/1" && move.actor == "alice" && move.reason == "tried")
            try build(fixture, "two", workspace)
            #expect(try versions(workspace) == ["dev": "1.0.0/1"])
            failure(.notFound) { try fixture.promote("dev", "3.x.x", in: workspace) }
            try build(fixture, "three", workspace)
            #expect(try versions(workspace) == ["dev": "1.0.2/1"])
        }
    }

    @Test("the gate maxAge lets an image through until it is that old, to the second")
    func maxAge() throws {
        try Fixture.with { fixture in
            try fixture.pipeline("promotion: {channels: [dev, prod], gates: {prod: [{maxAge: 7d}]}}")
            let workspace = try fixture.workspace()
            try build(fixture, "one", workspace)
            let built = fixture.test.now
            fixture.test.now = built + .days(7) + TimeSpan(seconds: 1)
            let error = failure(.failed) { try fixture.promote("prod", nil, in: workspace) }
            #expect(error?.message.contains("more than 7d ago") == true)
            #expect(try versions(workspace) == ["dev": "1.0.0/1"])
            fixture.test.now = built + .days(7)
            try fixture.promote("prod", nil, in: workspace)
            #expect(try versions(workspace)["prod"] == "1.0.0/1")
        }
    }

    // MARK: Gates of evidence

    private static let repository = Files.parent(of: Files.parent(of: Files.parent(of: #filePath)))

    private func withProfile(_ body: (Fixture) throws -> Void) throws {
        try Fixture.with { fixture in
            let profile = try Files.read(Self.repository + "/recipes/profiles/scrub-standard.yaml")
            try Files.writeDurably("\(fixture.folder)/recipes/profiles/scrub-standard.yaml", profile)
            try fixture.pipeline("promotion: {channels: [dev, prod], gates: {prod: [scrub-clean]}}")
            try body(fixture)
        }
    }

    private static let system = """
        - files:
            - write: {path: /etc/passwd, text: "root:x:0:0::/root:/bin/sh\\n"}
            - write: {path: /etc/machine-id, text: "4c9d6f02b1e84a5d9a3b7c1e0f2d8a66\\n"}

        """

    @Test("the gate scrub-clean lets an image through that has a certificate, and none without")
    func scrubClean() throws {
        try withProfile { fixture in
            let workspace = try fixture.workspace()
            try fixture.recipe(Self.system)
            try fixture.build(in: workspace)
            let refused = try #require(failure(.failed) { try fixture.promote("prod", nil, in: workspace) })
            #expect(refused.message.contains("the gate of prod says no: nobody shows that"), "\(refused.message)")
            #expect(try versions(workspace)["prod"] == nil)
            try fixture.recipe(Self.system + "- scrub")
            try fixture.build(in: workspace)
            try fixture.promote("prod", nil, in: workspace)
            #expect(try versions(workspace)["prod"] == "1.0.1/1")
        }
    }

    @Test("a certificate of another image, or one that no key of the workspace signed, opens no gate")
    func foreignCertificate() throws {
        try withProfile { fixture in
            let workspace = try fixture.workspace()
            try fixture.recipe(Self.system + "- scrub")
            let clean = try fixture.build(in: workspace).sealed.image
            try fixture.recipe(Self.system)
            let other = try fixture.build(in: workspace).sealed.image
            let region = try fixture.region(of: workspace)
            try region.attachEvidence(try #require(try region.evidence(of: clean.id)), to: other.id)
            let foreign = try #require(failure(.failed) { try fixture.promote("prod", nil, in: workspace) })
            #expect(foreign.chain.joined().contains("is about another image"), "\(foreign.chain)")
            try Files.removeTree(fixture.home + "/keys")
            let again = try fixture.workspace()
            let unsigned = try #require(failure(.failed) { try fixture.promote("prod", "1.0.0", in: again) })
            #expect(unsigned.chain.joined().contains("no key is trusted"), "\(unsigned.chain)")
            #expect(try versions(again)["prod"] == nil)
        }
    }

    @Test("the gate packages asks what is known on the day of the promotion, and is shut where nothing is")
    func packages() throws {
        try Fixture.with { fixture in
            let foreign = #"{"distroversion": "v3.19", "reponame": "main", "urlprefix": "https://a.b", "packages": []}"#
            func feed(_ urgency: String) -> String {
                #"{"a": {"CVE-2025-1": {"releases": {"bookworm": {"status": "open", "urgency": "\#(urgency)"}}}}}"#
            }
            try fixture.recipe(
                """
                - files:
                    - write: {path: /etc/os-release, text: "ID=debian\\nVERSION_CODENAME=bookworm\\n"}
                    - write: {path: /var/lib/dpkg/status, text: "Package: a\\nStatus: install ok installed\\nArchitecture: amd64\\nVersion: 1\\n"}
                """)
            try fixture.pipeline(
                "promotion: {channels: [dev, prod], gates: {prod: [{packages: {feeds: [tracker.json], maximumSeverity: medium}}]}}"
            )
            let workspace = try fixture.workspace()
            try fixture.build(in: workspace)
            failure(.failed) { try fixture.promote("prod", nil, in: workspace) }
            try fixture.write("pipelines/tracker.json", feed("high"))
            let bad = try #require(failure(.failed) { try fixture.promote("prod", nil, in: workspace) })
            #expect(
                bad.message.contains("the gate of prod says no") && bad.message.contains("CVE-2025-1 (high) in a 1"),
                "\(bad.message)")
            try fixture.write("pipelines/tracker.json", foreign)
            let silent = try #require(failure(.failed) { try fixture.promote("prod", nil, in: workspace) })
            #expect(silent.message.contains("nothing is known of the packages"), "\(silent.message)")
            #expect(try versions(workspace)["prod"] == nil)
            try fixture.write("pipelines/tracker.json", feed("low"))
            try fixture.promote("prod", nil, in: workspace)
            #expect(try versions(workspace)["prod"] == "1.0.0/1")
        }
    }
}
