import Cloud
import ImageStore
import Model
import Platform
import SQLite
import Sandbox
import Synchronization
import TestSupport
import Testing

/// Imports and exports that end otherwise than they were meant to.
@Suite struct ConversionTests {
    /// A plane over a folder with a bucket; `point` is called at each point of the order of writes.
    private struct World {
        let folder: String
        let plane: EmbeddedPlane
        let environment: Environment

        init(
            _ folder: String,
            point: @escaping @Sendable (StaticString) throws(SystemError) -> Void = { _ throws(SystemError) in },
            waiting: (@Sendable () -> Void)? = nil
        ) {
            var environment = Environment.system()
            environment.failpoint = point
            if let waiting { environment.wait = { _ in waiting() } }
            self.folder = folder
            self.environment = environment
            plane = EmbeddedPlane(folder: folder + "/regions", environment: environment, settings: .single)
            plane.buckets = Buckets(folder + "/buckets")
        }

        func actions() throws -> any RegionActions {
            try plane.actions(in: name("us-east-1"), as: .account(plane.settings.account))
        }

        /// A file system of one file as an object.
        func fill() throws -> SnapshotImport {
            try Files.makeFolders(folder + "/buckets/bucket")
            let objects = MemoryObjects()
            let editor = try TreeEditor(root: nil, in: objects, date: 0)
            try editor.write("hello", to: TreePath(parsing: "/hello"))
            let tree = try Tree(try editor.finish(), in: objects)
            let file = try FileDescriptor.open(folder + "/buckets/bucket/disk", .create)
            try TreeImage(tree, shift: .none, environment: .system()).write(to: file)
            let place = try #require(ObjectPlace(bucket: "bucket", key: "disk"))
            return SnapshotImport(disk: DiskContainer(.object(place), format: .raw))
        }

        func task(_ id: String) throws -> ConversionTask {
            try #require(
                try ConversionTask.Kind.allCases.flatMap { try actions().conversions($0) }.first { $0.id == id })
        }

        func drain() throws { try ConversionWorker(plane, environment: environment).drain() }

        func change(_ sql: String) throws {
            let connection = try Connection(path: folder + "/regions/us-east-1/catalog.db", mode: .writer)
            try connection.write { try $0.run(sql) }
        }
    }

    @Test("a task that nobody has begun is cancelled at once, and one that is over cannot be")
    func waiting() throws {
        try withTemporaryFolder { folder in
            let world = World(folder)
            let id = try world.actions().importSnapshot(try world.fill(), tags: TagSet()).id
            let result = try world.actions().cancelConversion(id)
            #expect(result.before == .active && result.task.status == .deleted)
            try world.drain()
            #expect(try world.task(id).status == .deleted && world.task(id).disks.first?.snapshot == nil)
            #expect(refusal { try world.actions().cancelConversion(id) }?.code == .incorrectState)
            #expect(try world.actions().describeSnapshots(SnapshotQuery()).isEmpty)
        }
    }

    @Test("a task whose failure cannot be written down is not left without an end: it is written as soon as it can be")
    func unwritable() throws {
        try withTemporaryFolder { folder in
            let attempts = Mutex(0)
            let mend: @Sendable () -> Void = {
                // The third attempt finds the catalogue as it was.
                let count = attempts.withLock { attempts in
                    attempts += 1
                    return attempts
                }
                if count == 3 { try? World(folder).change("DROP TRIGGER full") }
            }
            let fail: @Sendable (StaticString) throws(SystemError) -> Void = { point throws(SystemError) in
                if "\(point)" == "conversions.stored" { throw SystemError("write", "a disk", errno: 28) }
            }
            let world = World(folder, point: fail, waiting: mend)
            let id = try world.actions().importSnapshot(try world.fill(), tags: TagSet()).id
            try world.change(
                """
                CREATE TRIGGER full BEFORE UPDATE ON conversion_tasks WHEN NEW.status = 'deleted'
                BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END
                """)
            try world.drain()
            #expect(attempts.withLock { $0 } == 3)
            let task = try world.task(id)
            #expect(task.status == .deleted && task.message?.hasPrefix("ServerError:") == true)
        }
    }

    @Test("a task that is cancelled at its last moment makes nothing")
    func cancelled() throws {
        try withTemporaryFolder { folder in
            let begun = Mutex<(@Sendable () throws -> Void)?>(nil)
            let world = World(folder) { point throws(SystemError) in
                guard "\(point)" == "conversions.stored" else { return }
                do { try begun.withLock { $0 }?() } catch { throw SystemError("cancel", "a task", errno: 5) }
            }
            let id = try world.actions().importImage(ImageImport(disks: [try world.fill().disk]), tags: TagSet()).id
            let status = Mutex<ConversionTask.Status?>(nil)
            begun.withLock {
                $0 = {
                    let now = try world.actions().cancelConversion(id).task.status
                    status.withLock { $0 = now }
                }
            }
            try world.drain()
            #expect(status.withLock { $0 } == .deleting)
            #expect(try world.task(id).status == .deleted)
            #expect(try world.actions().describeImages(ImageQuery()).isEmpty)
            #expect(try world.actions().describeSnapshots(SnapshotQuery()).isEmpty)
        }
    }

    @Test("what a process leaves behind is done by the next one, and given up where it brought down three")
    func interrupted() throws {
        try withTemporaryFolder { folder in
            let world = World(folder)
            let wish = try world.fill()
            let one = try world.actions().importSnapshot(wish, tags: TagSet()).id
            let two = try world.actions().importSnapshot(wish, tags: TagSet()).id
            let three = try world.actions().importSnapshot(wish, tags: TagSet()).id
            // Processes that are no more.
            try world.change(
                "UPDATE conversion_tasks SET holder = '1:0', attempts = 1, message = 'converting' WHERE id = '\(one)'")
            try world.change("UPDATE conversion_tasks SET holder = '1:0', attempts = 3 WHERE id = '\(two)'")
            try world.change(
                "UPDATE conversion_tasks SET holder = '1:0', attempts = 1, status = 'deleting' WHERE id = '\(three)'")
            try world.drain()
            #expect(try world.task(one).status == .completed && world.task(one).disks.first?.snapshot != nil)
            #expect(try world.task(two).status == .deleted)
            #expect(try world.task(two).message == "ServerError: the conversion was interrupted 3 times")
            #expect(try world.task(three).status == .deleted)
            #expect(try world.actions().describeSnapshots(SnapshotQuery()).count == 1)
        }
    }

    @Test("a disk that runs full fails the task, and leaves neither an object nor a part of one")
    func failing() throws {
        try withTemporaryFolder { folder in
            let world = World(folder) { point throws(SystemError) in
                if "\(point)" == "conversions.exported" { throw SystemError("write", "the object", errno: 28) }
            }
            let made = try world.actions().importImage(ImageImport(disks: [try world.fill().disk]), tags: TagSet()).id
            try world.drain()
            let image = try #require(try world.task(made).image)
            let id = try world.actions().exportImage(ImageExport(image: image, format: .raw, bucket: "bucket"), tags: TagSet()).id
            try world.drain()
            #expect(try world.task(id).status == .deleted)
            #expect(try world.task(id).message == "ServerError: an internal error has occurred during conversion.")
            #expect(Files.names(in: folder + "/buckets/bucket") == ["disk"])
        }
    }

    @Test("an export that is cancelled when its object is there leaves none")
    func cancelledExport() throws {
        try withTemporaryFolder { folder in
            let begun = Mutex<(@Sendable () throws -> Void)?>(nil)
            let world = World(folder) { point throws(SystemError) in
                guard "\(point)" == "conversions.renamed" else { return }
                do { try begun.withLock { $0 }?() } catch { throw SystemError("cancel", "a task", errno: 5) }
            }
            let made = try world.actions().importImage(ImageImport(disks: [try world.fill().disk]), tags: TagSet()).id
            try world.drain()
            let image = try #require(try world.task(made).image)
            let id = try world.actions().exportImage(ImageExport(image: image, format: .raw, bucket: "bucket"), tags: TagSet()).id
            let seen = Mutex<[String]>([])
            begun.withLock {
                $0 = {
                    seen.withLock { $0 = Files.names(in: folder + "/buckets/bucket") }
                    _ = try world.actions().cancelConversion(id)
                }
            }
            try world.drain()
            #expect(seen.withLock { $0 }.sorted() == ["disk", "\(id).raw"])
            #expect(try world.task(id).status == .deleted && world.task(id).message == "Cancelled by the user")
            #expect(Files.names(in: folder + "/buckets/bucket") == ["disk"])
        }
    }

    @Test("what a dead process wrote of an export is removed with it, where it was cancelled and where it is given up")
    func leftovers() throws {
        try withTemporaryFolder { folder in
            let world = World(folder)
            let made = try world.actions().importImage(ImageImport(disks: [try world.fill().disk]), tags: TagSet()).id
            try world.drain()
            let image = try #require(try world.task(made).image)
            var wish = ImageExport(image: image, format: .vhd, bucket: "bucket")
            wish.prefix = "deep/"
            let ids = try (0..<2).map { _ in try world.actions().exportImage(wish, tags: TagSet()).id }
            try world.change("UPDATE conversion_tasks SET holder = '1:0', status = 'deleting' WHERE id = '\(ids[0])'")
            try world.change("UPDATE conversion_tasks SET holder = '1:0', attempts = 3 WHERE id = '\(ids[1])'")
            try Files.makeFolders(folder + "/buckets/bucket/deep")
            for id in ids {
                try Files.writeDurably(folder + "/buckets/bucket/deep/.ingot-\(id)", Array("part".utf8))
                try Files.writeDurably(folder + "/buckets/bucket/deep/\(id).vhd", Array("whole".utf8))
            }
            try world.drain()
            #expect(try ids.allSatisfy { try world.task($0).status == .deleted })
            #expect(Files.names(in: folder + "/buckets/bucket/deep").isEmpty)
        }
    }

    @Test("devices of an image's disks differ, also from those that are given to disks without one")
    func devices() throws {
        try withTemporaryFolder { folder in
            let world = World(folder)
            var first = try world.fill().disk
            var second = first
            first.device = "/dev/sda1"
            second.device = "/dev/sda1"
            let refused = refusal {
                _ = try world.actions().importImage(ImageImport(disks: [first, second]), tags: TagSet())
            }
            #expect(refused?.code == .invalidParameter)
            first.device = nil
            second.device = "/dev/sda1"
            var third = second
            third.device = "/dev/xvdf"
            let id = try world.actions().importImage(
                ImageImport(disks: [first, second, third, first]), tags: TagSet()
            ).id
            try world.drain()
            #expect(
                try world.task(id).disks.compactMap(\.device) == ["/dev/xvda", "/dev/sda1", "/dev/xvdf", "/dev/xvdg"])
        }
    }

    @Test("an archive that cannot be read is named by its key, with the reason")
    func brokenArchive() throws {
        try withTemporaryFolder { folder in
            let world = World(folder)
            _ = try world.fill()
            try Shell.run(
                "mkdir t; echo x > t/x; tar -P -cf buckets/bucket/bad.tar --transform 's,^t,/t,' t; rm -r t", in: folder)
            let place = try #require(ObjectPlace(bucket: "bucket", key: "bad.tar"))
            let id = try world.actions().importImage(
                ImageImport(disks: [DiskContainer(.object(place), format: .tar)]), tags: TagSet()
            ).id
            try world.drain()
            let message = try #require(try world.task(id).message)
            #expect(message.hasPrefix("ClientError: the archive bad.tar cannot be imported: the entry '/t"), "\(message)")
            #expect(message.hasSuffix("has an absolute name") && !message.contains("/proc/"), "\(message)")
        }
    }

    @Test("what is no name of a bucket is no bucket, also where there is a folder of the name")
    func buckets() throws {
        try withTemporaryFolder { folder in
            let world = World(folder)
            let made = try world.actions().importImage(ImageImport(disks: [try world.fill().disk]), tags: TagSet()).id
            try world.drain()
            let image = try #require(try world.task(made).image)
            try Files.makeFolders(folder + "/buckets/ab")
            for name in ["ab", "..", ".", "Upper", "no-such-bucket"] {
                let error = refusal {
                    _ = try world.actions().exportImage(
                        ImageExport(image: image, format: .raw, bucket: name), tags: TagSet())
                }
                #expect(error == .noBucket(name), "\(name)")
            }
        }
    }

    @Test("objects are found by every form of their address, and paths that lead elsewhere are none")
    func places() throws {
        let object = ObjectPlace(bucket: "my.bucket", key: "a/b c.raw")
        for url in [
            "s3://my.bucket/a/b%20c.raw", "https://s3.amazonaws.com/my.bucket/a/b%20c.raw",
            "https://s3-us-west-2.amazonaws.com/my.bucket/a/b%20c.raw?X-Amz-Expires=3",
            "https://my.bucket.s3.us-west-2.amazonaws.com/a/b%20c.raw#x",
        ] { #expect(ObjectPlace(url: url) == object, "\(url)") }
        for url in [
            "", "s3://", "s3://bucket", "s3://bucket/", "s3://bucket/..", "s3://bucket/%2e%2e/x", "s3://../x", "s3://b/x",
            "s3://bucket/a//b",
            "s3://bucket/%00", "s3://bucket/%zz", "file:///etc/passwd", "https://example.com/bucket/x",
            "https://s3.amazonaws.com/bucket",
            "https://s3.amazonaws.com.example.com/bucket/x", "s3://Bucket/x", "s3://bucket/\(String(repeating: "x", count: 256))",
        ] { #expect(ObjectPlace(url: url) == nil, "\(url)") }
    }
}
