import Guest
import ImageStore
import Model
import Testing

/// Operations that ask what packages own, or look into files.
@Suite struct ScrubPackageTests {
    private func entry(_ id: String, _ report: ScrubReport) throws -> ScrubReport.Operation {
        try #require(report.operations.first { $0.id == id })
    }

    private static func status(_ package: String) -> String {
        "Package: \(package)\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n"
    }

    @Test("a backup file that a package owns stays, its neighbour goes")
    func packagedBackups() throws {
        let fixture = try ScrubFixture()
        try fixture.write("/var/lib/dpkg/info/app.list", "/.\n/etc\n/etc/app.conf.orig\n")
        try fixture.write("/var/lib/dpkg/status", Self.status("app"))
        try fixture.write("/etc/app.conf.orig", "shipped")
        try fixture.write("/etc/app.conf.bak", "left")
        #expect(try fixture.findings().map(\.message) == ["/etc/app.conf.bak is there"])
        try fixture.scrub()
        #expect(try fixture.has("/etc/app.conf.orig") && !fixture.has("/etc/app.conf.bak"))
        #expect(try fixture.findings() == [])
    }

    @Test("packages of Alpine own files too, and what nobody owns in an image of another database is not asserted")
    func otherPackages() throws {
        let fixture = try ScrubFixture()
        try fixture.write("/lib/apk/db/installed", "P:app\nV:1\nA:x86_64\nF:etc\nR:app.conf.orig\n\n")
        try fixture.write("/etc/app.conf.orig", "shipped")
        try fixture.write("/etc/app.conf.bak", "left")
        try fixture.scrub()
        #expect(try fixture.has("/etc/app.conf.orig") && !fixture.has("/etc/app.conf.bak"))
        #expect(try fixture.findings() == [])
    }

    @Test("a log stays empty where a package or a configuration expects it, and goes elsewhere")
    func logs() throws {
        let fixture = try ScrubFixture()
        try fixture.write("/var/lib/dpkg/info/base-files.list", "/.\n/var/log\n/var/log/app\n")
        try fixture.write("/var/lib/dpkg/status", Self.status("base-files"))
        try fixture.write("/etc/rsyslog.d/50-app.conf", "*.* -/var/log/site/all.log\n")
        try fixture.write("/etc/logrotate.d/app", "\"/var/log/rotated/*.log\" {\n  weekly\n}\n")
        for path in ["app/a.log", "syslog", "site/all.log", "site/other.log", "rotated/b.log", "rotated/b.log.1"] {
            try fixture.write("/var/log/\(path)", "said something\n", mode: 0o640, uid: 7)
        }
        let report = try fixture.scrub()
        for path in ["app/a.log", "syslog", "site/all.log", "rotated/b.log"] {
            #expect(try fixture.text("/var/log/\(path)") == "", "\(path)")
            #expect(try fixture.editor.node(at: try TreePath(parsing: "/var/log/\(path)"))?.metadata.uid == 7)
        }
        #expect(try !fixture.has("/var/log/site/other.log") && !fixture.has("/var/log/rotated/b.log.1"))
        #expect(try entry("logs", report).removed.map(\.path).contains("/var/log/site/other.log"))
        #expect(try fixture.findings() == [])
    }

    @Test("only a core dump is one: a program, a folder and a text of that name stay")
    func coreFiles() throws {
        let fixture = try ScrubFixture()
        let head = "\u{7F}ELF\u{2}\u{1}\u{1}\0\0\0\0\0\0\0\0\0"
        try fixture.write("/opt/app/core", head + "\u{4}\0\0\0")
        try fixture.write("/usr/lib/app/core", head + "\u{3}\0\0\0")
        try fixture.write("/usr/share/man/man5/core.5", ".TH CORE 5\n")
        try fixture.scrub()
        #expect(try !fixture.has("/opt/app/core"))
        #expect(try fixture.has("/usr/lib/app/core") && fixture.has("/usr/share/man/man5/core.5"))
    }

    @Test("a swap file that fstab names goes with its line, and swap on a device stays")
    func swap() throws {
        let fixture = try ScrubFixture()
        let root = "LABEL=root / ext4 defaults 0 1\nUUID=1-2 none swap sw 0 0\n"
        try fixture.write("/etc/fstab", root + "/var/cache/swap none swap sw 0 0\n")
        try fixture.write("/var/cache/swap", "memory")
        #expect(try fixture.findings().map(\.operation) == ["swap"])
        try fixture.scrub()
        #expect(try !fixture.has("/var/cache/swap"))
        #expect(try fixture.text("/etc/fstab") == root)
    }

    private static let unit = "/etc/systemd/system/multi-user.target.wants/ingot-example-certificate.service"

    private func withCertificate(maker: Bool) throws -> ScrubFixture {
        let fixture = try ScrubFixture()
        try fixture.write("/etc/ssl/private/ssl-cert-snakeoil.key", "not a key", mode: 0o640)
        try fixture.write("/etc/ssl/certs/ssl-cert-snakeoil.pem", "not a certificate")
        try fixture.link("/etc/ssl/certs/0123abcd.0", "ssl-cert-snakeoil.pem")
        if maker { try fixture.write("/usr/sbin/make-ssl-cert", "#!/bin/sh\n", mode: 0o755) }
        return fixture
    }

    @Test("the example certificate goes with its link, and is made anew where its maker is", arguments: [true, false])
    func exampleCertificate(_ maker: Bool) throws {
        let fixture = try withCertificate(maker: maker)
        let report = try fixture.scrub()
        #expect(try !fixture.has("/etc/ssl/private/ssl-cert-snakeoil.key") && !fixture.has("/etc/ssl/certs/0123abcd.0"))
        #expect(try fixture.has(Self.unit) == maker)
        let file = "/etc/systemd/system/ingot-example-certificate.service"
        #expect(try fixture.text(file)?.contains("make-ssl-cert generate-default-snakeoil") ?? false == maker)
        #expect(try entry("snakeoil", report).removed.count == 3)
        #expect(try fixture.findings() == [])
    }

    @Test("the example certificate stays, and the operation fails, where nothing could make it anew")
    func certificateStays() throws {
        let fixture = try withCertificate(maker: true)
        try fixture.editor.remove("/usr/lib/systemd/systemd")
        #expect(try entry("snakeoil", try fixture.scrub()).status == .failed)
        #expect(try fixture.has("/etc/ssl/private/ssl-cert-snakeoil.key"))
    }
}
