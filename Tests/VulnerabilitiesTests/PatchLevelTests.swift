import Guest
import ImageStore
import Model
import Platform
import TestSupport
import Testing
import Vulnerabilities

@Suite struct PatchLevelTests {
    private static let canRun = ["apt-get", "gpg", "gpgv", "python3"].allSatisfy(Shell.has)
    private static let missing: Comment = "needs apt, gpg, gpgv and python3: apt-get install apt gnupg gpgv python3"

    /// A signed repository of two suites and a status file, with 3000 packages at versions near each other.
    private static let script = """
        import hashlib, random
        random.seed(4)
        def version():
            text = random.choice(['', '', '', '1:']) + '%d.%d' % (random.randint(0, 2), random.randint(0, 11))
            text += random.choice(['', '', '~rc1', '+dfsg', 'a']) + '-%d' % random.randint(1, 3)
            return text + random.choice(['', '', '+deb12u1', '+deb12u10', '~bpo1', '+b1'])
        names = ['pkg%d' % n for n in range(3000)]
        import os
        def suite(folder, title, extra, share):
            os.makedirs('repo/dists/%s/main/binary-amd64' % folder)
            text = ''
            for name in names:
                if random.random() > share: continue
                for _ in range(random.choice([1, 1, 2])):
                    arch = random.choice(['amd64', 'amd64', 'all'])
                    text += 'Package: %s\\nVersion: %s\\nArchitecture: %s\\nMaintainer: A <a@b.c>\\nFilename: pool/%s.deb\\nSize: 1\\nSHA256: %s\\nDescription: x\\n\\n' % (
                        name, version(), arch, name, '0' * 64)
            path = 'repo/dists/%s/main/binary-amd64/Packages' % folder
            open(path, 'w').write(text)
            digest = hashlib.sha256(text.encode()).hexdigest()
            open('repo/dists/%s/Release' % folder, 'w').write(
                'Origin: Test\\nSuite: %s\\nCodename: %s\\n%sDate: Sat, 11 Jul 2026 10:16:37 UTC\\nArchitectures: amd64\\nComponents: main\\nSHA256:\\n %s %d main/binary-amd64/Packages\\n' % (
                title, folder, extra, digest, len(text)))
        suite('stable', 'stable', '', 0.9)
        suite('security', 'security', 'Valid-Until: Thu, 01 Jan 2099 00:00:00 UTC\\n', 0.3)
        suite('backports', 'backports', 'NotAutomatic: yes\\nButAutomaticUpgrades: yes\\n', 0.0)
        with open('status', 'w') as out:
            for name in names + ['dpkg']:
                out.write('Package: %s\\nStatus: install ok installed\\nMaintainer: A <a@b.c>\\nArchitecture: %s\\nVersion: %s\\nDescription: x\\n\\n' % (
                    name, 'amd64' if name == 'dpkg' else random.choice(['amd64', 'amd64', 'all']), version()))
        """

    private static let setup = """
        python3 make.py
        mkdir -m 700 keys
        for name in test revoked; do
          gpg --homedir keys --batch --quiet --passphrase '' --quick-gen-key $name@example.com rsa2048 sign never 2>/dev/null
        done
        early="--homedir keys --batch --quiet --faked-system-time 20200101T000000"
        gpg $early --passphrase '' --quick-gen-key expired@example.com rsa2048 sign 1d 2>/dev/null
        gpg --homedir keys --batch --export test@example.com revoked@example.com >before.gpg
        gpg --homedir keys --batch --export test@example.com >key.gpg
        gpg --homedir keys --batch --export revoked@example.com >other.gpg
        gpg --homedir keys --batch --with-colons --list-keys test@example.com | awk -F: '/^fpr/ {print $10; exit}' >fingerprint
        gpg --homedir keys --batch --armor --export test@example.com >key.asc
        for suite in stable security backports; do
          (cd repo/dists/$suite && gpg --homedir ../../../keys --batch --local-user test@example.com --clearsign --output InRelease Release)
        done
        sign="gpg --homedir keys --batch --quiet --clearsign"
        $sign --local-user revoked@example.com --output by-revoked repo/dists/stable/Release
        $sign --local-user test@example.com --local-user revoked@example.com --output by-both repo/dists/stable/Release
        gpg $early --local-user expired@example.com --clearsign --output by-expired repo/dists/stable/Release 2>/dev/null
        sed 's/^:---/---/' keys/openpgp-revocs.d/$(gpg --homedir keys --batch --with-colons --list-keys revoked@example.com |
          awk -F: '/^fpr/ {print $10; exit}').rev | gpg --homedir keys --batch --quiet --import 2>/dev/null
        gpg --homedir keys --batch --export >all.gpg
        mkdir -p apt/etc/apt/trusted.gpg.d apt/etc/apt/preferences.d apt/etc/apt/apt.conf.d apt/state/lists/partial apt/cache/archives/partial
        cp key.gpg apt/etc/apt/trusted.gpg.d/
        for suite in stable security backports; do echo "deb file://$PWD/repo $suite main"; done >apt/etc/apt/sources.list
        options="-o Dir=$PWD/apt -o Dir::State=$PWD/apt/state -o Dir::State::status=$PWD/status -o Dir::Cache=$PWD/apt/cache"
        options="$options -o APT::Architecture=amd64 -o APT::Architectures::=amd64 -o APT::Sandbox::User=root -o Acquire::Languages=none"
        apt-get $options update >update.log 2>&1
        apt $options list --upgradable 2>/dev/null | sed -n 's,^\\([^/]*\\)/[^ ]* \\([^ ]*\\) .*,\\1 \\2,p' | sort
        gpgconf --homedir keys --kill all
        """

    @Test("the packages that are behind are those of apt list --upgradable", .enabled(if: canRun, missing))
    func oracle() throws {
        try withTemporaryFolder { folder in
            try Files.writeDurably("\(folder)/make.py", Array(Self.script.utf8))
            let expected = try Shell.run(Self.setup, in: folder).split(separator: "\n").map(String.init).sorted()
            #expect(expected.count > 500)
            for key in ["key.gpg", "key.asc"] {
                let view = try image(folder, key: key)
                let suites = try SuiteIndex.all(in: "\(folder)/apt/state/lists", for: view, environment: .system())
                #expect(suites.count == 3)
                let updates = PatchLevel(suites).updates(of: try InstalledPackages(in: view).packages)
                #expect(updates.map { "\($0.installed.name) \($0.candidate)" }.sorted() == expected)
                let assessment = try Assessment(of: view, by: .init(suites: suites), at: .epoch)
                #expect(assessment.findings.count == expected.count)
                #expect(assessment.findings.allSatisfy { $0.evidence.map(\.level) == [.patchAvailable] })
                // Only one suite says until when it is valid; a gate without a greatest age does not ask.
                let ages = VulnerabilityPolicy(maximumAge: .days(40_000))
                #expect(ages.staleEvidence(of: assessment, at: try Instant(parsing: "2098-12-31T00:00:00Z")) == [])
                let later = try Instant(parsing: "2099-01-02T00:00:00Z")
                #expect(ages.staleEvidence(of: assessment, at: later) == ["Test security was valid until 2099-01-01T00:00:00Z"])
                #expect(VulnerabilityPolicy().staleEvidence(of: assessment, at: later) == [])
            }
            // The folder of a mirror says the same as apt's lists.
            let direct = try SuiteIndex.all(
                in: "\(folder)/repo/dists/stable", for: try image(folder, key: "key.gpg"), environment: .system())
            #expect(direct.map(\.summary.suite) == ["Test stable"])
            try refusals(folder)
            try keys(folder)
            try pins(folder)
        }
    }

    private func image(_ folder: String, key: String) throws -> TreeEditor {
        let view = try tree(["/etc/os-release": "ID=debian\nVERSION_CODENAME=stable\n"])
        try view.makeDirectory("/var/lib/dpkg")
        try view.write(try Files.read("\(folder)/status"), to: "/var/lib/dpkg/status")
        try view.makeDirectory("/etc/apt/trusted.gpg.d")
        try view.write(try Files.read("\(folder)/\(key)"), to: try TreePath(parsing: "/etc/apt/trusted.gpg.d/\(key)"))
        return view
    }

    /// A foreign signature, a changed file and a changed index are each refused.
    private func refusals(_ folder: String) throws {
        let view = try image(folder, key: "key.gpg")
        func read(_ script: String, _ view: TreeEditor) throws -> Failure {
            try Shell.run("rm -rf copy; cp -r repo/dists/stable copy; \(script)", in: folder)
            return try failure { _ = try SuiteIndex.all(in: "\(folder)/copy", for: view, environment: .system()) }
        }
        #expect(try read("echo >>copy/main/binary-amd64/Packages", view).code == .denied)
        #expect(try read("sed -i 's/^Codename: stable/Codename: other/' copy/InRelease", view).code == .denied)
        #expect(try read("cp copy/Release copy/InRelease", view).code == .denied)
        #expect(try read("rm copy/main/binary-amd64/Packages", view).code == .notFound)
        #expect(try read("rm copy/InRelease", view).code == .notFound)
        try view.remove("/etc/apt/trusted.gpg.d/key.gpg")
        #expect(try read("true", view).code == .denied)
    }

    /// Whose keys may sign a suite is what the image's own source of it says.
    private func pins(_ folder: String) throws {
        try Shell.run("rm -rf m && mkdir -p m/dists && cp -r repo/dists/stable m/dists/", in: folder)
        let fingerprint = String(decoding: try Files.read("\(folder)/fingerprint"), as: UTF8.self).split(separator: "\n").joined()
        let armour = String(decoding: try Files.read("\(folder)/key.asc"), as: UTF8.self)
        let key = armour.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? " ." : " \($0)" }
        /// What is said of the suite by an image with these keyrings and this source.
        func read(_ keyrings: [String: String], _ source: String, unsigned: Bool = false) throws -> SuiteSummary? {
            let view = try tree([
                "/etc/os-release": "ID=debian\n", "/etc/apt/sources.list": source.hasPrefix("deb") ? source : "",
                "/etc/apt/sources.list.d/a.sources": source.hasPrefix("deb") ? "" : source,
            ])
            try view.makeDirectory("/var/lib/dpkg")
            try view.write(try Files.read("\(folder)/status"), to: "/var/lib/dpkg/status")
            for (path, file) in keyrings {
                let path = try TreePath(parsing: path)
                try view.makeDirectory(path.parent)
                try view.write(try Files.read("\(folder)/\(file)"), to: path)
            }
            do throws(Failure) {
                return try SuiteIndex.all(
                    in: "\(folder)/m/dists/stable", for: view, unsigned: unsigned, environment: .system()
                ).first?.summary
            } catch {
                #expect(error.code == .denied)
                return nil
            }
        }
        let (own, shared) = ("/etc/apt/trusted.gpg.d/a.gpg", "/usr/share/keyrings/a.gpg")
        let pinned = try read([shared: "key.gpg"], "deb [signed-by=\(shared)] http://a.b/c stable main\n")
        #expect(pinned?.signedBy == [fingerprint] && pinned?.isPinned == true)
        // The key is trusted for other sources, and not for this one.
        #expect(
            try read([own: "key.gpg", shared: "other.gpg"], "deb [arch=amd64 signed-by=\(shared)] http://a.b/c stable main\n")
                == nil)
        // Without Signed-By apt does not look into /usr/share/keyrings.
        #expect(try read([shared: "key.gpg"], "deb http://a.b/c stable main\n") == nil)
        #expect(try read([own: "key.gpg"], "deb http://a.b/c stable main\n")?.isPinned == true)
        // Of another suite the source says nothing.
        #expect(try read([shared: "key.gpg"], "deb [signed-by=/none.gpg] http://a.b/c other main\n")?.isPinned == false)
        let stanza = "Types: deb\nURIs: http://a.b/c\nSuites: stable\nComponents: main\nSigned-By: "
        #expect(try read([own: "key.gpg"], stanza + "\(fingerprint)\n")?.signedBy == [fingerprint])
        #expect(try read([own: "key.gpg"], stanza + "\(String(fingerprint.reversed()))\n") == nil)
        #expect(try read([:], stanza + "\n" + key.joined(separator: "\n") + "\n")?.signedBy == [fingerprint])
        #expect(try read([:], stanza + "/none.gpg\n") == nil)
        // Nobody signed it, and nobody is said to have.
        try Shell.run("cp m/dists/stable/Release m/dists/stable/InRelease", in: folder)
        #expect(try read([own: "key.gpg"], "deb http://a.b/c stable main\n") == nil)
        let unsigned = try read([own: "key.gpg"], "deb http://a.b/c stable main\n", unsigned: true)
        #expect(unsigned?.suite == "Test stable" && unsigned?.signedBy == [] && unsigned?.isPinned == false)
    }

    /// gpgv calls signatures by keys that were revoked or have expired valid too, and only not good.
    private func keys(_ folder: String) throws {
        func code(_ signed: String, _ keyring: String) throws -> Failure.Code? {
            try Shell.run("rm -rf copy; cp -r repo/dists/stable copy; cp \(signed) copy/InRelease", in: folder)
            let view = try image(folder, key: keyring)
            do throws(Failure) {
                _ = try SuiteIndex.all(in: "\(folder)/copy", for: view, environment: .system())
                return nil
            } catch { return error.code }
        }
        #expect(try code("by-revoked", "before.gpg") == nil)
        #expect(try code("by-revoked", "all.gpg") == .denied)
        #expect(try code("by-expired", "all.gpg") == .denied)
        #expect(try code("by-both", "before.gpg") == nil)
        #expect(try code("by-both", "all.gpg") == .denied)
        // A key that the image does not have says nothing, beside one that it has.
        #expect(try code("by-both", "key.gpg") == nil)
        #expect(try code("by-revoked", "key.gpg") == .denied)
    }

    @Test(
        "a candidate's changelog names what it fixes since the installed version",
        .enabled(if: Shell.has("dpkg-deb"), "needs dpkg-deb"))
    func changelog() throws {
        let script = """
            mkdir -p p/DEBIAN p/usr/share/doc/hello repo
            printf 'Package: hello\\nVersion: 3-1\\nArchitecture: amd64\\nMaintainer: A <a@b.c>\\nDescription: x\\n' >p/DEBIAN/control
            cat >p/usr/share/doc/hello/changelog.Debian <<'EOF'
            hello (3-1) stable; urgency=high

              * Fixes CVE-2025-0001 and CVE-2025-12345 (CVE-2025-1, CVE-202-0001 are none)

             -- A <a@b.c>  Sat, 11 Jul 2026 10:16:37 +0000

            hello (2-1) stable; urgency=high

              * Fixes CVE-2025-0003

             -- A <a@b.c>  Sat, 11 Jul 2026 10:16:37 +0000

            hello (1-1) stable; urgency=high

              * Fixes CVE-2024-0004

             -- A <a@b.c>  Sat, 11 Jul 2026 10:16:37 +0000
            EOF
            gzip p/usr/share/doc/hello/changelog.Debian
            dpkg-deb --root-owner-group -b p hello.deb >/dev/null
            """
        try withTemporaryFolder { folder in
            try Shell.run(script, in: folder)
            let archive = try PackageArchive(bytes: try Files.read("\(folder)/hello.deb"), file: "hello.deb")
            #expect(
                try PatchLevel.vulnerabilities(in: [archive], of: "hello", installed: "1-1") == [
                    "CVE-2025-0001", "CVE-2025-0003", "CVE-2025-12345",
                ])
            #expect(
                try PatchLevel.vulnerabilities(in: [archive], of: "hello", installed: "2-1") == [
                    "CVE-2025-0001", "CVE-2025-12345",
                ])
        }
    }
}
