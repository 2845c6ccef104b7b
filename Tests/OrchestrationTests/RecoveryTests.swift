import Cloud
import Glibc
import Ledger
import Model
import Orchestration
import Pipeline
import Platform
import TestSupport
import Testing

@Suite struct RecoveryTests {
    @Test("a process is known by its number and start; one that is gone, or has the number of another, is dead")
    func holders() {
        let holder = Holder.process
        #expect(holder.name.hasPrefix("\(getpid()):"))
        #expect(!holder.isDead(holder.name))
        #expect(holder.isDead("\(getpid()):1"))
        #expect(holder.isDead("999999999:1"))
        #expect(!holder.isDead("another form"))
    }

    @Test("temporary folders of dead processes go, those of living ones stay")
    func temporaryFolders() throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace(holder: Fixture.survivor)
            for name in ["victim-0123abcd", "survivor-0123abcd", "notes"] {
                try Files.makeFolders("\(fixture.home)/tmp/\(name)/inside")
            }
            #expect(try Recovery(workspace).run().isEmpty)
            #expect(Files.names(in: fixture.home + "/tmp") == ["notes", "survivor-0123abcd"])
        }
    }

    @Test("an operation in a region that is gone is undone")
    func lostRegion() throws {
        try Fixture.with { fixture in
            let workspace = try fixture.workspace(holder: Fixture.survivor)
            _ = try workspace.ledger.intend(
                .copy, subject: "ami-1 to us-west-2", region: RegionName(parsing: "us-west-2"), intent: #"{"holder":"victim"}"#,
                token: "t", at: fixture.test.now)
            #expect(try Recovery(workspace).run() == ["copy of ami-1 to us-west-2"])
            #expect(try workspace.ledger.unfinishedOperations().isEmpty)
        }
    }

    @Test("a build that dies after its image stands has made it; one that dies before has failed")
    func deadBuilds() throws {
        for (point, state) in [("seal.available", BuildState.succeeded), ("build.sealed", .succeeded), ("seal.pending", .failed)]
        {
            try Fixture.with { fixture in
                try fixture.recipe(Fixture.three)
                try fixture.pipeline()
                let dead = try Gate()
                let end = try Gate()
                fixture.test.plan(.hang(reached: dead, until: end), at: point)
                try together(
                    {
                        dead.wait()
                        defer { end.open() }
                        let workspace = try fixture.workspace(holder: Fixture.survivor)
                        try Recovery(workspace).run()
                        let build = try #require(try workspace.ledger.builds().first)
                        #expect(build.state == state, "\(point)")
                        #expect((build.image != nil) == (state == .succeeded), "\(point)")
                        let next = try fixture.build(in: workspace)
                        #expect(next.ran.isEmpty && next.sealed.isNew == (state == .failed), "\(point)")
                    },
                    {
                        defer { dead.open() }
                        _ = try? fixture.build(holder: Fixture.killed)
                    })
            }
        }
    }

    @Test("a scheduled run is taken over by one, and only the one who has it ends it")
    func takeOver() throws {
        try Fixture.with { fixture in
            let ledger = try fixture.workspace().ledger
            let name = try ResourceName(parsing: "nightly")
            let now = fixture.test.now
            #expect(try ledger.claim(name, kind: "build", scheduled: now, by: "a", at: now))
            let run = try #require(try ledger.unfinishedScheduleRuns().first)
            #expect(try ledger.takeOver(run, by: "b", at: now))
            #expect(try !ledger.takeOver(run, by: "c", at: now))
            func finish(_ claimant: String) throws(Failure) {
                try ledger.finishScheduleRun(name, kind: "build", scheduled: now, by: claimant, outcome: "done", at: now)
            }
            failure(.conflict) { try finish("a") }
            try finish("b")
            failure(.conflict) { try finish("b") }
        }
    }

    @Test("a checkpoint whose tree is gone from the store does not count")
    func lostTrees() throws {
        try Fixture.with { fixture in
            try fixture.recipe(Fixture.three)
            try fixture.pipeline()
            let root = try fixture.build().sealed.image.root
            try Files.removeTree(fixture.home + "/regions/us-east-1/store")
            let outcome = try fixture.build()
            #expect(outcome.reasons["files-2"] == ["its result is not in the region's store"])
            #expect(outcome.ran.count == 3 && outcome.sealed.image.root == root && !outcome.sealed.isNew)
            try expectOrder(try fixture.workspace())
        }
    }
}
