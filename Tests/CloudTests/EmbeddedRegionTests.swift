import Cloud
import Crypto
import Model
import Platform
import SQLite
import Synchronization
import TestSupport
import Testing

@Suite("the embedded plane")
struct EmbeddedRegionTests {
    @Test("a region is a folder that another process finds again, and losing one leaves the other whole")
    func folders() throws {
        try withTemporaryFolder { folder in
            let plane = EmbeddedPlane(folder: folder, environment: .system())
            let east = try plane.makeRegion(name("us-east-1"))
            let image = try east.add(newImage("web"))
            _ = try plane.makeRegion(name("us-west-2")).add(newImage("web"))
            #expect(east.storeFolder == folder + "/us-east-1/store/plain")
            #expect(Files.exists(east.storeFolder))
            try Files.removeTree(folder + "/us-west-2")
            let reader = EmbeddedPlane(folder: folder, environment: .system(), readOnly: true)
            #expect(try reader.regions().map(\.description) == ["us-east-1"])
            #expect(try reader.region(name("us-east-1")).image(image.id) == image)
            #expect(failure { _ = try reader.region(name("us-west-2")) }?.code == .notFound)
            #expect(failure { _ = try reader.region(name("us-east-1")).registerPending(newImage("second")) }?.code == .denied)
        }
    }

    @Test("of two threads that register the same name through their own connections, one wins")
    func nameRace() throws {
        try withTemporaryFolder { folder in
            _ = try EmbeddedPlane(folder: folder, environment: .system()).makeRegion(name("us-east-1"))
            let outcomes = Mutex<[String]>([])
            Threads.concurrently(4) { worker in
                let outcome: String
                do {
                    let plane = EmbeddedPlane(folder: folder, environment: .system())
                    _ = try plane.region(name("us-east-1")).registerPending(newImage("web", token: "\(worker)"))
                    outcome = "won"
                } catch {
                    outcome = (error as? Failure)?.code.rawValue ?? "\(error)"
                }
                outcomes.withLock { $0.append(outcome) }
            }
            #expect(outcomes.withLock { $0 }.sorted() == ["conflict", "conflict", "conflict", "won"])
        }
    }

    @Test("a damaged catalogue is called damaged, and which region it is of")
    func damaged() throws {
        try withTemporaryFolder { folder in
            let plane = EmbeddedPlane(folder: folder, environment: .system())
            try Files.makeFolders(folder + "/us-east-1")
            try Files.writeDurably(folder + "/us-east-1/catalog.db", Array(String(repeating: "not a database ", count: 99).utf8))
            let damage = failure { _ = try plane.region(name("us-east-1")) }
            #expect(damage?.code == .corrupt)
            #expect(damage?.message == "cannot open the catalogue of us-east-1: the catalogue of us-east-1 is damaged")
        }
    }

    @Test("looking up by id, name, recipe, token or content scans no table")
    func indexes() throws {
        try withTemporaryFolder { folder in
            let region = try EmbeddedPlane(folder: folder, environment: .system()).makeRegion(name("us-east-1"))
            _ = try region.add(newImage("web"))
            let connection = try Connection(path: folder + "/us-east-1/catalog.db", mode: .reader)
            let live = "state IN ('pending', 'available', 'disabled')"
            for condition in ["id = 'a'", "name = 'a' AND \(live)", "recipe = 'a'", "token = 'a'", "root = x'00'"] {
                let plan = try connection.read { session in
                    try session.rows("EXPLAIN QUERY PLAN SELECT * FROM images WHERE \(condition)") { row in try row.text("detail")
                    }
                }
                #expect(plan.allSatisfy { $0.hasPrefix("SEARCH images USING") }, "\(condition): \(plan)")
            }
        }
    }
}
