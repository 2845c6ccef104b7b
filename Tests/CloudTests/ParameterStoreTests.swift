import Cloud
import Model
import Platform
import SQLite
import Synchronization
import TestSupport
import Testing

@Suite struct `Parameters of a region` {
    /// Nobody has this for a value by chance.
    private static let secret = "correct-horse-battery-staple"

    private func withStore(
        _ world: TestEnvironment = TestEnvironment(), _ body: (_ store: any ParameterStore, _ folder: String) throws -> Void
    ) throws {
        try withTemporaryFolder { folder in
            let plane = EmbeddedPlane(folder: folder, environment: world.environment)
            try body(try plane.makeRegion(name("us-east-1")).parameters, folder + "/us-east-1")
        }
    }

    private func new(
        _ text: String, _ value: String, _ type: ParameterType? = nil, tier: ParameterTier? = nil, overwrites: Bool = false
    ) throws -> NewParameter {
        NewParameter(try name(text), value, type: type, tier: tier, overwrites: overwrites, user: "tester")
    }

    private func get(_ store: any ParameterStore, _ text: String) throws -> String {
        try store.value(of: store.parameter(ParameterReference(parsing: text)))
    }

    // MARK: Versions

    @Test func `a new version counts up, keeps type and description, and the old ones stay`() throws {
        try withStore { store, _ in
            var first = try new("/web/port", "80", tier: .advanced)
            first.text = "where it listens"
            #expect(try store.put(first, at: noon).version == 1)
            let second = try store.put(new("/web/port", "8080", overwrites: true), at: noon + TimeSpan(seconds: 60))
            #expect(second.version == 2 && second.type == .string && second.tier == .advanced)
            #expect(second.description == "where it listens" && second.user == "tester")
            #expect(try get(store, "/web/port") == "8080")
            #expect(try get(store, "/web/port:1") == "80")
            #expect(try store.history(of: name("/web/port")).map(\.version) == [1, 2])
            #expect(failure { _ = try get(store, "/web/port:3") }?.code == .notFound)
            #expect(second.arn == "arn:aws:ssm:us-east-1:000000000000:parameter/web/port")
        }
    }

    @Test func `what exists is written only where that is said, in the same type, and not in a smaller tier`() throws {
        try withStore { store, _ in
            _ = try store.put(new("a", "1", tier: .advanced), at: noon)
            #expect(failure { _ = try store.put(new("a", "2"), at: noon) }?.code == .conflict)
            #expect(failure { _ = try store.put(new("a", "2", .secureString, overwrites: true), at: noon) }?.code == .conflict)
            #expect(failure { _ = try store.put(new("a", "2", tier: .standard, overwrites: true), at: noon) }?.code == .conflict)
            #expect(try get(store, "a") == "1")
        }
    }

    @Test func `writers in several processes get a version each, and none is turned away`() throws {
        try withTemporaryFolder { folder in
            _ = try EmbeddedPlane(folder: folder, environment: .system()).makeRegion(name("us-east-1"))
            let written = Mutex<[Int]>([])
            let failures = Mutex<[Failure]>([])
            Threads.concurrently(4) { _ in
                do throws(Failure) {
                    // A plane of its own has a connection of its own, as another process would.
                    let plane = EmbeddedPlane(folder: folder, environment: .system())
                    let region = try plane.region(try RegionName(parsing: "us-east-1"))
                    for number in 0..<10 {
                        let parameter = NewParameter(
                            try ParameterName(parsing: "a"), "\(number)", overwrites: true, user: "tester")
                        let version = try region.parameters.put(parameter, at: noon).version
                        written.withLock { $0.append(version) }
                    }
                } catch { failures.withLock { $0.append(error) } }
            }
            #expect(failures.withLock { $0.map(\.message) } == [])
            #expect(written.withLock { $0.sorted() } == Array(1...40))
        }
    }

    @Test func `the last hundred versions are kept`() throws {
        try withStore { store, _ in
            for number in 1...103 { _ = try store.put(new("a", "\(number)", overwrites: true), at: noon) }
            let history = try store.history(of: name("a"))
            #expect(history.count == 100 && history.first?.version == 4 && history.last?.version == 103)
        }
    }

    @Test func `a deleted parameter is gone with its versions, and begins anew`() throws {
        try withStore { store, _ in
            _ = try store.put(new("a", "1"), at: noon)
            _ = try store.put(new("a", "2", overwrites: true), at: noon)
            try store.delete(name("a"))
            #expect(failure { _ = try get(store, "a:1") }?.code == .notFound)
            #expect(failure { try store.delete(name("a")) }?.code == .notFound)
            #expect(try store.put(new("a", "3"), at: noon).version == 1)
        }
    }

    @Test func `a parameter that expires is gone at its time, with its versions and tags, and may be made anew`() throws {
        let world = TestEnvironment()
        try withStore(world) { store, _ in
            let end = #"[{"Type":"Expiration","Version":"1.0","Attributes":{"Timestamp":"\#((world.now + .days(1)))"}}]"#
            var first = try new("/short", "1", tier: .advanced)
            first.policy = try ParameterPolicy.change(end)
            first.tags = try TagSet([Tag(key: "a", value: "b")])
            _ = try store.put(first, at: world.now)
            _ = try store.put(new("/short", "2", overwrites: true), at: world.now)
            world.advance(TimeSpan(seconds: 86399))
            #expect(try get(store, "short") == "2" && store.history(of: name("/short")).count == 2)
            world.advance(TimeSpan(seconds: 1))
            #expect(failure { _ = try get(store, "/short") }?.code == .notFound)
            #expect(try store.parameters(below: nil).isEmpty)
            #expect(failure { _ = try store.tags(of: name("/short")) }?.code == .notFound)
            #expect(failure { try store.delete(name("/short")) }?.code == .notFound)
            #expect(try store.put(new("short", "3"), at: world.now).version == 1)
            #expect(try store.tags(of: name("short")).count == 0 && get(store, "/short") == "3")
        }
    }

    @Test func `a policy is read whole or refused, wherever its text is cut or changed`() throws {
        let text = #"[{"Type":"Expiration","Version":"1.0","Attributes":{"Timestamp":"2099-01-01T00:00:00.000Z"}}]"#
        let bytes = Array(text.utf8)
        for length in bytes.indices {
            let cut = String(decoding: bytes[..<length], as: UTF8.self)
            #expect(failure { _ = try ParameterPolicy.change(cut) }?.code == .invalid, "\(cut)")
        }
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 1 << UInt8(index % 7)
            let other = String(decoding: changed, as: UTF8.self)
            guard case .set(let policy)? = try? ParameterPolicy.change(other) else { continue }
            #expect(policy.expiration != Instant(seconds: 4_070_908_800) || other.contains("T00:00:00"), "\(other)")
        }
    }

    @Test func `a path lists its parameter and those below it`() throws {
        try withStore { store, _ in
            for text in ["/web", "/web/a", "/web/b/c", "/webx", "w"] { _ = try store.put(new(text, "1"), at: noon) }
            #expect(try store.parameters(below: name("/web")).map(\.name.description) == ["/web", "/web/a", "/web/b/c"])
            #expect(try store.parameters(below: nil).count == 5)
        }
    }

    @Test func `values have the sizes and forms that SSM takes`() throws {
        try withStore { store, _ in
            let limit = String(repeating: "x", count: 4096)
            _ = try store.put(new("a", limit), at: noon)
            _ = try store.put(new("b", limit + limit, tier: .advanced), at: noon)
            for (value, type, tier) in [
                (limit + "x", ParameterType.string, ParameterTier.standard), (limit + limit + "x", .string, .advanced),
                ("", .string, .standard), ("{{x}}", .string, .standard), ("a,,b", .stringList, .standard),
                ("a\0", .string, .standard),
            ] {
                let refused = failure { _ = try store.put(new("c", value, type, tier: tier), at: noon) }
                #expect(refused?.code == .invalid)
            }
            _ = try store.put(new("c", "a,b c", .stringList), at: noon)
        }
    }

    @Test func `regions know nothing of each other's parameters, and another process finds them again`() throws {
        try withTemporaryFolder { folder in
            let plane = EmbeddedPlane(folder: folder, environment: .system())
            _ = try plane.makeRegion(name("us-east-1")).parameters.put(new("a", Self.secret, .secureString), at: noon)
            let west = try plane.makeRegion(name("us-west-2")).parameters
            #expect(failure { _ = try get(west, "a") }?.code == .notFound)
            let reader = EmbeddedPlane(folder: folder, environment: .system(), readOnly: true)
            #expect(try get(reader.region(name("us-east-1")).parameters, "a") == Self.secret)
            #expect(failure { _ = try reader.region(name("us-east-1")).parameters.put(new("b", "1"), at: noon) }?.code == .denied)
        }
    }

    // MARK: Secrets

    @Test func `a secret stands in no file of the region, and not in what is printed of it`() throws {
        try withStore { store, folder in
            let parameter = try new("/web/password", Self.secret, .secureString)
            let record = try store.put(parameter, at: noon)
            _ = try store.put(new("/web/password", Self.secret + "2", overwrites: true), at: noon)
            #expect(try get(store, "/web/password") == Self.secret + "2")
            #expect(try get(store, "/web/password:1") == Self.secret)
            #expect(try Shell.run("grep -rlF '\(Self.secret)' . || true", in: folder) == "")
            #expect(try Shell.run("ls", in: folder).contains("catalog.db-wal"))
            #expect(!"\(parameter)\(String(reflecting: parameter))\(record)".contains(Self.secret))
            let tooLong = try new("x", String(repeating: Self.secret, count: 400), .secureString)
            #expect(failure { _ = try store.put(tooLong, at: noon) }?.chain.joined().contains(Self.secret) == false)
        }
    }

    @Test func `equal secrets are not seen to be equal`() throws {
        try withStore { store, _ in
            let first = try store.put(new("a", Self.secret, .secureString), at: noon)
            let second = try store.put(new("a", Self.secret, overwrites: true), at: noon)
            #expect(first.stored != second.stored)
        }
    }

    @Test func `the key is made once, for its owner alone, and only where a secret is written`() throws {
        try withStore { store, folder in
            _ = try store.put(new("a", "1"), at: noon)
            #expect(!Files.exists(folder + "/keys"))
            _ = try store.put(new("b", Self.secret, .secureString), at: noon)
            let path = folder + "/keys/parameters.key"
            let key = try Files.read(path)
            #expect(try Files.status(path).mode & 0o777 == 0o600)
            #expect(try Files.status(folder + "/keys").mode & 0o777 == 0o700)
            _ = try store.put(new("c", Self.secret, .secureString), at: noon)
            #expect(try Files.read(path) == key)
            #expect(Files.names(in: folder + "/keys") == ["parameters.key"])
        }
    }

    @Test func `a row is written only after its key is durable, and the key of a failed try is used again`() throws {
        let world = TestEnvironment()
        try withStore(world) { store, folder in
            world.plan(.fail, at: "parameters.keyed")
            #expect(failure { _ = try store.put(new("a", Self.secret, .secureString), at: noon) }?.code == .io)
            #expect(try store.parameters(below: nil).isEmpty)
            let key = try Files.read(folder + "/keys/parameters.key")
            _ = try store.put(new("a", Self.secret, .secureString), at: noon)
            #expect(try Files.read(folder + "/keys/parameters.key") == key)
        }
    }

    @Test func `a lost key is damage, and no new one is made in its place`() throws {
        try withStore { store, folder in
            _ = try store.put(new("a", Self.secret, .secureString), at: noon)
            try Files.remove(folder + "/keys/parameters.key")
            #expect(failure { _ = try get(store, "a") }?.code == .corrupt)
            #expect(failure { _ = try store.put(new("b", Self.secret, .secureString), at: noon) }?.code == .corrupt)
            #expect(Files.names(in: folder + "/keys").isEmpty)
        }
    }

    @Test func `a key that others may read, or that is damaged, is not used`() throws {
        try withStore { store, folder in
            _ = try store.put(new("a", Self.secret, .secureString), at: noon)
            try Shell.run("chmod 0640 keys/parameters.key", in: folder)
            #expect(failure { _ = try get(store, "a") }?.code == .denied)
            try Shell.run("chmod 0600 keys/parameters.key; echo x >> keys/parameters.key", in: folder)
            #expect(failure { _ = try get(store, "a") }?.code == .corrupt)
        }
    }

    @Test func `a sealed value of another row, version or key is not taken`() throws {
        try withStore { store, folder in
            _ = try store.put(new("a", "harmless", .secureString), at: noon)
            _ = try store.put(new("b", Self.secret, .secureString), at: noon)
            let connection = try Connection(path: folder + "/catalog.db", mode: .writer)
            try connection.write { session in
                try session.run(
                    "UPDATE parameters SET sealed = (SELECT sealed FROM parameters WHERE name = 'b') WHERE name = 'a'")
            }
            let swapped = failure { _ = try get(store, "a") }
            #expect(swapped?.code == .corrupt && swapped?.chain.joined().contains(Self.secret) == false)
        }
    }

    @Test func `of two writers at once each gets a version of its own, or is told`() throws {
        try withTemporaryFolder { folder in
            let plane = EmbeddedPlane(folder: folder, environment: .system())
            let store = try plane.makeRegion(name("us-east-1")).parameters
            let outcome = Mutex<[Int]>([])
            Threads.concurrently(4) { worker in
                do {
                    let own = try EmbeddedPlane(folder: folder, environment: .system()).region(name("us-east-1")).parameters
                    let written = try own.put(
                        NewParameter(name("a"), "\(worker)", type: .secureString, overwrites: true, user: "t"), at: noon)
                    outcome.withLock { $0.append(written.version) }
                } catch { if (error as? Failure)?.code != .conflict { outcome.withLock { $0.append(-1) } } }
            }
            let versions = outcome.withLock { $0 }
            #expect(!versions.isEmpty && !versions.contains(-1) && Set(versions).count == versions.count)
            for version in versions { #expect(try Int(get(store, "a:\(version)")) != nil) }
        }
    }
}
