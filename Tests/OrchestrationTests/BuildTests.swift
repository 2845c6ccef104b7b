import Cloud
import ImageStore
import Ledger
import Model
import Orchestration
import Pipeline
import Platform
import TestSupport
import Testing

@Suite struct BuildTests {
    @Test("the first build runs all stages and registers the first version with automatic tags")
    func firstBuild() throws {
        try Fixture.with { fixture in
            try fixture.recipe(Fixture.three, fields: "tags: {Team: platform}")
            try fixture.pipeline("image: {name: \"web {{ version }}\", tags: {Environment: dev}}")
            let outcome = try fixture.build()
            #expect(outcome.ran == ["files", "files-2", "files-3"])
            #expect(outcome.reasons["files"] == ["it has not been built before"])
            #expect(outcome.sealed.isNew && outcome.version == "1.0.0/1")
            let image = outcome.sealed.image
            #expect(image.state == .available && image.name.description == "web 1.0.0")
            let tags = Dictionary(image.tags.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
            #expect(tags["Team"] == "platform" && tags["Environment"] == "dev")
            #expect(tags["ingot:recipe"] == "web" && tags["ingot:version"] == "1.0.0/1")
            #expect(tags["ingot:base-image"] == "scratch" && tags["ingot:build-date"] == fixture.test.now.description)
            #expect(tags["ingot:source-digest"]?.hasPrefix("sha256:") == true && tags.count == 7)
            #expect(outcome.build.state == .succeeded && outcome.build.image == image.id && outcome.build.root == image.root)
            let workspace = try fixture.workspace()
            #expect(try workspace.tree(of: image).text("/b") == "two")
            #expect(try workspace.ledger.steps(of: outcome.build.id).map(\.outcome) == [.ran, .ran, .ran])
            try expectOrder(workspace)
        }
    }

    @Test("the second build runs nothing, registers nothing and says so")
    func unchanged() throws {
        try Fixture.with { fixture in
            try fixture.recipe(Fixture.three)
            try fixture.pipeline()
            let first = try fixture.build()
            fixture.test.advance(.hours(5))
            let second = try fixture.build()
            #expect(second.ran.isEmpty && !second.sealed.isNew)
            #expect(second.sealed.image.id == first.sealed.image.id)
            #expect(second.build.state == .unchanged && second.build.image == first.sealed.image.id)
            let workspace = try fixture.workspace()
            #expect(try fixture.images(of: workspace).count == 1)
            #expect(try workspace.ledger.steps(of: second.build.id).map(\.outcome) == [.hit, .hit, .hit])
            #expect(try workspace.ledger.builds().count == 2)
        }
    }

    @Test("a build that is cached and unchanged commits three times at most")
    func commits() throws {
        try Fixture.with { fixture in
            try fixture.recipe(Fixture.three)
            try fixture.pipeline()
            let workspace = try fixture.workspace()
            try fixture.build(in: workspace)
            // Each commit appends to the write-ahead log, whose frames name the commits: a frame of a commit has the size of the
            // database in it.
            func commits() throws -> Int { try walCommits(fixture.home + "/ledger.db-wal") }
            let before = try commits()
            try fixture.build(in: workspace)
            #expect(try commits() - before <= 3)
        }
    }

    /// Frames of the log that end a transaction: 32 bytes of header, then frames of 24 and a page, with the number of pages after a commit
    /// in bytes 4 to 7. See https://sqlite.org/fileformat2.html#walformat
    private func walCommits(_ path: String) throws -> Int {
        let bytes = try Files.read(path)
        func number(_ at: Int) -> Int { bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
        let page = number(8)
        var count = 0
        var offset = 32
        while offset + 24 + page <= bytes.count {
            if number(offset + 4) != 0 && bytes[offset + 8..<offset + 16].elementsEqual(bytes[16..<24]) { count += 1 }
            offset += 24 + page
        }
        return count
    }

    @Test("an edit of stage k of n runs the stages from k on", arguments: 1...3)
    func editing(stage: Int) throws {
        try Fixture.with { fixture in
            try fixture.recipe(Fixture.three)
            try fixture.pipeline()
            try fixture.build()
            let word = ["one", "two", "three"][stage - 1]
            try fixture.recipe(Fixture.three.replacingOnce(word, with: "other"))
            let outcome = try fixture.build()
            #expect(outcome.ran == Array(["files", "files-2", "files-3"].dropFirst(stage - 1)))
            #expect(outcome.version == "1.0.1/1")
        }
    }

    @Test("an edit that gives the same tree lets the later stages hit again")
    func earlyCutoff() throws {
        try Fixture.with { fixture in
            try fixture.recipe(Fixture.three)
            try fixture.pipeline()
            let first = try fixture.build()
            try fixture.recipe(Fixture.three.replacingOnce("text: one", with: "base64: b25l"))
            let outcome = try fixture.build()
            #expect(outcome.ran == ["files"])
            #expect(!outcome.sealed.isNew && outcome.sealed.image.id == first.sealed.image.id)
            #expect(outcome.build.state == .unchanged)
        }
    }

    @Test("a plan says what the build then does")
    func planning() throws {
        try Fixture.with { fixture in
            try fixture.recipe(Fixture.three)
            try fixture.pipeline()
            try fixture.build()
            try fixture.recipe(Fixture.three.replacingOnce("two", with: "other"))
            let builder = fixture.builder(try fixture.workspace())
            let plan = try builder.plan(try builder.prepare(try fixture.document()))
            let said = plan.stages.map { stage in
                switch stage.decision {
                case .cached: "cached"
                case .runs(let reasons): reasons.joined()
                case .follows(let blocker): "follows \(blocker)"
                }
            }
            #expect(said == ["cached", "option [0].write.text changed from 'two' to 'other'", "follows files-2"])
            #expect(try fixture.build().ran == ["files-2", "files-3"])
        }
    }

    @Test("a recipe without stages gives the parent's tree, or an empty one")
    func noStages() throws {
        try Fixture.with { fixture in
            try fixture.recipe("")
            try fixture.pipeline()
            let outcome = try fixture.build()
            let workspace = try fixture.workspace()
            #expect(try workspace.tree(of: outcome.sealed.image).children(of: .root)?.isEmpty == true)
            #expect(try fixture.build().build.state == .unchanged)
            try expectOrder(workspace)
        }
    }

    @Test("too many tags of recipe and pipeline together are refused, not dropped")
    func tooManyTags() throws {
        try Fixture.with { fixture in
            func tags(_ letter: String) -> String { (1...30).map { "\(letter)\($0): x" }.joined(separator: ", ") }
            try fixture.recipe(Fixture.three, fields: "tags: {\(tags("a"))}")
            try fixture.pipeline("image: {tags: {\(tags("b"))}}")
            let workspace = try fixture.workspace()
            failure(.invalid) { try fixture.build(in: workspace) }
            #expect(try fixture.images(of: workspace).isEmpty)
        }
    }

    @Test("a lease that half of its time has passed for is renewed before the next stage")
    func renewal() throws {
        try Fixture.with { fixture in
            try fixture.recipe(Fixture.three)
            try fixture.pipeline()
            let test = fixture.test
            test.plan(.call { test.advance(.hours(20)) }, at: "build.stage-recorded", time: 1)
            let other = try fixture.workspace()
            let busy = Shared<Failure.Code?>(nil)
            test.plan(
                .call {
                    // The lease would have ended an hour ago.
                    test.advance(.hours(5))
                    busy.value = #expect(throws: Failure.self) { try fixture.build(in: other) }?.code
                }, at: "build.stage-published", time: 2)
            #expect(try fixture.build().build.state == .succeeded)
            #expect(busy.value == .busy)
        }
    }
}
