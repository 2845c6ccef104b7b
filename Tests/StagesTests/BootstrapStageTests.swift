import Crypto
import ImageStore
import Model
import Pipeline
import Platform
import Recipes
import TestSupport
import Testing

@Suite struct `The bootstrap stage` {
    @Test func `a tree that holds something is not bootstrapped over`() throws {
        try StageFixture.with { fixture in
            let root = try fixture.run("- files: [mkdir: {path: /etc}]").root
            let error = try failure {
                _ = try fixture.run("- bootstrap: {suite: bookworm}", on: root, declared: [])
            }
            #expect(error.code == .invalid)
            #expect(error.hint == "make it the first stage of a recipe with 'parentImage: scratch'")
        }
    }

    @Test(.enabled(if: Mirror.hasHelper, "needs apt: apt-get install apt"))
    func `a mirror that is not reached is named, with what to look at`() throws {
        try StageFixture.with { fixture in
            // Port 9 of this machine: nobody answers, and no network is needed to find that out.
            let entry = try #require(
                try fixture.decode("- bootstrap: {suite: bookworm, mirror: 'http://127.0.0.1:9/debian'}").first)
            let stage = try #require(entry.stage as? any Stage)
            let error = try failure { _ = try stage.inputs(fixture.inputs) }
            #expect(error.code == .unavailable)
            #expect(error.message.contains("http://127.0.0.1:9/debian/dists/bookworm/InRelease"))
            #expect(error.hint?.contains("proxy") == true)
            #expect(Files.names(in: "\(fixture.folder)/downloads").isEmpty)
        }
    }
}

/// A real Debian tree from a real mirror. Takes some minutes, since it is made twice.
@Suite(.serialized) struct `Bootstrapping from a mirror` {
    private static let recipe = "- bootstrap: {suite: bookworm, variant: minbase, include: [openssh-server, ssl-cert]}"

    @Test(.enabled(if: Mirror.canBootstrap, "needs the mirror \(Mirror.url), and: apt-get install mmdebstrap"))
    func `the same mirror state gives the same tree, without keys and without traces of the host`() throws {
        var roots: Set<Digest> = []
        for _ in 0..<2 {
            try StageFixture.with { fixture in
                let (root, reports) = try fixture.run(Self.recipe)
                roots.insert(root)
                let tree = try fixture.view(root)
                #expect(try tree.children(of: "/etc/ssh")?.contains { $0.name.description.hasPrefix("ssh_host_") } == false)
                #expect(try tree.node(at: "/etc/ssl/private/ssl-cert-snakeoil.key") == nil)
                #expect(try tree.text("/etc/hostname") == "localhost\n")
                #expect(try tree.text("/etc/resolv.conf") == "")
                #expect(try tree.node(at: "/bin")?.isSymlink == true)
                #expect(try tree.node(at: "/usr/bin/passwd")?.metadata.mode == 0o4755)
                #expect(try tree.text("/etc/apt/sources.list")?.split(separator: "\n").count == 3)
                #expect(reports[0].detail.contains(#""removed":["/etc/ssh/ssh_host_"#))
            }
        }
        #expect(roots.count == 1)
    }

    @Test(.enabled(if: Mirror.canBootstrap, "needs the mirror \(Mirror.url)"))
    func `the key names each archive, and is the same while the mirror is`() throws {
        try StageFixture.with { fixture in
            let entry = try #require(try fixture.decode(Self.recipe).first)
            let stage = try #require(entry.stage as? any Stage)
            let inputs = try stage.inputs(fixture.inputs)
            #expect(
                inputs.map(\.name) == [
                    "date of the suite", "packages of http://deb.debian.org/debian bookworm",
                    "packages of http://deb.debian.org/debian bookworm-updates",
                    "packages of http://deb.debian.org/debian-security bookworm-security",
                ])
            #expect(try stage.inputs(fixture.inputs) == inputs)
        }
    }
}

private enum Mirror {
    static let url = "http://deb.debian.org/debian"
    static let hasHelper = Programs.find("/usr/lib/apt/apt-helper") != nil
    static let canBootstrap = hasHelper && Programs.find("mmdebstrap") != nil && isReached

    private static var isReached: Bool {
        (try? withTemporaryFolder { folder in
            let download = Subprocess(
                "/usr/lib/apt/apt-helper", ["download-file", "\(url)/dists/bookworm/Release", "\(folder)/Release"],
                limits: .init(time: 20_000_000_000))
            return try download.run(in: .system()).isSuccess
        }) ?? false
    }
}
