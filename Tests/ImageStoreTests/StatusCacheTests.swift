import Crypto
import ImageStore
import Model
import Platform
import TestSupport
import Testing

@Suite struct StatusCacheTests {
    /// An hour from now: all that a test has just written is old then.
    private func environment(hours: Int64 = 1) -> Environment {
        var environment = Environment.system()
        let now = environment.now
        environment.now = { now() + hours * 3_600_000_000_000 }
        return environment
    }

    private func with(_ body: (_ folder: String, _ store: ObjectStore) throws -> Void) throws {
        try withTemporaryFolder { folder in
            try Shell.run(
                "mkdir tree; for i in 1 2 3 4 5; do echo $i > tree/f$i; done; head -c 9000000 /dev/urandom > tree/large",
                in: folder)
            try body(folder, try ObjectStore("\(folder)/store", environment: .system()))
        }
    }

    private func run(_ folder: String, _ store: ObjectStore, hours: Int64 = 1) throws -> ImportResult {
        let writer = try StoreWriter(store)
        let result = try DirectoryImport(
            "\(folder)/tree", into: writer, cacheFolder: "\(folder)/cache", environment: environment(hours: hours)
        ).run()
        try writer.publish()
        return result
    }

    @Test func `an unchanged folder is imported again without reading a file`() throws {
        try with { folder, store in
            let first = try run(folder, store)
            #expect(first.reused == 0)
            let second = try run(folder, store)
            #expect(second.reused == 6)
            #expect(second.root == first.root)
        }
    }

    /// Each changes one file; the last keeps size and mtime.
    @Test(arguments: [
        "touch tree/f1", "echo longer > tree/f1", "printf 'y\\n' > new; mv new tree/f1",
        "touch -r tree/f1 when; printf 'z\\n' > tree/f1; touch -r when tree/f1",
        "touch -r tree/f1 when; printf 'z\\n' > new; mv new tree/f1; touch -r when tree/f1",
    ])
    func `a changed file is read again`(change: String) throws {
        try with { folder, store in
            _ = try run(folder, store)
            try Shell.run(change, in: folder)
            let result = try run(folder, store)
            #expect(result.reused == 5)
            #expect(try Tree(result.root, in: store).read("f1") == Files.read("\(folder)/tree/f1"))
        }
    }

    @Test func `a file that changed just before the import is not trusted the next time`() throws {
        try with { folder, store in
            _ = try run(folder, store, hours: 0)
            #expect(try run(folder, store, hours: 0).reused == 0)
        }
    }

    @Test func `a damaged or cut cache is ignored`() throws {
        try with { folder, store in
            let first = try run(folder, store)
            let name = try #require(Files.names(in: "\(folder)/cache").first)
            let path = "\(folder)/cache/\(name)"
            let sound = try Files.read(path)
            for offset in [0, 30, sound.count / 2, sound.count - 1] {
                try Files.writeDurably(path, sound)
                try damage(path, at: offset)
                let result = try run(folder, store)
                #expect(result.reused == 0)
                #expect(result.root == first.root)
            }
            try Files.writeDurably(path, Array(sound.prefix(40)))
            #expect(try run(folder, store).reused == 0)
        }
    }

    @Test func `what the store has lost is read again`() throws {
        try with { folder, store in
            let first = try run(folder, store)
            _ = try collect(store)
            let second = try run(folder, store)
            #expect(second.reused == 0)
            #expect(second.root == first.root)
            try readAll(second.root, in: try store.reopened())
        }
    }

    @Test func `after damage below what the cache knows, importing again heals`() throws {
        try with { folder, store in
            let root = try run(folder, store).root
            let path = try #require(store.packPaths.first)
            try damage(path, at: 4_000_000)
            let damaged = try store.reopened()
            #expect(try !check(damaged, [("image", root)]).isSound)
            #expect(try run(folder, damaged).root == root)
            #expect(try check(damaged, [("image", root)]).isSound)
        }
    }

    @Test func `an archive that was imported is known again, unless the store has lost its tree or knows of damage`() throws {
        try with { folder, store in
            try Shell.run("tar -C tree -cf a.tar .", in: folder)
            func run(_ store: ObjectStore) throws -> ImportResult {
                let writer = try StoreWriter(store)
                let result = try ArchiveImport(
                    "\(folder)/a.tar", into: writer, cacheFolder: "\(folder)/cache", environment: environment()
                ).run()
                try writer.publish()
                return result
            }
            let first = try run(store)
            #expect(first.reused == 0)
            #expect(try run(store).reused == 6)
            try damage(try #require(store.packPaths.first), at: 4_000_000)
            let damaged = try store.reopened()
            #expect(try !check(damaged, [("image", first.root)]).isSound)
            #expect(try run(damaged).reused == 0)
            #expect(try check(damaged, [("image", first.root)]).isSound)
            _ = try collect(damaged)
            #expect(try run(damaged).reused == 0)
            try Shell.run("echo more >> tree/f1; tar -C tree -cf a.tar .", in: folder)
            #expect(try run(damaged).root != first.root)
        }
    }
}
