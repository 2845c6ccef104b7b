import Cloud
import ImageStore
import Model
import Platform
import SQLite
import Synchronization
import TestSupport
import Testing

/// Images of bundles, and bundles that are not what they say.
@Suite(.enabled(if: BundleFixture.isPossible, BundleFixture.missing)) struct BundleTests {
    /// A plane with a bundle in its bucket, encrypted for a region.
    private struct World {
        let folder: String
        let plane: EmbeddedPlane
        let environment: Environment
        var bundle: String { folder + "/buckets/bucket/img" }

        /// `point` is called at each point of the order of writes.
        init(
            _ folder: String, certificateOf region: String = "us-east-1", machine: String = "",
            point: @escaping @Sendable (StaticString) throws(SystemError) -> Void = { _ throws(SystemError) in }
        ) throws {
            var environment = Environment.system()
            environment.failpoint = point
            self.folder = folder
            self.environment = environment
            plane = EmbeddedPlane(folder: folder + "/regions", environment: environment, settings: .single)
            plane.buckets = Buckets(folder + "/buckets")
            let certificate = try plane.makeRegion(RegionName(parsing: region)).bundleCertificate()
            try BundleFixture.make(
                in: folder + "/work", bucket: folder + "/buckets/bucket", certificate: certificate, machine: machine)
        }

        func actions() throws -> any RegionActions {
            try plane.actions(in: RegionName(parsing: "us-east-1"), as: .account(plane.settings.account))
        }

        @discardableResult
        func register(_ name: String = "stored", _ location: String = "bucket/img/image.manifest.xml") throws -> ImageID {
            var new = ImageRegistration(name: name)
            new.machine.rootDevice = .instanceStore
            new.machine.manifestLocation = location
            return try actions().registerImage(new)
        }

        func manifest() throws -> [UInt8] { try Files.read(bundle + "/image.manifest.xml") }

        func replace(_ file: String, with bytes: [UInt8]) throws {
            try Files.remove("\(bundle)/\(file)")
            try Files.writeDurably("\(bundle)/\(file)", bytes)
        }
    }

    @Test("a bundle that tar, gzip and openssl made becomes an image on an instance store, with its files")
    func registering() throws {
        try withTemporaryFolder { folder in
            let world = try World(
                folder,
                machine: """
                    <kernel_id>aki-1a2b3c4d</kernel_id><block_device_mapping><mapping><virtual>ami</virtual><device>sda1</device></mapping>\
                    <mapping><virtual>root</virtual><device>/dev/sda1</device></mapping><mapping><virtual>ephemeral0</virtual><device>sdb</device>\
                    </mapping></block_device_mapping><product_codes><product_code>paid</product_code></product_codes>
                    """)
            let id = try world.register()
            let region = try world.plane.region(RegionName(parsing: "us-east-1"))
            let image = try region.image(id)
            #expect(image.machine.rootDevice == .instanceStore && image.state == .available && image.volumes.isEmpty)
            #expect(image.machine.kernel == "aki-1a2b3c4d" && image.rootDeviceName == "/dev/sda1")
            #expect(image.virtualDevices == [VirtualDevice(deviceName: "/dev/sdb", virtualName: "ephemeral0")])
            #expect(image.products == [ProductCode("paid")] && image.location == "bucket/img/image.manifest.xml")
            let tree = try Tree(try #require(image.root), in: try region.store(under: nil))
            #expect(try tree.node(at: TreePath(parsing: "/etc/motd"))?.metadata.mode == 0o640)
            #expect(try tree.node(at: TreePath(parsing: "/noise"))?.content?.size == 300_000)
            // Another one of the same name there is not.
            #expect(refusal { try world.register() }?.code == .invalidAMINameDuplicate)
        }
    }

    @Test("what is missing is named as EC2 names it, and what is for another region's key is not read")
    func refusing() throws {
        try withTemporaryFolder { folder in
            let world = try World(folder, certificateOf: "us-west-2")
            #expect(refusal { try world.register() } == .foreignBundle)
            // Now this region has a key, too, which is another one.
            _ = try world.plane.makeRegion(RegionName(parsing: "us-east-1")).bundleCertificate()
            #expect(refusal { try world.register() } == .foreignBundle)
            for location in ["bucket/none.xml", "nobucket/x", "bucket", "..", "bucket/../x", "/"] {
                #expect(refusal { try world.register("x y z", location) }?.code == .invalidManifest, "\(location)")
            }
            #expect(
                refusal { try world.register("x y z", "bucket/none.xml") }?.message
                    == "HTTP 404 (Not Found) response for URL http://s3.amazonaws.com:80/bucket/none.xml")
        }
    }

    @Test("a bundle with a part that is missing, changed, cut or exchanged is refused, and makes no image")
    func damaged() throws {
        try withTemporaryFolder { folder in
            let world = try World(folder)
            let parts = Files.names(in: world.bundle).filter { $0.contains(".part.") }.sorted()
            #expect(parts.count > 3)
            let whole = try parts.map { try Files.read("\(world.bundle)/\($0)") }
            func refused(_ file: String, _ bytes: [UInt8], _ original: [UInt8]) throws {
                try world.replace(file, with: bytes)
                #expect(refusal { try world.register() }?.code == .invalidManifest, "\(file)")
                try world.replace(file, with: original)
            }
            var random = SeededRandom(3)
            for (name, bytes) in zip(parts, whole) {
                var changed = bytes
                changed[Int.random(in: 0..<bytes.count, using: &random)] ^= 1
                try refused(name, changed, bytes)
                try refused(name, Array(bytes.dropLast()), bytes)
                try refused(name, bytes + [0], bytes)
                try refused(name, [], bytes)
            }
            try refused(parts[0], whole[1], whole[0])
            try Files.remove("\(world.bundle)/\(parts[1])")
            #expect(refusal { try world.register() }?.message.hasSuffix("/bucket/img/\(parts[1])") == true)
            try Files.writeDurably("\(world.bundle)/\(parts[1])", whole[1])
            #expect(try world.actions().describeImages(ImageQuery()).isEmpty)
            try world.register()
        }
    }

    @Test("a manifest that is cut at any place, or says what is not so, is refused")
    func manifests() throws {
        try withTemporaryFolder { folder in
            let world = try World(folder)
            let manifest = try world.manifest()
            let text = String(decoding: manifest, as: UTF8.self)
            func refused(_ bytes: [UInt8], _ what: String) throws {
                try world.replace("image.manifest.xml", with: bytes)
                #expect(refusal { try world.register() }?.code == .invalidManifest, "\(what)")
            }
            for length in stride(from: 0, to: manifest.count - 1, by: 37) { try refused(Array(manifest[..<length]), "\(length)") }
            func many(_ element: String, in list: String) -> String {
                "<\(list)>\(String(repeating: element, count: 33))</\(list)>"
            }
            let changes = [
                ("2007-10-10", "2006-01-01"), ("<type>machine", "<type>kernel"), ("x86_64", "sparc"),
                ("<size>16777216", "<size>16777217"), ("<size>16777216", "<size>99999999999999999999"),
                ("<size>16777216", "<size>-1"),
                ("<bundled_size>", "<bundled_size>1</bundled_size><was>"), ("index='1'", "index='0'"),
                ("index='1'", "index='99'"),
                ("image.part.01", "../img/image.part.01"), ("image.part.01", "image.part.00"), ("AES-128-CBC", "AES-256-CBC"),
                ("<digest algorithm='SHA1'>", "<digest algorithm='MD5'>"), ("<ec2_encrypted_key", "<x"),
                (
                    "</machine_configuration>",
                    "<kernel_id>\(String(repeating: "k", count: 65))</kernel_id></machine_configuration>"
                ),
                ("</machine_configuration>", "<ramdisk_id>a b</ramdisk_id></machine_configuration>"),
                (
                    "</machine_configuration>",
                    "\(many("<product_code>p</product_code>", in: "product_codes"))</machine_configuration>"
                ),
                (
                    "</machine_configuration>",
                    "\(many("<mapping><virtual>v</virtual><device>d</device></mapping>", in: "block_device_mapping"))</machine_configuration>"
                ),
                ("<manifest>", "<!DOCTYPE manifest [<!ENTITY a 'b'>]><manifest>"), ("</manifest>", "</manifest><manifest/>"),
            ]
            for (old, new) in changes {
                try refused(Array(text.replacing(old, with: new, maxReplacements: 1).utf8), "\(old) -> \(new)")
            }
            // Bits of keys, digests and names; those of the user's key and the signature say nothing.
            var random = SeededRandom(11)
            var refusals = 0
            for _ in 0..<60 {
                var changed = manifest
                changed[Int.random(in: 0..<changed.count, using: &random)] ^= UInt8(1 << Int.random(in: 0..<7, using: &random))
                try world.replace("image.manifest.xml", with: changed)
                let name = "changed \(refusals)"
                do {
                    let id = try world.register(name)
                    _ = try world.actions().deregisterImage(id, deletingSnapshots: false)
                } catch let failure as Failure {
                    #expect(failure.planeError?.code == .invalidManifest, "\(failure)")
                    refusals += 1
                }
            }
            #expect(refusals > 30)
        }
    }

    @Test("what can be refused of a bundle is, before anything is unpacked")
    func early() throws {
        try withTemporaryFolder { folder in
            let world = try World(folder)
            try world.register()
            // Whoever came to the parts would miss them.
            for name in Files.names(in: world.bundle) where name.contains(".part.") {
                try Files.remove("\(world.bundle)/\(name)")
            }
            #expect(refusal { try world.register() }?.code == .invalidAMINameDuplicate)
            let dry = try world.plane.actions(
                in: RegionName(parsing: "us-east-1"), as: .account(world.plane.settings.account), isDryRun: true)
            var new = ImageRegistration(name: "dry")
            new.machine.rootDevice = .instanceStore
            new.machine.manifestLocation = "bucket/img/image.manifest.xml"
            #expect(refusal { _ = try dry.registerImage(new) } == .dryRun)
            #expect(refusal { try world.register("another") }?.code == .invalidManifest)
        }
    }

    @Test("a bundle task has its prefix for itself, and takes nothing away that was there before it")
    func places() throws {
        try withTemporaryFolder { folder in
            let world = try World(folder)
            let launch = InstanceLaunch(image: try world.register(), type: "t3.micro", least: 2, most: 2)
            let instances = try world.actions().runInstances(launch).map(\.id)
            func bundle(_ index: Int, _ prefix: String) throws -> String {
                try world.actions().bundleInstance(
                    InstanceBundle(instance: instances[index], bucket: "bucket", prefix: prefix)
                ).id
            }
            let made = folder + "/buckets/bucket/made"
            let first = try bundle(0, "made/web")
            // Its prefix is taken before anything is there.
            #expect(refusal { _ = try bundle(1, "made/web") } == .bundlePlaceTaken("bucket", "made/web.manifest.xml"))
            // Somebody else lays something at the prefix of a task that waits.
            let late = try bundle(1, "made/late")
            try Files.makeFolders(made)
            try Files.writeDurably(made + "/late.part.0", [1])
            try ConversionWorker(world.plane, environment: world.environment).drain()
            let names = ["late.part.0", "web.manifest.xml", "web.part.0"]
            #expect(Files.names(in: made).sorted() == names)
            func status(_ id: String) throws -> ConversionTask.Status? {
                try world.actions().conversions(.bundle).first { $0.id == id }?.status
            }
            #expect(try status(first) == .completed && status(late) == .deleted)
            for prefix in ["made/web", "made/late"] {
                #expect(refusal { _ = try bundle(1, prefix) }?.code == .invalidParameter, "\(prefix)")
            }
            #expect(Files.names(in: made).sorted() == names)
        }
    }

    @Test("a task of which not even the end can be written down holds up no thread", .timeLimit(.minutes(10)))
    func unwritable() throws {
        try withTemporaryFolder { folder in
            let catalogue = folder + "/regions/us-east-1/catalog.db"
            let world = try World(folder) { point throws(SystemError) in
                guard "\(point)" == "conversions.renamed" else { return }
                do {
                    try Connection(path: catalogue).write { try $0.run("DROP TABLE conversion_tasks") }
                } catch { throw SystemError("drop", "\(error)", errno: 5) }
                throw SystemError("write", "a task", errno: 5)
            }
            let launch = InstanceLaunch(image: try world.register(), type: "t3.micro", least: 1, most: 1)
            let instance = try #require(try world.actions().runInstances(launch).first).id
            let wish = InstanceBundle(instance: instance, bucket: "bucket", prefix: "made/web")
            _ = try world.actions().bundleInstance(wish)
            try ConversionWorker(world.plane, environment: world.environment).drain()
            #expect(Files.names(in: folder + "/buckets/bucket/made").isEmpty)
            #expect(throws: Failure.self) { try world.actions().conversions(.bundle) }
        }
    }

    @Test("a bundle that is cancelled at its last moment, and one for which the disk has no room, leave nothing in the bucket")
    func unfinished() throws {
        try withTemporaryFolder { folder in
            let begun = Mutex<(@Sendable () throws -> Void)?>(nil)
            let world = try World(folder) { point throws(SystemError) in
                guard "\(point)" == "conversions.renamed" else { return }
                do { try begun.withLock { $0 }?() } catch { throw SystemError("write", "a task", errno: 28) }
            }
            let image = try world.register()
            let launch = InstanceLaunch(image: image, type: "t3.micro", least: 1, most: 1)
            let instance = try #require(try world.actions().runInstances(launch).first).id
            let wish = InstanceBundle(instance: instance, bucket: "bucket", prefix: "made/web")
            let cancelled = try world.actions().bundleInstance(wish).id
            #expect(refusal { _ = try world.actions().bundleInstance(wish) } == .bundlingInProgress(instance))
            let seen = Mutex<[String]>([])
            begun.withLock {
                $0 = {
                    seen.withLock { $0 = Files.names(in: folder + "/buckets/bucket/made") }
                    _ = try world.actions().cancelConversion(cancelled)
                }
            }
            func task(_ id: String) throws -> ConversionTask? { try world.actions().conversions(.bundle).first { $0.id == id } }
            try ConversionWorker(world.plane, environment: world.environment).drain()
            #expect(seen.withLock { $0 }.sorted() == ["web.manifest.xml", "web.part.0"])
            #expect(try task(cancelled)?.status == .deleted && task(cancelled)?.message == "Cancelled by the user")
            #expect(Files.names(in: folder + "/buckets/bucket/made").isEmpty)
            begun.withLock { $0 = { throw SystemError("write", "a part", errno: 28) } }
            let full = try world.actions().bundleInstance(wish).id
            try ConversionWorker(world.plane, environment: world.environment).drain()
            #expect(try task(full)?.status == .deleted)
            #expect(Files.names(in: folder + "/buckets/bucket/made").isEmpty)
            // What dies with the instance is kept as long as it lives.
            let region = try world.plane.region(RegionName(parsing: "us-east-1"))
            let root = try #require(try region.image(image).root)
            _ = try world.actions().deregisterImage(image, deletingSnapshots: false)
            #expect(try region.roots().contains(root))
            _ = try world.actions().change([instance], .terminate)
            #expect(try !region.roots().contains(root))
        }
    }
}
