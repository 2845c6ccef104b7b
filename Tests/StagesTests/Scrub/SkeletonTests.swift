import Guest
import ImageStore
import Model
import Pipeline
import Platform
import Recipes
import Stages
import TestSupport
import Testing

/// The shipped base image, built from the recipe as it stands, and scrubbed.
@Suite struct SkeletonTests {
    /// The credentials that recipes/skeleton.yaml says are planted, and the histories.
    static let planted = [
        "/home/alice/.aws/credentials", "/home/alice/.ssh/id_ed25519", "/home/alice/.ssh/authorized_keys",
        "/root/.ssh/authorized_keys",
        "/etc/ssh/keys/bob", "/etc/ssh/ssh_host_rsa_key", "/etc/ssh/ssh_host_ed25519_key", "/home/alice/.netrc",
        "/home/alice/.git-credentials", "/home/alice/.docker/config.json", "/srv/people/bob/.pgpass", "/root/.my.cnf",
        "/srv/people/bob/.kube/config", "/etc/shadow-", "/home/alice/.bash_history", "/srv/people/bob/.zsh_history",
        "/var/lib/postgresql/.psql_history", "/etc/sudoers.d/90-cloud-init-users", "/var/lib/systemd/random-seed",
    ]

    private func build(_ body: (TreeEditor) throws -> Void) throws {
        try StageFixture.with { fixture in
            let file = ScrubFixture.repository + "/recipes/skeleton.yaml"
            let recipe = try Recipe(try Files.read(file), file: file, stages: StageRegistry.standard)
            let writer = try StoreWriter(fixture.store)
            let editor = try TreeEditor(root: nil, in: writer, date: StageFixture.date)
            for entry in recipe.stages {
                let stage = try #require(entry.stage as? any Stage)
                var inputs = fixture.inputs
                inputs.baseFolder = recipe.baseFolder
                _ = try stage.run(
                    StageContext(
                        editor: editor, writer: writer, inputs: inputs, declaredInputs: try stage.inputs(inputs),
                        architecture: "x86_64",
                        date: StageFixture.date, temporaryFolder: fixture.folder, progress: { _ in }))
            }
            try body(editor)
        }
    }

    @Test("the skeleton's package database agrees with its files")
    func packagesAgree() throws {
        try build { editor in
            var sums = 0
            for (name, _) in try #require(try editor.children(of: "/var/lib/dpkg/info")) {
                let path = TreePath("/var/lib/dpkg/info".split(separator: "/").compactMap { Name($0) } + [name])
                let lines = try #require(try editor.text(path)).split(separator: "\n")
                if name.description.hasSuffix(".list") {
                    for line in lines { #expect(try editor.exists(try TreePath(parsing: String(line))), "\(name): \(line)") }
                } else if name.description.hasSuffix(".md5sums") {
                    for line in lines { #expect(try editor.exists(try TreePath(parsing: String(line.dropFirst(34))))) }
                    sums += lines.count
                }
            }
            #expect(sums > 15)
            let status = try #require(try editor.text("/var/lib/dpkg/status"))
            #expect(status.split(separator: "\n").count { $0.hasPrefix("Package: ") } >= 12)
        }
    }

    @Test("the planted credentials are there, found before the scrub, and gone after it")
    func credentialsGo() throws {
        try build { editor in
            for path in Self.planted {
                #expect(try editor.node(at: try TreePath(parsing: path)) != nil, "\(path) is not planted")
            }
            let profile = try ScrubFixture.profile()
            #expect(try ScrubVerifier(profile).findings(in: editor).count > 25)

            let report = try Scrubber(profile, evidenceKey: ScrubFixture.key).run(on: editor)
            #expect(report.failed.isEmpty, "\(report.failed)")
            for path in Self.planted {
                #expect(try editor.node(at: try TreePath(parsing: path)) == nil, "\(path) is still there")
            }
            #expect(try ScrubVerifier(profile).findings(in: editor) == [])
            let shadow = try #require(try editor.text("/etc/shadow"))
            #expect(
                shadow.contains("root:*:") && shadow.contains("alice:!:") && shadow.contains("bob:!:") && !shadow.contains("$6$"))
            #expect(try editor.text("/home/alice/notes.txt") == "Notes stay.\n")
            #expect(try editor.exists("/etc/systemd/system/multi-user.target.wants/ingot-ssh-host-keys.service"))

            let once = try editor.finish()
            _ = try Scrubber(profile, evidenceKey: ScrubFixture.key).run(on: editor)
            #expect(try editor.finish() == once)
        }
    }

    @Test("no value that was removed is in the report")
    func reportHoldsNoSecret() throws {
        try build { editor in
            let report = try Scrubber(try ScrubFixture.profile(), evidenceKey: ScrubFixture.key).run(on: editor)
            let text = "\(report)"
            for secret in ["AKIA", "EXAMPLE", "$6$", "c0ffee"] { #expect(!text.contains(secret), "\(secret)") }
        }
    }
}
