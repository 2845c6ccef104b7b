import Cloud
import Crypto
import Evidence
import FoundationEssentials
import ImageStore
import Ledger
import Model
import Orchestration
import Platform
import Secrets
import TestSupport
import Testing

/// What is proven before an image is available, and the documents that say so.
@Suite struct ProofTests {
    static let repository = Files.parent(of: Files.parent(of: Files.parent(of: #filePath)))

    /// A workspace with the shipped profile.
    private func with(_ body: (Fixture) throws -> Void) throws {
        try Fixture.with { fixture in
            let profile = try Files.read(Self.repository + "/recipes/profiles/scrub-standard.yaml")
            try Files.writeDurably("\(fixture.folder)/recipes/profiles/scrub-standard.yaml", profile)
            try fixture.pipeline("distribution: [{region: us-west-2}]")
            try body(fixture)
        }
    }

    private static let machineID = "4c9d6f02b1e84a5d9a3b7c1e0f2d8a66"
    private static let setup = """
        - files:
            - write: {path: /etc/passwd, text: "root:x:0:0::/root:/bin/sh\\n"}
            - write: {path: /etc/hostname, text: "build-7x\\n"}
            - write: {path: /etc/machine-id, text: "\(machineID)\\n"}
            - write: {path: /etc/app.conf, text: "workers = 4\\n"}

        """

    private func document(_ kind: DocumentKind, of image: ImageRecord, _ workspace: Workspace) throws -> EnvelopeVerification {
        let bytes = try EvidenceFiles(of: image, in: workspace).envelope(kind)
        return try EnvelopeVerification(
            bytes, what: kind.fileName, trusting: try workspace.keys.entries().map(\.publicKey), about: image.root)
    }

    @Test("an image whose recipe scrubs has a signed certificate, and so have its copies")
    func certificate() throws {
        try with { fixture in
            try fixture.recipe(Self.setup + "- scrub")
            let workspace = try fixture.workspace()
            let outcome = try fixture.build(in: workspace)
            let proof = try #require(outcome.proof)
            #expect(proof.problems.isEmpty && proof.detectors.coverage.files == 4)
            #expect(proof.canaries.isComplete && proof.canaries.planted > 0)
            #expect(proof.known.searched == ["host name of /etc/hostname", "machine id of /etc/machine-id"])
            #expect(proof.rawImage.bytes > proof.rawImage.searchedBytes && proof.rawImage.searchedBytes > 10_000)
            let copies = try fixture.images("us-west-2", of: workspace)
            for image in [outcome.sealed.image] + copies {
                let certificate = try document(.certificate, of: image, workspace)
                #expect(certificate.statement.predicate["image"]?["id"]?.string == outcome.sealed.image.id.description)
                #expect(certificate.statement.predicate["proof"]?["findings"] == .array([]))
            }
            #expect(copies.count == 1)
            // No value is in any document.
            let text = String(
                decoding: try Envelope(
                    reading: EvidenceFiles(of: outcome.sealed.image, in: workspace).envelope(.certificate), what: "x"
                ).payload, as: UTF8.self)
            #expect(!text.contains(Self.machineID) && !text.contains("build-7x"))
        }
    }

    @Test(
        "a value that scrub took out blocks the image where it is still there, in whatever form",
        arguments: [
            ("/etc/app.conf", machineID, "raw"),
            ("/usr/share/x", "NGM5ZDZmMDJiMWU4NGE1ZDlhM2I3YzFlMGYyZDhhNjY=", "base64"),
            ("/var/lib/y", machineID.utf8.map { String($0, radix: 16) }.joined(), "lowerHex"),
        ])
    func leftValue(_ path: String, _ content: String, _ form: String) throws {
        try with { fixture in
            let plant = "- files:\n    - write: {path: \(path), text: \"id = \(content)\\n\"}\n"
            try fixture.recipe(Self.setup + plant + "- scrub")
            let workspace = try fixture.workspace()
            let failure = try #require(failure(.failed) { try fixture.build(in: workspace) })
            #expect(failure.message.contains("\(path) still holds the machine id of /etc/machine-id, as \(form)"))
            #expect(!failure.message.contains(Self.machineID))
            #expect(try fixture.images(of: workspace).isEmpty)
            #expect(try workspace.ledger.builds().first?.state == .failed)
        }
    }

    @Test("a finding that the recipe accepts with a reason is in the certificate, and blocks nothing")
    func allowed() throws {
        try with { fixture in
            let plant = "- files:\n    - write: {path: /etc/app.conf, text: \"id = \(Self.machineID)\\n\"}\n"
            let allow = "- scrub: {allow: [{path: /etc/*.conf, rule: removed-value, reason: the vendor is asked}]}"
            try fixture.recipe(Self.setup + plant + allow)
            let workspace = try fixture.workspace()
            let outcome = try fixture.build(in: workspace)
            #expect(outcome.proof?.known.allowed.map(\.reason) == ["the vendor is asked"])
            let certificate = try document(.certificate, of: outcome.sealed.image, workspace)
            let allowed = certificate.statement.predicate["proof"]?["knownValues"]?["allowed"]?.array
            #expect(allowed?.first?["path"]?.string == "/etc/app.conf")
            // Another path is not meant by the pattern.
            let deep = "- files:\n    - write: {path: /etc/a/b.conf, text: \"id = \(Self.machineID)\\n\"}\n"
            try fixture.recipe(Self.setup + deep + allow)
            failure(.failed) { try fixture.build(in: workspace) }
        }
    }

    @Test(
        "an allowance without path, rule or reason is refused",
        arguments: [
            "{path: /a, rule: x}", "{rule: x, reason: y}", "{path: a, rule: x, reason: y}", "{path: /a, rule: x, reason: \" \"}",
        ])
    func wrongAllowance(_ entry: String) throws {
        try with { fixture in
            try fixture.recipe(Self.setup + "- scrub: {allow: [\(entry)]}")
            let workspace = try fixture.workspace()
            failure(.invalid) { try fixture.build(in: workspace) }
        }
    }

    @Test("a secret that the build was given is searched in the raw image too")
    func secrets() throws {
        try with { fixture in
            let stage = "- steps: {write: {/ok: fine}, secret: \"env:PROBE_TOKEN\"}\n"
            try fixture.recipe(Self.setup + stage + "- scrub")
            let workspace = try fixture.workspace()
            let proof = try #require(try fixture.build(in: workspace).proof)
            #expect(proof.known.searched.contains("secret env:PROBE_TOKEN"))
        }
    }

    @Test("what was proven once is not proven again, and needs no secret then")
    func provenOnce() throws {
        try with { fixture in
            let stage = "- steps: {write: {/ok: fine}, secret: \"env:PROBE_TOKEN\"}\n"
            try fixture.recipe(Self.setup + stage + "- scrub")
            let workspace = try fixture.workspace()
            fixture.test.plan(.fail, at: "seal.intended")
            #expect(throws: Failure.self) { try fixture.build(in: workspace) }
            let without = try Workspace(home: fixture.home, environment: fixture.test.environment)
            let events = Shared<[Bool]>([])
            let builder = Builder(without, documents: fixture.documents, stages: Fixture.stages) { event in
                if case .proven(_, let isNew) = event { events.change { $0.append(isNew) } }
            }
            let outcome = try builder.build(try fixture.document())
            #expect(outcome.sealed.isNew && outcome.ran.isEmpty && events.value == [false])
            // A build in which nothing changed proves nothing at all.
            #expect(try builder.build(try fixture.document()).proof == nil && events.value == [false])
        }
    }

    @Test("what scrub should have taken out and a later stage brought back blocks the image, by other code than scrub's")
    func broughtBack() throws {
        try with { fixture in
            try fixture.recipe(Self.setup + "- scrub\n- files: [{write: {path: /root/.netrc, text: again}}]")
            let workspace = try fixture.workspace()
            let failure = try #require(failure(.failed) { try fixture.build(in: workspace) })
            #expect(failure.message.contains("network-credentials: /root/.netrc is there"))
            #expect(failure.hint?.contains("ingot shell build:") == true)
        }
    }

    @Test("an image whose recipe does not scrub is not proven, and has provenance alone")
    func provenanceOnly() throws {
        try with { fixture in
            try fixture.recipe(Self.setup)
            let workspace = try fixture.workspace()
            let outcome = try fixture.build(in: workspace)
            #expect(outcome.proof == nil)
            let files = try EvidenceFiles(of: outcome.sealed.image, in: workspace)
            #expect(try !files.kinds().contains(.certificate) && files.kinds().contains(.provenance))
            #expect(failure(.notFound) { _ = try files.envelope(.certificate) }?.hint?.contains("scrub") == true)
        }
    }

    @Test("provenance names recipe, parent, what stages read, the build and when it was")
    func provenance() throws {
        try with { fixture in
            try fixture.recipe(Self.setup, name: "base")
            try fixture.pipeline(name: "base", recipe: "base")
            let workspace = try fixture.workspace()
            let base = try fixture.build("base", in: workspace).sealed.image
            try fixture.write("recipes/motd", "hello\n")
            try fixture.recipe("- files: [{copy: {from: motd, to: /etc/motd}}]\n- scrub", parent: "base")
            let outcome = try fixture.build(in: workspace)
            let predicate = try document(.provenance, of: outcome.sealed.image, workspace).statement.predicate
            let dependencies = try #require(predicate["buildDefinition"]?["resolvedDependencies"]?.array)
            #expect(dependencies.contains { $0["digest"]?["sha256"]?.string == base.root?.hex })
            #expect(dependencies.contains { $0["name"]?.string == "profile scrub-standard" && $0["digest"] != nil })
            #expect(dependencies.contains { $0["name"]?.string?.contains("motd") == true })
            #expect(dependencies.allSatisfy { $0["uri"]?.string != nil || $0["digest"] != nil })
            #expect(predicate["runDetails"]?["metadata"]?["invocationId"]?.string == "urn:ingot:build:\(outcome.build.id)")
        }
    }

    @Test(
        "the certificate says by which feeds the packages passed, with counts and policy; and that nothing is known where nobody asked"
    )
    func packages() throws {
        try with { fixture in
            let system = """
                - files:
                    - write: {path: /etc/os-release, text: "ID=debian\\nVERSION_CODENAME=bookworm\\n"}
                    - write: {path: /var/lib/dpkg/status, text: "Package: a\\nStatus: install ok installed\\nArchitecture: amd64\\nVersion: 1\\n"}

                """
            let feed = #"{"a": {"CVE-2025-1": {"releases": {"bookworm": {"status": "open", "urgency": "low"}}}}}"#
            try fixture.recipe(Self.setup + system + "- scrub")
            let workspace = try fixture.workspace()
            func packages() throws -> JSONValue {
                let image = try fixture.build(in: workspace).sealed.image
                return try document(.certificate, of: image, workspace).statement.predicate["packages"] ?? .null
            }
            let unknown = try packages()
            #expect(unknown["result"]?.string == "not-assessed" && unknown["verdicts"] == .array([]))
            #expect(unknown["because"]?.string == "neither the recipe nor the pipeline has a `scan`")
            // Once as a stage, once by the pipeline.
            let gate = "packages: {feeds: [tracker.json], maximumSeverity: medium, ignore: [{id: CVE-2025-1, reason: unused}]}"
            try fixture.write("recipes/tracker.json", feed)
            try fixture.write("pipelines/tracker.json", feed)
            try fixture.recipe(
                Self.setup + system
                    + "- scan: {\(gate.replacing("ignore: [{id: CVE-2025-1, reason: unused}]", with: "fixAvailable: true"))}\n- scrub"
            )
            try fixture.pipeline("scan: {\(gate)}\nimage: {tags: {Gate: \"yes\"}}")
            let known = try packages()
            #expect(known["result"]?.string == "passed")
            let verdicts = try #require(known["verdicts"]?.array)
            #expect(verdicts.compactMap { $0["gate"]?.string } == ["stage scan", "pipeline nightly"])
            #expect(verdicts.compactMap { $0["counts"]?["low"] } == [.number("1"), .number("0")])
            #expect(verdicts.compactMap { $0["policy"]?["fixAvailable"] } == [.boolean(true), .boolean(false)])
            #expect(verdicts[1]["ignored"]?.array?.first?["reason"]?.string == "unused")
            for verdict in verdicts {
                let source = try #require(verdict["feeds"]?.array?.first)
                #expect(source["file"]?.string == "tracker.json", "no path of the machine that built")
                #expect(source["sha256"]?.string == SHA256.digest(of: Array(feed.utf8)).hex)
                #expect(verdict["policy"]?["maximumSeverity"]?.string == "medium" && verdict["behind"] == nil)
                #expect(verdict["assessed"] == .number("1") && verdict["notAssessed"]?["count"] == .number("0"))
            }
        }
    }

    @Test("documents that the store lost are made again by a build in which nothing changed")
    func lostDocuments() throws {
        try with { fixture in
            try fixture.recipe(Self.setup + "- scrub")
            let workspace = try fixture.workspace()
            let image = try fixture.build(in: workspace).sealed.image
            try Files.removeTree(fixture.home + "/regions/us-east-1/store")
            let again = try fixture.workspace()
            #expect(try fixture.build(in: again).sealed.image.id == image.id)
            _ = try document(.certificate, of: image, again)
            try expectOrder(again)
        }
    }

    @Test("an image and a copy from before there were documents get theirs by a build in which nothing changed, which says so")
    func olderThanDocuments() throws {
        try with { fixture in
            try fixture.recipe(Self.setup + "- scrub")
            let workspace = try fixture.workspace()
            let image = try fixture.build(in: workspace).sealed.image
            for region in ["us-east-1", "us-west-2"] {
                try Shell.run(
                    "python3 -c \"import sqlite3; c = sqlite3.connect('catalog.db'); c.execute('DELETE FROM evidence'); c.commit()\"",
                    in: "\(fixture.home)/regions/\(region)")
            }
            let copy = try #require(try fixture.images("us-west-2", of: workspace).first)
            for lost in [image, copy] { failure(.notFound) { _ = try EvidenceFiles(of: lost, in: workspace) } }
            let outcome = try fixture.build(in: workspace)
            #expect(!outcome.sealed.isNew && outcome.ran.isEmpty && outcome.sealed.image.id == image.id)
            for found in [image, copy] {
                _ = try document(.certificate, of: found, workspace)
                let definition = try document(.provenance, of: found, workspace).statement.predicate["buildDefinition"]
                let said = definition?["internalParameters"]?["documents"]?.string ?? ""
                #expect(said.hasPrefix("made by a later build, in which nothing changed"), "\(said)")
            }
            try expectOrder(workspace)
        }
    }

    // MARK: Crashes

    private static let points = [
        "keys.made", "keys.current", "proof.done", "seal.pending", "documents.published", "seal.documented", "seal.available",
        "copy.pending", "copy.moved",
    ]

    @Test(
        "stopped at any write of proof and documents, the next build gives the same image with whole documents", arguments: points
    )
    func crash(_ point: String) throws {
        try with { fixture in
            try fixture.recipe(Self.setup + "- scrub")
            let workspace = try fixture.workspace()
            fixture.test.plan(.fail, at: point)
            _ = try? fixture.build(in: workspace)
            #expect(fixture.test.reached.contains(point))
            try expectOrder(workspace)
            let outcome = try fixture.build(in: workspace)
            for image in try fixture.images(of: workspace) + fixture.images("us-west-2", of: workspace) {
                _ = try document(.certificate, of: image, workspace)
                #expect(image.root == outcome.sealed.image.root)
            }
            try expectOrder(workspace)
            #expect(try workspace.keys.entries().count == 1)
        }
    }
}
