import Guest
import Crypto
import Model
import Testing

@Suite struct `A suite's release file` {
    private static let url = "http://mirror.example/debian/dists/bookworm/InRelease"

    /// As Debian publishes it, cut to a few lines.
    private static func text(
        date: String = "Sat, 11 Jul 2026 10:16:37 UTC", valid: String = "", main: String = "515e692f",
        contents: String = "0ed6d4c8"
    ) -> String {
        """
        -----BEGIN PGP SIGNED MESSAGE-----
        Hash: SHA256

        Origin: Debian
        Codename: bookworm
        Date: \(date)
        \(valid)
        Components: updates/main updates/contrib non-free-firmware
        MD5Sum:
         11111111 50060337 main/binary-amd64/Packages
        SHA256:
         \(contents)  1484322 main/Contents-all
         \(main) 50060337 main/binary-amd64/Packages
         a8ed6807 12084798 contrib/binary-amd64/Packages
        -----BEGIN PGP SIGNATURE-----

         00000000 0 main/binary-amd64/Packages
        -----END PGP SIGNATURE-----
        """
    }

    private func state(_ text: String, _ components: [String] = ["main"]) throws -> Digest {
        try InRelease(parsing: text, url: Self.url).state(of: components, url: Self.url)
    }

    @Test func `its date is read, also with one digit`() throws {
        #expect(try InRelease(parsing: Self.text(), url: Self.url).date.description == "2026-07-11T10:16:37Z")
        let other = try InRelease(parsing: Self.text(date: "Wed,  1 Jul 2026  9:06:07 UTC"), url: Self.url)
        #expect(other.date.description == "2026-07-01T09:06:07Z")
        #expect(other.validUntil == nil)
        let limited = try InRelease(parsing: Self.text(valid: "Valid-Until: Sat, 18 Jul 2026 10:16:37 UTC"), url: Self.url)
        #expect(limited.validUntil?.description == "2026-07-18T10:16:37Z")
    }

    @Test func `dates and other indexes do not change the state, packages of a wanted component do`() throws {
        let state = try state(Self.text())
        #expect(try self.state(Self.text(date: "Sun, 12 Jul 2026 10:16:37 UTC", valid: "Valid-Until: never")) == state)
        #expect(try self.state(Self.text(contents: "ffffffff")) == state)
        #expect(try self.state(Self.text(main: "ffffffff")) != state)
        #expect(try self.state(Self.text(), ["main", "contrib"]) != state)
        #expect(try self.state(Self.text(), ["contrib", "main"]) == self.state(Self.text(), ["main", "contrib"]))
    }

    @Test func `a component that it does not have is named`() throws {
        let error = try failure { _ = try state(Self.text(), ["cntrib"]) }
        #expect(error.code == .notFound)
        #expect(error.hint == "did you mean 'contrib'?")
    }

    @Test(arguments: ["", "<html>not here</html>", "Date: yesterday\nSHA256:\n a 1 b"])
    func `something else is refused`(text: String) throws {
        #expect(throws: Failure.self) { try InRelease(parsing: text, url: Self.url) }
    }
}
