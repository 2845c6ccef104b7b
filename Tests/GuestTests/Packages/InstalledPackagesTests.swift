import Guest
import ImageStore
import Model
import TestSupport
import Testing

@Suite struct InstalledPackagesTests {
    static let status = """
        Package: libfoo1
        Status: install ok installed
        Maintainer: A <a@example.com>
        Installed-Size: 12
        Architecture: amd64
        Multi-Arch: same
        Source: foo (1:2.0-3)
        Version: 1:2.0-3+b1
        Provides: foo-abi-1, foo-api (= 2)
        Depends: libc6 (>= 2.36), debconf (>= 0.5) | debconf-2.0, bar:any
        Conffiles:
         /etc/foo.conf 900150983cd24fb0d6963f7d28e17f72
        Description: short
         long
        Homepage: https://example.com/

        Package: gone
        Status: deinstall ok config-files
        Architecture: all
        Version: 1

        Package: bar
        Status: install ok installed
        Architecture: all
        Version: 9

        """

    @Test("databases whose content would be much larger in memory are refused before it is")
    func expansion() throws {
        func code(_ path: String, _ text: String) throws -> Failure.Code? {
            let view = try makeTree([path: text], in: MemoryObjects())
            do throws(Failure) { _ = try InstalledPackages(in: view) } catch { return error.code }
            return nil
        }
        let names = String(repeating: "x ", count: InstalledPackages.maximumRelations / 2)
        #expect(try code("/lib/apk/db/installed", "P:a\nV:1\nD:\(names)\n\n") == nil)
        #expect(try code("/lib/apk/db/installed", "P:a\nV:1\nD:\(names)\n\nP:b\nV:1\nD:\(names)x\n\n") == .exhausted)
        let lines = String(repeating: "\n", count: 1_000_001)
        #expect(try code("/lib/apk/db/installed", lines) == .exhausted)
        #expect(try code("/var/lib/dpkg/status", lines) == .exhausted)
    }

    @Test("what dpkg says of a package becomes its fields")
    func dpkg() throws {
        let view = try makeTree(
            [
                "/var/lib/dpkg/status": Self.status,
                "/var/lib/apt/extended_states": "Package: libfoo1\nArchitecture: amd64\nAuto-Installed: 1\n",
            ], in: MemoryObjects())
        let packages = try InstalledPackages(in: view).packages
        #expect(packages.map(\.name) == ["bar", "libfoo1"])
        let package = try #require(packages.last)
        #expect(package.manager == .dpkg)
        #expect(package.version == .init(epoch: 1, version: "2.0", release: "3+b1", text: "1:2.0-3+b1"))
        #expect(package.sourceName == "foo" && package.sourceVersion == "1:2.0-3")
        #expect(package.installedSize == 12288 && package.summary == "short")
        #expect(package.requires == [["libc6"], ["debconf", "debconf-2.0"], ["bar"]])
        #expect(package.provides == ["foo-abi-1", "foo-api"])
        #expect(packages.map(\.reason) == [.requested, .dependency])
    }

    @Test("images without dpkg have a stanza a package")
    func distroless() throws {
        let view = try makeTree(
            [
                "/var/lib/dpkg/status.d/base": "Package: base-files\nVersion: 12.4\nArchitecture: amd64\n",
                "/var/lib/dpkg/status.d/base.md5sums": "900150983cd24fb0d6963f7d28e17f72  ./etc/x\n", "/etc/x": "abc",
            ], in: MemoryObjects())
        #expect(try InstalledPackages(in: view).packages.map(\.name) == ["base-files"])
        #expect(try VendorDigests(in: view)["/etc/x"].map(\.package) == ["base-files"])
    }

    @Test("what apk says of a package becomes its fields, its files and their checksums")
    func apk() throws {
        let installed = """
            C:Q1pSfxq3xhTfvfHPb7LJ3AqCIFXBw=
            P:busybox
            V:1.36.1-r15
            A:x86_64
            S:500000
            I:950272
            T:Size optimized toolbox
            U:https://busybox.net/
            L:GPL-2.0-only
            o:busybox-src
            m:M <m@example.com>
            D:so:libc.musl-x86_64.so.1 !other
            p:cmd:busybox=1.36.1-r15 /bin/sh
            F:bin
            R:busybox
            a:0:0:755
            Z:Q1qZk+NkcGgWq6PiVxeFDCbJzQ2J0=
            R:sh
            F:etc
            R:securetty
            Z:Q1qZk+NkcGgWq6PiVxeFDCbJzQ2J0=

            P:musl
            V:1.2.4_git20230717-r4
            A:x86_64

            """
        let view = try makeTree(
            ["/lib/apk/db/installed": installed, "/etc/apk/world": "busybox>1\n", "/bin/busybox": "abc", "/etc/securetty": "x"],
            in: MemoryObjects())
        let packages = try InstalledPackages(in: view).packages
        #expect(packages.map(\.name) == ["busybox", "musl"])
        #expect(packages[0].version.release == "r15" && packages[0].sourceName == "busybox-src")
        #expect(packages[0].license == "GPL-2.0-only" && packages[0].installedSize == 950272)
        #expect(packages[0].requires == [["so:libc.musl-x86_64.so.1"]] && packages[0].provides == ["cmd:busybox", "/bin/sh"])
        #expect(packages.map(\.reason) == [.requested, .dependency])
        #expect(try FileOwners(in: view)["/bin/sh"] == ["busybox"])
        let digests = try VendorDigests(in: view)
        #expect(digests.count == 2)
        let known = ContentDigests()
        // The checksum is that of "abc" (FIPS 180-4).
        for (path, standing) in [
            ("/bin/busybox", VendorDigests.Standing.original(package: "busybox")),
            ("/etc/securetty", .changed(package: "busybox")),
        ] {
            let path = try TreePath(parsing: path)
            let content = try #require(try view.node(at: path)?.content)
            #expect(try digests.standing(of: path, content, in: view.objects, known: known) == standing)
        }
    }

    @Test("a block without a name is refused, and so is a status file that is none")
    func refused() throws {
        for (path, text) in [("/lib/apk/db/installed", "V:1\n\n"), ("/var/lib/dpkg/status", "x\n")] {
            let view = try makeTree([path: text], in: MemoryObjects())
            #expect(try failure { _ = try InstalledPackages(in: view) }.code == .invalid)
        }
    }

    @Test("an image without a package database has no packages")
    func empty() throws {
        #expect(try InstalledPackages(in: makeTree(["/etc/passwd": ""], in: MemoryObjects())).isEmpty)
    }
}
