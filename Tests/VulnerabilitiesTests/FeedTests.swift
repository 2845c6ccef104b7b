import Guest
import ImageStore
import Model
import Platform
import TestSupport
import Testing
import Vulnerabilities

@Suite struct FeedTests {
    private static let osv = """
        [{"id": "DSA-1", "modified": "2025-02-01T00:00:00Z", "published": "2025-01-01T00:00:00Z", "upstream": ["CVE-2025-1"],
          "summary": "openssl: wrong", "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"}],
          "affected": [{"package": {"ecosystem": "Debian:12", "name": "openssl"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "3.0.11-1~deb12u2"}]}]}],
          "references": [{"type": "WEB", "url": "https://example.com/1"}]},
         {"id": "CVE-2025-2", "modified": "2025-03-01T00:00:00Z", "withdrawn": "2025-03-01T00:00:00Z",
          "affected": [{"package": {"ecosystem": "Debian:12", "name": "openssl"}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}]}]},
         {"id": "CVE-2025-3", "modified": "2025-03-01T00:00:00Z",
          "affected": [{"package": {"ecosystem": "Debian:11", "name": "openssl"}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}]}]},
         {"id": "GHSA-1", "modified": "2025-03-01T00:00:00Z", "aliases": ["CVE-2025-4"],
          "affected": [{"package": {"ecosystem": "PyPI", "name": "Jinja2"}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "3.1.3"}]}]}]}]
        """

    private func image() throws -> TreeEditor {
        try debian(
            [("libssl3", "3.0.11-1~deb12u1", "openssl"), ("bash", "5.2-1", nil)],
            [
                "/opt/venv/lib/python3.11/site-packages/Jinja2-3.1.2.dist-info/METADATA":
                    "Metadata-Version: 2.1\nName: Jinja2\nVersion: 3.1.2\n\n"
            ])
    }

    @Test("entries of OSV match sources of the image's release, and software of languages")
    func osv() throws {
        let assessment = try assess(try image(), byFeed: Self.osv)
        #expect(assessment.pairs == ["DSA-1 libssl3", "GHSA-1 jinja2"])
        let finding = try #require(assessment.findings.first { $0.id == "DSA-1" })
        #expect(finding.aliases == ["CVE-2025-1"] && finding.score == 7.5 && finding.severity == .high)
        #expect(finding.fixedInVersion == "3.0.11-1~deb12u2" && finding.fixAvailable == .yes)
        #expect(finding.evidence.map(\.level) == [.feed] && finding.references == ["https://example.com/1"])
        #expect(assessment.findings.first { $0.id == "GHSA-1" }?.package.filePath?.hasSuffix("METADATA") == true)
        #expect(assessment.feeds.map(\.withdrawn) == [1] && assessment.feeds.map(\.date) == ["2025-03-01T00:00:00Z"])
        // A file of entries speaks about what it names, and about nothing else.
        #expect(assessment.assessed == 2 && assessment.notAssessed.map(\.name) == ["bash"])
    }

    @Test("a folder of entries is an export, and speaks about its whole ecosystem")
    func export() throws {
        let entry = """
            {"id": "CVE-2025-9", "modified": "2025-02-01T00:00:00Z", "affected": [{"package": {"ecosystem": "Debian:12", "name": "zlib"},
             "versions": ["1"]}]}
            """
        try withTemporaryFolder { folder in
            try Files.writeDurably("\(folder)/CVE-2025-9.json", Array(entry.utf8))
            let assessment = try Assessment(of: try image(), by: .init(feeds: [FeedFile(folder)]), at: .epoch)
            #expect(assessment.findings.isEmpty && assessment.assessed == 2)
            #expect(assessment.notAssessed.map(\.name) == ["jinja2"])
        }
    }

    @Test("Debian's tracker is compared by the version of the source")
    func tracker() throws {
        let text = """
            {"openssl": {
              "CVE-2025-1": {"description": "x", "releases": {"bookworm": {"status": "resolved", "fixed_version": "3.0.11-1~deb12u2", "urgency": "high"}}},
              "CVE-2025-2": {"releases": {"bookworm": {"status": "resolved", "fixed_version": "0", "urgency": "low"}}},
              "CVE-2025-3": {"releases": {"bookworm": {"status": "open", "urgency": "not yet assigned", "nodsa": "Minor issue"}}},
              "CVE-2025-4": {"releases": {"bookworm": {"status": "undetermined"}}},
              "CVE-2025-5": {"releases": {"bullseye": {"status": "open"}}},
              "CVE-2025-6": {"releases": {"bookworm": {"status": "resolved", "fixed_version": "3.0.11-1~deb12u1", "urgency": "high"}}}},
             "absent": {"CVE-2025-7": {"releases": {"bookworm": {"status": "open"}}}}}
            """
        let assessment = try assess(try image(), byFeed: text)
        #expect(assessment.pairs == ["CVE-2025-1 libssl3", "CVE-2025-3 libssl3"])
        #expect(assessment.findings.map(\.severity) == [.high, .untriaged])
        #expect(assessment.findings.map(\.fixAvailable) == [.yes, .no])
        #expect(assessment.assessed == 2 && assessment.feeds.map(\.format) == [.debianTracker])
    }

    @Test("a release that the tracker does not have is not assessed")
    func unsupported() throws {
        let text = #"{"openssl": {"CVE-2025-1": {"releases": {"buster": {"status": "open"}}}}}"#
        let assessment = try assess(try image(), byFeed: text)
        #expect(assessment.findings.isEmpty && assessment.assessed == 0)
        #expect(assessment.feeds[0].remarks == ["it has nothing on the release bookworm"])
    }

    @Test(
        "updateinfo counts security updates of the same name and architecture, by rpm's order of versions",
        .enabled(if: RPMFixture.canRun, RPMFixture.missing))
    func updateInfo() throws {
        func package(_ name: String, _ epoch: Int, _ version: String, _ release: String, _ arch: String) -> String {
            "<package name='\(name)' epoch='\(epoch)' version='\(version)' release='\(release)' arch='\(arch)'><filename>f</filename></package>"
        }
        func update(_ id: String, _ type: String, _ cve: String, _ packages: String) -> String {
            """
            <update type="\(type)"><id>\(id)</id><title>t</title><severity>important</severity><issued date="2025-01-01"/>
              <references><reference href="https://example.com/" id="\(cve)" type="cve"/></references>
              <pkglist><collection><name>c</name>\(packages)</collection></pkglist></update>
            """
        }
        let text =
            "<?xml version='1.0'?><updates>"
            // The image has alpha and beta 2:1.2.3-4.test, and gamma 2:0^git1-4.test.
            + update("A-1", "security", "CVE-2025-1", package("alpha", 2, "1.2.10", "1", "noarch"))
            + update("A-2", "security", "CVE-2025-2", package("alpha", 2, "1.2.3", "4.test", "noarch"))
            + update("A-3", "security", "CVE-2025-3", package("beta", 1, "9", "9", "noarch"))
            + update("A-4", "security", "CVE-2025-4", package("beta", 2, "9", "9", "x86_64"))
            + update("A-5", "bugfix", "CVE-2025-5", package("beta", 2, "9", "9", "noarch"))
            + update("A-6", "security", "CVE-2025-6", package("gamma", 2, "0^git2", "1", "noarch"))
            + "</updates>"
        try RPMFixture.with { fixture in
            let view = try tree(["/etc/os-release": "ID=amzn\nVERSION_ID=2023\n"])
            try view.makeDirectory("/var/lib/rpm")
            try view.write(try fixture.bytes("sqlite/rpmdb.sqlite"), to: "/var/lib/rpm/rpmdb.sqlite")
            let assessment = try assess(view, byFeed: text)
            #expect(
                assessment.pairs == ["A-1 alpha", "A-6 gamma"] || assessment.pairs == ["CVE-2025-1 alpha", "CVE-2025-6 gamma"])
            #expect(assessment.findings.map(\.severity) == [.high, .high])
            #expect(assessment.findings.map(\.fixedInVersion) == ["2:1.2.10-1", "2:0^git2-1"])
            #expect(assessment.assessed == 3 && assessment.notAssessed.isEmpty)
        }
    }

    @Test("updateinfo says nothing of packages that are not rpm's")
    func updateInfoOfOthers() throws {
        let text = """
            <?xml version="1.0"?><updates>
             <update type="security" from="x"><id>ALAS-1</id><title>t</title><severity>important</severity><issued date="2025-01-01"/>
              <references><reference href="https://example.com/" id="CVE-2025-1" type="cve"/></references>
              <pkglist><collection><name>c</name>
               <package name="musl" epoch="0" version="9" release="1" arch="x86_64"><filename>f</filename></package></collection></pkglist></update>
            </updates>
            """
        let installed = "P:musl\nV:1.2.4-r4\nA:x86_64\n\n"
        let assessment = try assess(
            try tree(["/lib/apk/db/installed": installed, "/etc/os-release": "ID=alpine\nVERSION_ID=3.19.1\n"]), byFeed: text)
        // Packages of another manager are not rpm's.
        #expect(assessment.findings.isEmpty && assessment.feeds[0].entries == 1 && assessment.feeds[0].date == "2025-01-01")
        #expect(try failure { _ = try assess(try image(), byFeed: "<html></html>") }.code == .invalid)
    }

    @Test("Alpine's database is compared by origin, and for the release of the image alone")
    func alpine() throws {
        func feed(_ release: String) -> String {
            """
            {"distroversion": "\(release)", "reponame": "main", "urlprefix": "u", "packages": [{"pkg": {"name": "openssl-src", "secfixes": {
              "3.1.4-r5": ["CVE-2025-1 ALPINE-1", "CVE-2025-2"], "3.1.4-r4": ["CVE-2025-3"], "0": ["CVE-2025-4"]}}}]}
            """
        }
        let installed = "P:libssl3\nV:3.1.4-r4\nA:x86_64\no:openssl-src\n\nP:musl\nV:1-r0\nA:x86_64\n\n"
        let image = try tree(["/lib/apk/db/installed": installed, "/etc/os-release": "ID=alpine\nVERSION_ID=3.19.1\n"])
        let assessment = try assess(image, byFeed: feed("v3.19"))
        #expect(assessment.pairs == ["CVE-2025-1 libssl3", "CVE-2025-2 libssl3"])
        #expect(assessment.findings[0].aliases == ["ALPINE-1"] && assessment.notAssessed.map(\.name) == ["musl"])
        #expect(try assess(image, byFeed: feed("v3.18")).findings.isEmpty)
    }

    @Test("what two feeds say about one vulnerability of one package is one finding that stands on both")
    func merged() throws {
        let tracker = #"{"openssl": {"CVE-2025-1": {"releases": {"bookworm": {"status": "open", "urgency": "low"}}}}}"#
        let osv = """
            {"id": "CVE-2025-1", "modified": "2025-01-01T00:00:00Z", "affected": [{"package": {"ecosystem": "Debian:12", "name": "openssl"},
             "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "3.0.12"}]}]}]}
            """
        try withTemporaryFolder { folder in
            try Files.writeDurably("\(folder)/a", Array(tracker.utf8))
            try Files.writeDurably("\(folder)/b", Array(osv.utf8))
            let assessment = try Assessment(
                of: try image(), by: .init(feeds: [FeedFile("\(folder)/a"), FeedFile("\(folder)/b")]), at: .epoch)
            #expect(assessment.pairs == ["CVE-2025-1 libssl3"])
            let finding = assessment.findings[0]
            #expect(finding.evidence.count == 2 && finding.fixAvailable == .yes && finding.fixedInVersion == "3.0.12")
            #expect(finding.severity == .low)
        }
    }

    @Test("compressed feeds are the same feeds", .enabled(if: Shell.has("xz") && Shell.has("zstd"), "needs xz and zstd"))
    func compressed() throws {
        try withTemporaryFolder { folder in
            try Files.writeDurably("\(folder)/feed.json", Array(Self.osv.utf8))
            try Shell.run(
                "gzip -k feed.json; xz -k feed.json; zstd -q feed.json; mkdir d; cp feed.json d; tar cf d.tar feed.json",
                in: folder)
            let expected = try Assessment(of: try image(), by: .init(feeds: [FeedFile("\(folder)/feed.json")]), at: .epoch).pairs
            for ending in ["gz", "xz", "zst"] {
                let feed = try FeedFile("\(folder)/feed.json.\(ending)")
                #expect(try Assessment(of: try image(), by: .init(feeds: [feed]), at: .epoch).pairs == expected)
            }
        }
    }

    @Test(
        "an archive of entries is an export, as a folder of them is",
        .enabled(if: Shell.has("python3") && Shell.has("tar"), "needs python3 and tar"))
    func archives() throws {
        let script = """
            cat >a.json <<'EOF'
            {"id": "CVE-2025-1", "modified": "2025-02-01T00:00:00Z", "affected": [{"package": {"ecosystem": "Debian:12", "name": "openssl"},
             "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}]}]}
            EOF
            mkdir d; cp a.json d; tar czf d.tar.gz d; python3 -m zipfile -c d.zip d/a.json
            """
        try withTemporaryFolder { folder in
            try Shell.run(script, in: folder)
            for name in ["d", "d.tar.gz", "d.zip"] {
                let assessment = try Assessment(of: try image(), by: .init(feeds: [FeedFile("\(folder)/\(name)")]), at: .epoch)
                #expect(assessment.pairs == ["CVE-2025-1 libssl3"] && assessment.assessed == 2, "\(name)")
            }
        }
    }

    @Test("truncated and changed feeds are refused or read, and nothing else happens")
    func damage() throws {
        var random = SeededRandom(5)
        let feeds = [
            Self.osv, #"{"openssl": {"CVE-2025-1": {"releases": {"bookworm": {"status": "open", "urgency": "low"}}}}}"#,
            #"{"distroversion": "v3.19", "urlprefix": "u", "packages": [{"pkg": {"name": "a", "secfixes": {"1": ["CVE-1"]}}}]}"#,
            "<updates><update type=\"security\"><id>A</id></update></updates>",
            "VERSION 1\nCVE-2025-1,,text\n\nopenssl,0,S  F,3,\n\nopenssl,libssl3\n\n",
        ]
        let image = try image()
        for feed in feeds {
            var refused = 0
            for round in 0..<200 {
                var bytes = Array(feed.utf8)
                if round < 100 {
                    bytes = Array(bytes.prefix(bytes.count * round / 100))
                } else {
                    for _ in 0..<3 {
                        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                    }
                }
                try withTemporaryFolder { folder in
                    try Files.writeDurably("\(folder)/f", bytes)
                    do { _ = try Assessment(of: image, by: .init(feeds: [FeedFile("\(folder)/f")]), at: .epoch) } catch let error
                        as Failure
                    {
                        refused += 1
                        #expect(error.code == .invalid, "\(error)")
                    }
                }
            }
            #expect(refused > 20)
        }
    }
}
