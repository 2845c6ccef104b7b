import Cloud
import Crypto
import ImageStore
import Ledger
import Model
import Orchestration
import Platform
import Recipes
import TestSupport
import Testing

/// Images that are encrypted under keys of KMS, from recipes and by copies.
@Suite struct EncryptionTests {
    private static let secret = "the launch code is 0000"

    private func prepare(_ fixture: Fixture, _ workspace: Workspace, fields: String = "") throws -> ImageRecord {
        try fixture.recipe("- files: [{write: {path: /etc/secret, text: \(Self.secret)}}]", fields: fields)
        try fixture.pipeline()
        fixture.test.advance(.minutes(1))
        return try fixture.build(in: workspace).sealed.image
    }

    private func name(_ text: String) throws -> RegionName { try RegionName(parsing: text) }

    private func keys(_ region: String, _ workspace: Workspace) throws -> any RegionActions {
        try workspace.plane.actions(in: name(region), as: workspace.plane.settings.account)
    }

    private func key(_ region: String, alias: String, _ workspace: Workspace) throws -> KeyARN {
        let keys = try keys(region, workspace)
        let made = try keys.createKey(KeyCreation()).key
        try keys.createAlias(alias, for: made.id.description)
        return made.arn
    }

    /// The names of all files below a folder that have these bytes.
    private func files(with needle: [UInt8], below folder: String) throws -> [String] {
        var found: [String] = []
        for name in Files.names(in: folder) {
            let path = "\(folder)/\(name)"
            if try Files.status(path).isDirectory {
                found += try files(with: needle, below: path)
            } else if try Files.read(path).firstRange(of: needle) != nil {
                found.append(path)
            }
        }
        return found
    }

    @Test("an encrypted copy is whole, and nothing of it can be read in its region's folder")
    func copy() throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace()
            let image = try prepare(fixture, workspace)
            let key = try key("us-west-2", alias: "alias/golden", workspace)
            let copy = try Distributor(workspace).copy(
                image, to: name("us-west-2"), naming: Distributor.Naming(isEncrypted: true, key: "alias/golden"))
            #expect(copy.image.key == key && copy.image.root == image.root)
            #expect(try workspace.tree(of: copy.image).text("/etc/secret") == Self.secret)
            let needle = Array(Self.secret.utf8)
            #expect(try !files(with: needle, below: fixture.home + "/regions/us-east-1/store").isEmpty)
            #expect(try files(with: needle, below: fixture.home + "/regions/us-west-2").isEmpty)
            let open = try workspace.store(of: workspace.plane.region(name("us-west-2")))
            #expect(try !open.contains(#require(image.root)))
            // From there under another key, without ever being open.
            let last = try Distributor(workspace).copy(copy.image, to: name("eu-west-1"))
            #expect(last.image.key?.region == (try name("eu-west-1")) && last.image.volumes[0].volume.isEncrypted)
            #expect(try workspace.tree(of: last.image).text("/etc/secret") == Self.secret)
            #expect(try files(with: needle, below: fixture.home + "/regions/eu-west-1").isEmpty)
            try expectOrder(workspace)
            #expect(try !Distributor(workspace).copy(image, to: name("us-west-2")).isNew)
        }
    }

    @Test("a key that is disabled keeps everybody from its images, and nothing of them is thrown away meanwhile")
    func disabled() throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace()
            let image = try prepare(fixture, workspace)
            let key = try key("us-west-2", alias: "alias/golden", workspace)
            let copy = try Distributor(workspace).copy(
                image, to: name("us-west-2"), naming: Distributor.Naming(isEncrypted: true, key: "alias/golden")
            ).image
            try keys("us-west-2", workspace).disableKey(key.id.description)
            let refusal = failure(.denied) { _ = try workspace.tree(of: copy) }
            #expect(refusal?.message == "the key \(key) is disabled, so that nothing under it can be read or written")
            failure(.denied) { _ = try Distributor(workspace).copy(copy, to: name("eu-west-1")) }
            failure(.denied) {
                _ = try Distributor(workspace).copy(
                    image, to: name("us-west-2"), naming: .init(isEncrypted: true, key: "alias/golden"))
            }
            #expect(try workspace.plane.region(name("us-west-2")).images(ImageFilter()).count == 1)
            let unchecked = try Maintenance(workspace).check().first { $0.key == key.id }
            #expect(unchecked?.obstacle?.code == .denied)
            fixture.test.advance(.days(40))
            let kept = try Maintenance(workspace).collect(keep: .days(1), dryRun: false).first { $0.key == key.id }
            #expect(kept?.obstacle?.code == .denied)
            try keys("us-west-2", workspace).enableKey(key.id.description)
            #expect(try workspace.tree(of: copy).text("/etc/secret") == Self.secret)
            let collected = try Maintenance(workspace).collect(keep: .days(1), dryRun: false).first { $0.key == key.id }
            #expect(collected?.obstacle == nil && collected?.report.removedObjects == 0)
            #expect(try workspace.tree(of: copy).text("/etc/secret") == Self.secret)
            try expectOrder(workspace)
        }
    }

    @Test(
        "a rotated key opens what was encrypted before; one that was deleted takes its images along, and its store is emptied with them"
    )
    func end() throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace()
            let image = try prepare(fixture, workspace)
            let key = try key("us-west-2", alias: "alias/golden", workspace)
            let copy = try Distributor(workspace).copy(
                image, to: name("us-west-2"), naming: Distributor.Naming(isEncrypted: true, key: "alias/golden")
            ).image
            let actions = try keys("us-west-2", workspace)
            _ = try actions.rotateKey(key.id.description)
            #expect(try fixture.workspace().tree(of: copy).text("/etc/secret") == Self.secret)
            _ = try actions.scheduleKeyDeletion(key.id.description, days: 7)
            fixture.test.advance(.days(8))
            #expect(try actions.keys().isEmpty)
            let refusal = failure(.denied) { _ = try workspace.tree(of: copy) }
            #expect(refusal?.message.contains("was deleted, and what is under it with it") == true)
            let store = fixture.home + "/regions/us-west-2/store/key-\(key.id)/packs"
            #expect(!Files.names(in: store).isEmpty)
            try workspace.plane.region(name("us-west-2")).deregister(copy.id, deletingSnapshots: true)
            _ = try Maintenance(workspace).collect(keep: .days(1), dryRun: false)
            #expect(Files.names(in: store).isEmpty)
        }
    }

    @Test(
        "a key whose imported material has expired opens and takes nothing, also where nobody has asked KMS since, until it is imported again"
    )
    func expired() throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace()
            let image = try prepare(fixture, workspace)
            let actions = try keys("us-west-2", workspace)
            var new = KeyCreation()
            new.origin = .external
            let key = try actions.createKey(new).key.arn
            let material = [UInt8](repeating: 7, count: 32)
            func bring(until end: Instant?) throws {
                let parameters = try actions.importParameters(forKey: key.id.description, .oaepSHA256, .rsa2048)
                let wrapping = try #require(AsymmetricKey(subjectPublicKeyInfo: parameters.publicKey))
                _ = try actions.importMaterial(
                    MaterialImport(
                        key: key.id.description, token: parameters.token,
                        encrypted: #require(wrapping.encrypt(material, .sha256)),
                        validTo: end, digest: nil))
            }
            try bring(until: fixture.test.now + .days(1))
            let naming = Distributor.Naming(isEncrypted: true, key: key.id.description)
            let copy = try Distributor(workspace).copy(image, to: name("us-west-2"), naming: naming).image
            #expect(try workspace.tree(of: copy).text("/etc/secret") == Self.secret)
            fixture.test.advance(.days(1))
            let refusal = failure(.denied) { _ = try workspace.tree(of: copy) }
            #expect(refusal?.message == "the key \(key) has no material, so that nothing under it can be read or written")
            failure(.denied) { _ = try Distributor(workspace).copy(copy, to: name("eu-west-1")) }
            let region = try workspace.plane.region(name("us-west-2"))
            #expect(
                failure(.denied) { _ = try region.volumeKey(isEncrypted: true, key: key.id.description) }?.message
                    == "the material of the key \(key) has expired")
            #expect(try region.images(ImageFilter()).count == 1)
            try bring(until: nil)
            #expect(try workspace.tree(of: copy).text("/etc/secret") == Self.secret)
            #expect(try region.volumeKey(isEncrypted: true, key: key.id.description) == key)
        }
    }

    @Test("a recipe says that its image is encrypted; what is built on it is too, and what did not change stays")
    func recipe() throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace()
            let key = try key("us-east-1", alias: "alias/golden", workspace)
            let fields = """
                blockDeviceMappings:
                  - {deviceName: /dev/xvda, ebs: {encrypted: true, kmsKeyId: alias/golden}}
                """
            let image = try prepare(fixture, workspace, fields: fields)
            #expect(image.key == key)
            #expect(try workspace.plane.region(name("us-east-1")).snapshots(nil).map(\.key) == [key])
            #expect(try workspace.tree(of: image).text("/etc/secret") == Self.secret)
            #expect(try !prepareAgain(fixture, workspace).isNew)
            try fixture.recipe("- files: [{write: {path: /b, text: two}}]", name: "child", parent: "web")
            try fixture.pipeline(name: "children", recipe: "child")
            let child = try fixture.build("children", in: workspace).sealed.image
            #expect(child.key == key)
            #expect(try workspace.tree(of: child).text("/etc/secret") == Self.secret)
            try expectOrder(workspace)
            try keys("us-east-1", workspace).disableKey(key.id.description)
            failure(.denied) { _ = try fixture.build("children", in: workspace) }
        }
    }

    private func prepareAgain(_ fixture: Fixture, _ workspace: Workspace) throws -> Sealed {
        fixture.test.advance(.minutes(1))
        return try fixture.build(in: workspace).sealed
    }

    @Test(
        "an encrypted copy that is cut off leaves no image, and the next one is whole",
        arguments: [
            "copy.intended", "copy.pending", "keys.keyed", "domains.keyed", "store.packs-durable", "store.pack-renamed",
            "copy.moved",
        ])
    func cutOff(point: String) throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace()
            let image = try prepare(fixture, workspace)
            let naming = Distributor.Naming(isEncrypted: true)
            fixture.test.plan(.fail, at: point)
            #expect(throws: Failure.self) { try Distributor(workspace).copy(image, to: name("us-west-2"), naming: naming) }
            let another = try fixture.workspace()
            let copy = try Distributor(another).copy(image, to: name("us-west-2"), naming: naming)
            #expect(try another.tree(of: copy.image).text("/etc/secret") == Self.secret)
            #expect(try files(with: Array(Self.secret.utf8), below: fixture.home + "/regions/us-west-2").isEmpty)
            try expectOrder(another)
        }
    }
}
