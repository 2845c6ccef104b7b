import Glibc
import Model
import Orchestration
import Platform
import Recipes
import Stages
import Synchronization
import TestSupport
import Testing

/// Builds with components, killed by SIGKILL at their points of order and at random ones.
@Suite(.serialized, .enabled(if: ComponentWorkshop.isPossible, "\(ComponentWorkshop.obstacle ?? "")"))
struct `A build with a component, killed` {
    struct Point: Sendable, Hashable, CustomTestStringConvertible {
        let name: String
        let time: Int
        var testDescription: String { "\(name) #\(time)" }
    }

    /// Six steps that run programs, in the phase build; one in each of the others.
    static let points: [Point] = {
        let all = ["build.step-published", "build.step-recorded"].flatMap { name in (1...6).map { Point(name: name, time: $0) } }
        let others = [
            Point(name: "images.rename", time: 1), Point(name: "store.packs-durable", time: 2),
            Point(name: "store.pack-renamed", time: 3), Point(name: "build.stage-published", time: 2),
            Point(name: "build.stage-recorded", time: 2), Point(name: "build.stage-recorded", time: 3),
            Point(name: "seal.pending", time: 1), Point(name: "build.stage-published", time: 5),
            Point(name: "seal.available", time: 1),
        ]
        return Killing.isThorough ? all + others : [all[2], all[9], others[6]]
    }()

    private static let undisturbed = Mutex<String?>(nil)

    /// The root digest of a build that nobody kills.
    private static func reference() throws -> String {
        if let root = undisturbed.withLock({ $0 }) { return root }
        var root = ""
        try ComponentWorkshop.with { work in
            try work.writeWork()
            let build = try work.ingot("build", "work")
            #expect(build.status == 0, "\(build.error)")
            #expect(try work.ingot("cat", "work", "/srv/log").output == ComponentWorkshop.log)
            root = try work.root("work")
        }
        undisturbed.withLock { $0 = root }
        return root
    }

    @Test("at a point of its order of writes, goes on behind the last recorded step, to the same digest", arguments: points)
    func atPoint(_ point: Point) async throws {
        let root = try Self.reference()
        let folder = "/tmp/ingot-test-\(try Random.token())"
        try Files.makeFolders(folder, permissions: 0o700)
        defer { try? Files.removeTree(folder) }
        let work = ComponentWorkshop(ingot: CommandRunner(folder: folder))
        try work.writeBase()
        try work.writeWork()
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [folder = folder as String, name = point.name as String, time = point.time as Int] in
            try DyingBuild.run(in: folder, at: name, time: time)
        }
        HostTraces(folder: folder).expectNone()
        try work.expectSound()
        let states = try work.ingot("images", "--all", "-o", "json").output
        if point.name == "seal.pending" { #expect(states.contains("\"pending\"")) }
        let number = point.name.hasPrefix("build.step-recorded") ? point.time : point.time - 1
        try Self.expectResumed(work, root: root, cached: point.name.hasPrefix("build.step-") ? number : nil)
    }

    @Test("at random moments, again and again, leaves nothing on the host, and ends with the same digest")
    func atRandom() throws {
        let root = try Self.reference()
        try ComponentWorkshop.with { work in
            try work.writeWork()
            let killing = try Killing(work.ingot, ["build", "work"])
            var killed = 0
            for round in 0..<(Killing.isThorough ? 25 : 2) {
                var random = SeededRandom(UInt64(round))
                for _ in 0..<(1 + random.below(3)) where try killing.kill(work.home, &random) { killed += 1 }
                HostTraces(folder: work.ingot.folder).expectNone()
                if Files.exists(work.home + "/ledger.db") { try work.expectSound() }
                try Self.expectResumed(work, root: root, cached: nil)
                try Files.removeTree(work.home)
            }
            #expect(killed > 0)
        }
    }

    /// Builds to the end. `cached` steps must have come from checkpoints.
    private static func expectResumed(_ work: ComponentWorkshop, root: String, cached: Int?) throws {
        try Shell.run("rm -rf \(work.home)/builds", in: work.ingot.folder)
        let dead = HostTraces.deadGroups()
        let build = try work.ingot("build", "work")
        #expect(build.status == 0, "\(build.error)")
        #expect(try work.root("work") == root)
        let lines = try work.consoles().split(separator: "\n")
        // Where a component ran there was a sandbox, and it has swept.
        if !lines.isEmpty { #expect(HostTraces.deadGroups().isDisjoint(with: dead)) }
        if let cached { #expect(lines.count { $0.contains("cached: ExecuteBash") } == cached) }
        try work.expectSound()
        #expect(try work.ingot("images", "--all", "-o", "quiet").lines.count == 1)
        #expect(try work.ingot("channels").output.contains("dev"))
        HostTraces(folder: work.ingot.folder).expectNone()
        HostTraces(folder: work.ingot.folder).expectSwept(work.home)
    }
}

/// A build in this process that ends it in the middle.
private enum DyingBuild {
    static func run(in folder: String, at point: String, time: Int) throws {
        let seen = Atomic<Int>(0)
        var environment = Environment.system()
        environment.failpoint = { name throws(SystemError) in
            guard "\(name)" == point, seen.wrappingAdd(1, ordering: .relaxed).newValue == time else { return }
            kill(getpid(), SIGKILL)
        }
        let documents = DocumentLibrary(root: folder)
        let workspace = try Workspace(home: folder + "/.ingot", environment: environment)
        _ = try Builder(workspace, documents: documents, stages: StageRegistry.standard).build(try documents.pipeline("work"))
    }
}
