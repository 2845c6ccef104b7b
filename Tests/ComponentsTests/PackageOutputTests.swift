import Components
import Model
import Testing

@Suite struct `What package managers print` {
    @Test func `apt-get's simulation gives names, versions, architectures, archives of security, and what is kept back`() throws {
        let simulation = try AptSimulation(PackageRecordings.aptUpgrade)
        #expect(simulation.changes.count == 34)
        #expect(simulation.keptBack == ["libperl5.36", "perl", "perl-base"])
        #expect(simulation.removals == [])
        #expect(
            simulation.changes.first { $0.name == "openssl" }
                == PackageChange(
                    name: "openssl", architecture: "amd64", installed: "3.0.20-1~deb12u2", candidate: "3.0.22-1~deb12u2",
                    isSecurity: true))
        #expect(simulation.changes.first { $0.name == "tzdata" }?.architecture == "all")
        #expect(
            simulation.changes.filter { $0.installed == nil }.map(\.name) == [
                "firmware-linux-free", "linux-image-6.1.0-56-cloud-amd64",
            ])
        #expect(simulation.changes.first { $0.name == "firmware-linux-free" }?.isSecurity == false)
    }

    @Test(arguments: [
        ("Inst a [1] (2 Debian:12/stable-updates [amd64])", false), ("Inst a [1] (2 Debian:12.9/stable [all])", false),
        ("Inst a [1] (2 Debian:12.9/stable, Debian-Security:12/stable-security [amd64]) []", true),
        ("Inst a [1] (2 Ubuntu:22.04/jammy-updates, Ubuntu:22.04/jammy-security [amd64])", true),
        ("Inst a [1] (2 My (own) archive:/ [amd64]) [b:amd64 on c:amd64]", false), ("Inst a (2 [amd64])", false),
    ])
    func `an archive is one of security by its suite or label`(line: String, isSecurity: Bool) throws {
        let change = try #require(try AptSimulation([line]).changes.first)
        #expect(change.isSecurity == isSecurity)
        #expect(change.candidate == "2")
        #expect(["amd64", "all"].contains(change.architecture))
    }

    @Test func `packages of foreign architectures, removals and lines that are damaged are seen`() throws {
        let simulation = try AptSimulation([
            "Inst libc6:i386 [2.36-9] (2.36-10 Debian:12.9/stable [i386])", "Remv nginx [1.22.1-9]", "Conf libc6 (2 [all])",
        ])
        #expect(simulation.changes.map(\.name) == ["libc6:i386"])
        #expect(simulation.removals == ["nginx"])
        for line in ["Inst ", "Inst a", "Inst a [1", "Inst a [1] (2", "Inst a (2 x)", "Inst a ([amd64])", "Inst a [1] (2 [a]"] {
            #expect(throws: Failure.self) { try AptSimulation([line]) }
        }
        #expect(try AptSimulation(["Inst", "Remv "]).changes.isEmpty)
    }

    @Test func `dnf's table gives what is upgraded and what comes with it`() {
        let transaction = RPMTransaction(PackageRecordings.dnfUpgrade)
        #expect(transaction.isThere)
        #expect(transaction.removals == [])
        #expect(
            transaction.changes == [
                .init(
                    name: "a-package-with-a-very-long-name-that-wraps-the-table-of-updates", architecture: "noarch",
                    version: "1.1-1.el9"),
                .init(name: "openssl", architecture: "noarch", version: "1:3.0.7-27.el9"),
                .init(name: "openssl-libs", architecture: "noarch", version: "1:3.0.7-27.el9"),
                .init(name: "tzdata", architecture: "noarch", version: "2024b-1.el9"),
                .init(name: "openssl-fips", architecture: "noarch", version: "3.0.7-27.el9"),
            ])
    }

    @Test func `what dnf skips is kept back, and without a table there is nothing to do`() {
        let broken = RPMTransaction(PackageRecordings.dnfBroken)
        #expect(broken.changes.count == 2)
        #expect(broken.skipped == ["openssl"])
        #expect(RPMTransaction(PackageRecordings.dnfNothing) == RPMTransaction([]))
        #expect(!RPMTransaction([]).isThere)
    }

    @Test func `yum's table has rows over two lines and removals`() {
        let transaction = RPMTransaction(PackageRecordings.yumUpdate)
        #expect(
            transaction.changes.map(\.name) == [
                "kernel", "amazon-linux-extras-yum-plugin", "openssl", "openssl-libs", "pciutils",
            ])
        #expect(transaction.changes[1].version == "2.0.3-1.amzn2")
        #expect(transaction.removals == ["kernel"])
    }

    @Test func `rpm's list leaves keys out`() {
        let lines = [
            "openssl\t1:3.0.7-24.el9\tx86_64", "gpg-pubkey\t8483c65d-5ccc5b19\t(none)", "bash\t5.1.8-9.el9\tx86_64", "odd",
        ]
        #expect(
            RPMPackages.installed(lines) == [
                InstalledPackage(name: "bash", version: "5.1.8-9.el9", architecture: "x86_64"),
                InstalledPackage(name: "openssl", version: "1:3.0.7-24.el9", architecture: "x86_64"),
            ])
    }
}
