import Components
import ImageStore
import Model
import Sandbox
import Testing

@Suite struct `Updating packages by UpdateOS` {
    private static let main = "Debian:12.9/stable"
    private static let security = "Debian-Security:12/stable-security"

    private func fixture(_ prepare: (FakeApt) -> Void = { _ in }) throws -> (fixture: ActionFixture, apt: FakeApt) {
        let apt = FakeApt()
        apt.offers = ["openssl": ("3.0.2", Self.security), "bash": ("5.3", Self.main)]
        prepare(apt)
        let fixture = try ActionFixture(programs: apt)
        try fixture.file("/usr/bin/apt-get", "ELF", mode: 0o755)
        try fixture.file("/var/lib/apt/lists/old_Packages", "old")
        try fixture.file("/var/lib/apt/extended_states", "Package: openssl\nArchitecture: amd64\nAuto-Installed: 1\n\n")
        try fixture.editor.makeDirectory("/var/cache/apt/archives")
        let packages = [("bash", "5.2"), ("dpkg", "1.21"), ("openssl", "3.0.1")]
        try fixture.file("/var/lib/dpkg/status", packages.map { FakeApt.stanza($0.0, $0.1) }.joined())
        return (fixture, apt)
    }

    private func version(_ name: String, _ fixture: ActionFixture) throws -> String? {
        let stanzas = try #require(try fixture.text("/var/lib/dpkg/status")).split(separator: "\n\n")
        return stanzas.first { $0.hasPrefix("Package: \(name)\n") }?.split(separator: "\n").last?.split(separator: " ").last.map(
            String.init)
    }

    private func list(_ names: String...) -> ActionInputs.Value { .list(names.map { .text($0) }) }

    @Test func `all is updated by default, each to the version that was resolved`() throws {
        let (fixture, apt) = try fixture { $0.new = ["firmware": "1"] }
        try fixture.run(UpdateOS.self, [:])
        #expect(try version("openssl", fixture) == "3.0.2")
        #expect(try version("bash", fixture) == "5.3")
        let install = try #require(apt.runs.first { $0.arguments.contains("install") && !$0.arguments.contains("-s") })
        #expect(install.arguments.suffix(4) == ["install", "bash=5.3", "firmware=1", "openssl=3.0.2"])
        #expect(install.arguments.contains("--no-remove"))
        #expect(install.arguments.contains("Dpkg::Options::=--force-confold"))
        #expect(install.arguments.contains("Dpkg::Options::=--force-confdef"))
        #expect(install.environment["DEBIAN_FRONTEND"] == "noninteractive")
        #expect(install.network == .outgoing)
        #expect(apt.runs.filter { $0.arguments.contains("-s") }.allSatisfy { $0.network == .none })
        #expect(fixture.printed.contains("openssl 3.0.1 -> 3.0.2 (security)"))
        #expect(
            try fixture.text("/var/lib/apt/extended_states")
                == "Package: openssl\nArchitecture: amd64\nAuto-Installed: 1\n\nPackage: firmware\nArchitecture: amd64\nAuto-Installed: 1\n\n"
        )
    }

    @Test func `services are kept from starting, and what was fetched is gone afterwards`() throws {
        let (fixture, apt) = try fixture()
        try fixture.run(UpdateOS.self, [:])
        #expect(apt.policies == ["#!/bin/sh\n# While packages are updated, nothing is started.\nexit 101\n"])
        #expect(try fixture.editor.node(at: "/usr/sbin/policy-rc.d") == nil)
        #expect(try fixture.editor.children(of: "/var/lib/apt/lists")?.map(\.name.description) == ["old_Packages"])
        #expect(try fixture.metadata("/var/lib/apt/lists/old_Packages")?.modified == 1)
        #expect(try fixture.editor.children(of: "/var/cache/apt/archives")?.isEmpty == true)
    }

    @Test func `an image's own policy-rc.d is used and stays`() throws {
        let (fixture, apt) = try fixture()
        try fixture.file("/usr/sbin/policy-rc.d", "own")
        try fixture.run(UpdateOS.self, [:])
        #expect(apt.policies == ["own"])
        #expect(try fixture.text("/usr/sbin/policy-rc.d") == "own")
    }

    @Test func `include and exclude give include less exclude, with wildcards`() throws {
        var (fixture, apt) = try fixture()
        try fixture.run(UpdateOS.self, values: ["exclude": list("open*")])
        #expect(try version("openssl", fixture) == "3.0.1")
        #expect(try version("bash", fixture) == "5.3")
        #expect(apt.runs.contains { $0.files["/run/ingot/dpkg-status"] != nil })
        #expect(try fixture.text("/var/lib/dpkg/status")?.contains("hold") == false)
        (fixture, apt) = try self.fixture()
        try fixture.run(UpdateOS.self, values: ["include": list("openssl", "bash", "zsh"), "exclude": list("bash")])
        #expect(try version("openssl", fixture) == "3.0.2")
        #expect(try version("bash", fixture) == "5.2")
        #expect(fixture.printed.contains("'zsh' is not installed, so there is nothing to update"))
    }

    @Test(arguments: ["-oDir=/", "a b", "", "a;b", "a=1", "@core"])
    func `what is no name of a package never reaches the package manager`(name: String) throws {
        let (fixture, apt) = try fixture()
        #expect(throws: Failure.self) { try fixture.run(UpdateOS.self, values: ["include": list(name)]) }
        #expect(apt.runs.isEmpty)
    }

    @Test func `what is left to update afterwards fails the step by name, and nothing is left behind`() throws {
        let (fixture, _) = try fixture { $0.stuck = ["bash"] }
        let failure = try fixture.failure(UpdateOS.self, [:])
        #expect(failure.code == .failed)
        #expect(
            failure.message
                == "cannot update the packages of the image by apt-get: still to be updated after the update: bash")
        #expect(try fixture.editor.children(of: "/var/lib/apt/lists")?.map(\.name.description) == ["old_Packages"])
    }

    @Test func `a package that the image holds, or that is stuck behind an excluded one, was not asked for`() throws {
        let (held, apt) = try fixture { $0.stuck = ["bash"] }
        try held.editor.write(
            (try held.text("/var/lib/dpkg/status") ?? "").replacing(
                "Package: bash\nStatus: install", with: "Package: bash\nStatus: hold"),
            to: "/var/lib/dpkg/status")
        try held.run(UpdateOS.self, [:])
        #expect(held.printed.contains("bash is kept back"))
        #expect(apt.runs.count == 4)
        let (fixture, _) = try fixture { $0.stuck = ["bash"] }
        let failure = try #require(throws: Failure.self) {
            try fixture.run(UpdateOS.self, values: ["exclude": .list([.text("openssl")])])
        }
        #expect(failure.message.hasSuffix("still to be updated after the update: bash"))
    }

    @Test func `a version that did not arrive is told by dpkg's database, and policy-rc.d is removed all the same`() throws {
        let (fixture, _) = try fixture { $0.forgotten = ["openssl"] }
        #expect(
            try fixture.failure(UpdateOS.self, [:]).message
                == "cannot update the packages of the image by apt-get: not installed as asked: openssl 3.0.1 -> 3.0.2")
        let (second, _) = try self.fixture { $0.failing = "install" }
        try second.file("/var/lib/apt/extended_states", "x")
        #expect(throws: Failure.self) { try second.run(UpdateOS.self, [:]) }
        #expect(try second.editor.node(at: "/usr/sbin/policy-rc.d") == nil)
    }

    @Test func `a failing program is told with what it complained of`() throws {
        let (fixture, _) = try fixture { $0.failing = "update" }
        #expect(
            try fixture.failure(UpdateOS.self, [:]).message
                == "cannot update the packages of the image by apt-get: apt-get update ended with status 100: E: Failed to fetch http://deb.debian.org/x  404  Not Found"
        )
    }

    @Test func `a plan of security updates has what they need, and nothing of what is excluded`() throws {
        let (fixture, apt) = try fixture { $0.new = ["openssl-fips": "1"] }
        let programs = PackagePrograms(
            editor: fixture.editor, runner: apt, environment: fixture.environment, timeLeft: nil, print: { _ in })
        let manager = AptGet(programs)
        #expect(try manager.plan(PackageSelection(.security)).changes.map(\.name) == ["openssl", "openssl-fips"])
        #expect(try manager.plan(PackageSelection(.security, exclude: ["openssl"])).changes.isEmpty)
        #expect(try manager.installed().map(\.version) == ["5.2", "1.21", "3.0.1"])
    }

    @Test func `an image without a package manager is told so`() throws {
        let fixture = try ActionFixture()
        let failure = try fixture.failure(UpdateOS.self, [:])
        #expect(failure.code == .unavailable)
        #expect(failure.hint == "known: /usr/bin/apt-get, /usr/bin/dnf, /usr/bin/yum")
    }
}
