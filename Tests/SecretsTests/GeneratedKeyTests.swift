import ImageStore
import Platform
import Secrets
import TestSupport
import Testing

@Suite(.enabled(if: Shell.has("openssl"), "needs openssl"))
struct GeneratedKeyTests {
    private static let keyPath = "/etc/ssl/private/ssl-cert-snakeoil.key"
    private static let certificatePath = "/etc/ssl/certs/ssl-cert-snakeoil.pem"

    /// A key, a certificate that it signed itself, and one that another key signed for it.
    private static func pair(_ folder: String) throws -> (key: String, own: String, signed: String) {
        try Shell.run(
            """
            openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out own -subj /CN=web -days 9 2>/dev/null
            openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca -subj /CN=ca -days 9 2>/dev/null
            openssl req -new -key key -subj /CN=web | openssl x509 -req -CA ca -CAkey ca.key -set_serial 1 -out signed 2>/dev/null
            """, in: folder)
        func text(_ name: String) throws -> String { String(decoding: try Files.read("\(folder)/\(name)"), as: UTF8.self) }
        return (try text("key"), try text("own"), try text("signed"))
    }

    private static func tree(key: String, certificate: String, package: String) throws -> Tree {
        let status =
            "Package: \(package)\nStatus: install ok installed\nArchitecture: all\nVersion: 1\nMaintainer: a\nDescription: a\n\n"
        let objects = MemoryObjects()
        let editor = try TreeEditor(root: nil, in: objects, date: 0)
        for (path, text) in [
            ("/var/lib/dpkg/status", status),
            ("/var/lib/dpkg/info/\(package).md5sums", "\(String(repeating: "0", count: 32))  usr/sbin/make-ssl-cert\n"),
            (keyPath, key), (certificatePath, certificate),
        ] {
            let path = try TreePath(parsing: path)
            try editor.makeDirectory(path.parent)
            try editor.write(text, to: path)
        }
        return try Tree(try editor.finish(), in: objects)
    }

    @Test(
        "A key that a package's script made for the machine's own certificate is told apart; any other in its place is a finding")
    func generated() throws {
        try withTemporaryFolder { folder in
            let scanner = try SecretScanner(key: [1])
            let (key, own, signed) = try Self.pair(folder)
            let made = try Self.tree(key: key, certificate: own, package: "ssl-cert")
            let report = try scanner.scan(made, separatesGenerated: true)
            #expect(report.isClean && report.generated.map(\.finding.path) == [Self.keyPath])
            #expect(report.generated.first?.reason.contains("make-ssl-cert") == true)
            // Before sealing it is a finding like others.
            #expect(try scanner.scan(made).findings.map(\.path) == [Self.keyPath])
            for other in [
                try Self.tree(key: key, certificate: signed, package: "ssl-cert"),
                try Self.tree(key: key, certificate: own, package: "other"),
                try Self.tree(key: try Self.pair(folder).key, certificate: own, package: "ssl-cert"),
            ] {
                let report = try scanner.scan(other, separatesGenerated: true)
                #expect(report.findings.map(\.path) == [Self.keyPath] && report.generated.isEmpty)
            }
        }
    }
}
