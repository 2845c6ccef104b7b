import Crypto
import Ledger
import Model
import SQLite
import Testing

@Suite("the ledger's builds and checkpoints")
struct LedgerBuildTests {
    @Test("builds are numbered within their pipeline, and end once")
    func builds() throws {
        try withLedger { ledger, path in
            let first = try ledger.startBuild(pipeline: name("web-nightly"), recipe: name("web"), source: digest("s"), at: noon)
            let other = try ledger.startBuild(pipeline: name("database"), recipe: name("database"), source: nil, at: noon)
            let second = try ledger.startBuild(pipeline: name("web-nightly"), recipe: name("web"), source: nil, at: noon)
            #expect([first.number, other.number, second.number] == [1, 1, 2])
            #expect(first.state == .running && first.source == digest("s"))
            let image = ImageID(random: [1, 2, 3, 4, 5, 6, 7, 8])
            let end = noon.adding(seconds: 60)
            let done = try ledger.finishBuild(first.id, .succeeded(image: image, root: digest("r")), at: end)
            #expect(done.state == .succeeded && done.image == image && done.root == digest("r") && done.finished == end)
            #expect(failure { _ = try ledger.finishBuild(first.id, .cancelled, at: end) }?.code == .conflict)
            let failed = try ledger.finishBuild(other.id, .failed("no mirror"), at: end)
            #expect(failed.state == .failed && failed.error == "no mirror")
            let again = try Ledger(path: path, readOnly: true)
            #expect(try again.runningBuilds().map(\.id) == [second.id])
            #expect(try again.build(first.id) == done)
            #expect(try again.builds().map(\.id) == [second.id, other.id, first.id])
            #expect(try again.builds(pipeline: name("web-nightly"), limit: 1).map(\.id) == [second.id])
            #expect(failure { _ = try again.build(BuildID(99)) }?.code == .notFound)
            #expect(try BuildID(parsing: "42").number == 42)
            #expect(failure { _ = try BuildID(parsing: "042") }?.code == .invalid)
        }
    }

    @Test("steps are listed in the recipe's order, and a resumed one replaces the one that failed")
    func steps() throws {
        try withLedger { ledger, _ in
            let build = try ledger.startBuild(pipeline: name("web"), recipe: name("web"), source: nil, at: noon)
            let scrub = StepRecord(
                position: 1, entry: "scrub", key: digest("k1"), outcome: .failed, reason: "no checkpoint", tree: nil, duration: 5)
            let files = StepRecord(
                position: 0, entry: "files", key: digest("k0"), outcome: .hit, reason: "unchanged", tree: digest("t"), duration: 1
            )
            try ledger.recordStep(scrub, of: build.id, at: noon)
            try ledger.recordStep(files, of: build.id, at: noon)
            #expect(try ledger.steps(of: build.id) == [files, scrub])
            var resumed = scrub
            (resumed.outcome, resumed.tree) = (.ran, digest("u"))
            try ledger.recordStep(resumed, of: build.id, at: noon)
            #expect(try ledger.steps(of: build.id) == [files, resumed])
            #expect(failure { try ledger.recordStep(files, of: BuildID(99), at: noon) } != nil)
        }
    }

    @Test("a checkpoint is found by its key, and as the last that an entry used")
    func checkpoints() throws {
        try withLedger { ledger, _ in
            let (one, two) = (checkpoint("one"), checkpoint("two"))
            try ledger.recordCheckpoint(one, recipe: "web", entry: "scrub")
            try ledger.recordCheckpoint(two, recipe: "web", entry: "scrub")
            #expect(try ledger.checkpoint(for: one.key) == one)
            #expect(try ledger.checkpoint(for: digest("other")) == nil)
            #expect(try ledger.latestCheckpoint(recipe: "web", entry: "scrub") == two)
            #expect(try ledger.latestCheckpoint(recipe: "web", entry: "files") == nil)
            try ledger.touchCheckpoint(one.key, recipe: "web", entry: "scrub", at: noon)
            #expect(try ledger.latestCheckpoint(recipe: "web", entry: "scrub") == one)
            #expect(try ledger.checkpointTrees() == [one.tree, two.tree])
            var replaced = one
            (replaced.tree, replaced.created) = (digest("better"), noon.adding(seconds: 9))
            try ledger.recordCheckpoint(replaced, recipe: "web", entry: "scrub")
            #expect(try ledger.checkpoint(for: one.key) == replaced)
        }
    }

    @Test("using a checkpoint again within the hour writes nothing, and later moves its last use")
    func touch() throws {
        try withLedger { ledger, path in
            let one = checkpoint("one")
            try ledger.recordCheckpoint(one, recipe: "web", entry: "scrub")
            // A reader would be refused a write.
            let soon = noon.adding(seconds: 3599)
            try Ledger(path: path, readOnly: true).touchCheckpoint(one.key, recipe: "web", entry: "scrub", at: soon)
            let later = noon.adding(seconds: 3600)
            try ledger.touchCheckpoint(one.key, recipe: "web", entry: "scrub", at: later)
            #expect(try ledger.checkpoint(for: one.key)?.lastUsed == later)
            try ledger.touchCheckpoint(digest("unknown"), recipe: "web", entry: "scrub", at: later)
            #expect(try ledger.latestCheckpoint(recipe: "web", entry: "scrub")?.key == one.key)
        }
    }

    @Test("forgotten checkpoints are gone, those used since are kept")
    func forget() throws {
        try withLedger { ledger, _ in
            for text in ["one", "two", "three"] {
                try ledger.recordCheckpoint(checkpoint(text), recipe: "web", entry: text)
            }
            let later = noon.adding(seconds: 86_400)
            try ledger.touchCheckpoint(digest("two"), recipe: "web", entry: "two", at: later)
            #expect(try ledger.forgetCheckpoints(unusedSince: later, at: later) == 2)
            #expect(try ledger.checkpointTrees() == [checkpoint("two").tree])
            #expect(try ledger.latestCheckpoint(recipe: "web", entry: "one") == nil)
            #expect(try ledger.events(EventFilter(kinds: [.checkpointForgotten])).count == 2)
        }
    }

    private func checkpoint(_ text: String) -> CheckpointRecord {
        CheckpointRecord(
            key: digest(text), tree: digest("tree of \(text)"), stage: "scrub", report: #"{"summary":"x"}"#, inputs: "{}",
            duration: 7, created: noon, lastUsed: noon)
    }
}
