import Cloud
import Crypto
import ImageStore
import Ledger
import Model
import Orchestration
import Pipeline
import Platform
import Recipes
import TestSupport
import Testing

/// Builds whose images are encrypted: nothing of what they made is in the clear once they have ended.
@Suite struct EncryptedBuildTests {
    private static let secret = "the launch code is 0000"
    private static let needle = Array(secret.utf8)
    private static let encrypted = """
        blockDeviceMappings:
          - {deviceName: /dev/xvda, ebs: {encrypted: true, kmsKeyId: alias/golden}}
        """
    /// The secret is there after the first stage, and in a file beside the recipe.
    private static let stages = """
        - files: [{copy: {from: secret.txt, to: /etc/secret}}]
        - files: [{write: {path: /b, text: two}}]
        """

    private struct World {
        let fixture: Fixture
        let workspace: Workspace
        let keys: any RegionActions
        let key: KeyARN

        var region: any Region { get throws { try workspace.plane.region(RegionName(parsing: "us-east-1")) } }

        func build() throws -> Builder.Outcome {
            fixture.test.advance(.minutes(1))
            return try fixture.build(in: workspace)
        }

        /// Files below a folder of the workspace in which the secret can be read.
        func readable(below folder: String) throws -> [String] {
            try Self.files(below: "\(fixture.home)/\(folder)").filter { try Files.read($0).firstRange(of: needle) != nil }
        }

        private static func files(below folder: String) throws -> [String] {
            try Files.names(in: folder).flatMap { name in
                let path = "\(folder)/\(name)"
                return try Files.status(path).isDirectory ? try files(below: path) : [path]
            }
        }
    }

    private func with(_ stages: String = Self.stages, _ body: (World) throws -> Void) throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace()
            let region = try workspace.plane.makeRegion(RegionName(parsing: "us-east-1"))
            let keys = try workspace.plane.actions(in: region.name, as: workspace.plane.settings.account)
            let key = try keys.createKey(KeyCreation()).key
            try keys.createAlias("alias/golden", for: key.id.description)
            try fixture.write("recipes/secret.txt", Self.secret)
            try fixture.recipe(stages, fields: Self.encrypted)
            try fixture.pipeline()
            try body(World(fixture: fixture, workspace: workspace, keys: keys, key: key.arn))
        }
    }

    @Test("the trees of its stages are in the store of its key alone, and are found there by the next build and by blame")
    func checkpoints() throws {
        try with { world in
            let made = try world.build()
            #expect(made.sealed.image.key == world.key)
            #expect(try world.workspace.tree(of: made.sealed.image).text("/etc/secret") == Self.secret)
            #expect(try world.readable(below: "regions").isEmpty && world.readable(below: "cache").isEmpty)
            #expect(Files.names(in: world.fixture.home + "/tmp").isEmpty)
            let open = try world.workspace.store(of: world.region)
            let sealed = try world.region.store(under: world.key)
            let trees = made.stages.map(\.tree)
            #expect(trees.count == 2 && trees.allSatisfy { sealed.contains($0) && !open.contains($0) })

            try world.fixture.recipe(Self.stages + "\n- files: [{write: {path: /c, text: three}}]", fields: Self.encrypted)
            let next = try world.build()
            #expect(next.stages.map { $0.outcome == .cached } == [true, true, false])
            let origin = try Blame(world.workspace).origin(of: "/etc/secret", in: next.sealed.image)
            #expect(origin.stage == "files" && origin.before == nil)
            try expectOrder(world.workspace)
        }
    }

    @Test("what is built on an encrypted image, or on an open one, is encrypted from its first stage on")
    func parents() throws {
        try with { world in
            let base = try world.build().sealed.image
            try world.fixture.recipe("- files: [{append: {path: /etc/secret, text: and more}}]", name: "child", parent: "web")
            try world.fixture.pipeline(name: "children", recipe: "child")
            let child = try world.fixture.build("children", in: world.workspace)
            #expect(child.sealed.image.key == world.key)
            #expect(try world.readable(below: "regions").isEmpty)
            let open = try world.workspace.store(of: world.region)
            #expect(try !open.contains(#require(base.root)) && child.stages.allSatisfy { !open.contains($0.tree) })
            let inherited = try Blame(world.workspace).origin(of: "/b", in: child.sealed.image)
            #expect(inherited.image?.id == base.id && inherited.stage == "files-2")

            try world.fixture.recipe("- files: [{write: {path: /plain, text: plain}}]", name: "plain")
            try world.fixture.pipeline(name: "plain", recipe: "plain")
            let plain = try world.fixture.build("plain", in: world.workspace).sealed.image
            #expect(plain.key == nil)
            try world.fixture.recipe(
                "- files: [{copy: {from: secret.txt, to: /etc/secret}}]", name: "closed", parent: "plain",
                fields: Self.encrypted)
            try world.fixture.pipeline(name: "closed", recipe: "closed")
            let closed = try world.fixture.build("closed", in: world.workspace).sealed.image
            #expect(closed.key == world.key)
            #expect(try world.workspace.tree(of: closed).text("/plain") == "plain")
            #expect(try world.readable(below: "regions").isEmpty)
            let origin = try Blame(world.workspace).origin(of: "/plain", in: closed)
            #expect(origin.image?.id == plain.id)
            try expectOrder(world.workspace)
        }
    }

    @Test("what is imported where the account encrypts all that is new goes to the store of its key alone")
    func imports() throws {
        try with { world in
            _ = try world.keys.setDefaultEncryptionKey("alias/golden")
            try world.keys.encryptByDefault(true)
            try world.fixture.write("root/etc/secret", Self.secret)
            let importer = Importer(world.workspace, region: try world.region)
            let (result, sealed) = try importer.run(
                "\(world.fixture.folder)/root", as: ResourceName(parsing: "base"), version: VersionPattern(parsing: "12.x.0"),
                tags: TagSet())
            #expect(sealed.image.key == world.key && sealed.image.root == result.root)
            #expect(try world.workspace.tree(of: sealed.image).text("/etc/secret") == Self.secret)
            #expect(try world.readable(below: "regions").isEmpty)
            #expect(try !world.workspace.store(of: world.region).contains(result.root))
            try expectOrder(world.workspace)
        }
    }

    @Test("the tree that a failed build left is under the key too, and out of reach while that is disabled")
    func failed() throws {
        try with(Self.stages + "\n- files: [{remove: {path: /missing}}]") { world in
            #expect(throws: Failure.self) { try world.build() }
            let build = try #require(try world.workspace.ledger.builds().first)
            let tree = try #require(try FailedTree.left(by: build.id, in: world.workspace))
            let place = try #require(try FailedTree.place(of: tree, in: world.workspace))
            #expect(place.store.isEncrypted)
            #expect(try Tree(tree, in: place.store).text("/etc/secret") == Self.secret)
            #expect(try world.readable(below: "regions").isEmpty)
            #expect(Files.names(in: world.fixture.home + "/tmp").isEmpty)
            try world.keys.disableKey(world.key.id.description)
            failure(.denied) { _ = try FailedTree.place(of: tree, in: world.workspace) }
            failure(.denied) { _ = try world.build() }
        }
    }

    @Test("checkpoints under a key are checked and collected like open ones; without the key they keep nothing")
    func collection() throws {
        try with { world in
            let made = try world.build()
            let store = try world.region.store(under: world.key)
            let before = try #require(made.stages.first?.tree)
            func maintain(_ keep: TimeSpan) throws -> Failure? {
                try Maintenance(world.workspace).collect(keep: keep, dryRun: false).first { $0.key == world.key.id }?.obstacle
            }
            world.fixture.test.advance(.days(2))
            #expect(try maintain(.days(30)) == nil && store.contains(before))
            let checked = try Maintenance(world.workspace).check().first { $0.key == world.key.id }
            #expect(checked?.report.isSound == true)
            #expect(try maintain(.days(1)) == nil && !store.contains(before))
            #expect(try world.workspace.tree(of: made.sealed.image).text("/etc/secret") == Self.secret)

            // Made anew, and with no image and no key there is nothing that needs them.
            #expect(try world.build().stages.map { $0.outcome == .cached } == [false, false])
            try world.region.deregister(made.sealed.image.id, deletingSnapshots: true)
            try world.keys.disableKey(world.key.id.description)
            #expect(try maintain(.days(30)) == nil)
            #expect(Files.names(in: "\(world.fixture.home)/regions/us-east-1/store/key-\(world.key.id)/packs").isEmpty)
        }
    }
}
