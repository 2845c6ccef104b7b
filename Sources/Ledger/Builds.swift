import Crypto
import Model
import Records
import SQLite

extension Ledger {
    /// Records that a build runs, and gives it its id and its number. `steps` are those that are done already.
    package func startBuild(
        pipeline: ResourceName, recipe: ResourceName, source: Digest?, steps: [StepRecord] = [], at now: Instant,
        under lease: LeaseRecord? = nil
    ) throws(Failure) -> BuildRecord {
        try change("record the start of a build of \(pipeline)", under: lease) { session in
            try session.startBuild(pipeline, recipe, source, steps, at: now)
        }
    }

    /// Records a whole build at once, as when all its steps were cached and nothing changed.
    package func recordBuild(
        pipeline: ResourceName, recipe: ResourceName, source: Digest?, started: Instant, steps: [StepRecord],
        result: BuildResult, at now: Instant, under lease: LeaseRecord? = nil
    ) throws(Failure) -> BuildRecord {
        try change("record a build of \(pipeline)", under: lease) { session in
            let build = try session.startBuild(pipeline, recipe, source, steps, at: started)
            return try session.finishBuild(build.id, result, at: now)
        }
    }

    /// Records how a build ended; `Failure(.conflict)` when it has ended already.
    package func finishBuild(
        _ id: BuildID, _ result: BuildResult, at now: Instant, under lease: LeaseRecord? = nil
    ) throws(Failure) -> BuildRecord {
        try change("record the end of the build \(id)", under: lease) { session in
            try session.finishBuild(id, result, at: now)
        }
    }

    /// Records a step; one of the same position replaces it, as when a build is resumed.
    package func recordStep(
        _ step: StepRecord, of build: BuildID, at now: Instant, under lease: LeaseRecord? = nil
    ) throws(Failure) {
        try change("record a step of the build \(build)", under: lease) { session in
            try session.recordStep(step, of: build, at: now)
        }
    }

    /// `Failure(.notFound)` where there is none.
    package func build(_ id: BuildID) throws(Failure) -> BuildRecord {
        try database.read("look up the build \(id)") { try $0.build(id) }
    }

    /// The newest first.
    package func builds(pipeline: ResourceName? = nil, limit: Int? = nil) throws(Failure) -> [BuildRecord] {
        try database.read("list the builds") { session in
            guard let pipeline else {
                return try session.builds("SELECT * FROM builds ORDER BY id DESC LIMIT ?", limit ?? -1)
            }
            return try session.builds(
                "SELECT * FROM builds WHERE pipeline = ? ORDER BY number DESC LIMIT ?", pipeline, limit ?? -1)
        }
    }

    /// Builds that neither ended nor were seen to end: they run now, or were killed.
    package func runningBuilds() throws(Failure) -> [BuildRecord] {
        try database.read("list the running builds") { session in
            try session.builds("SELECT * FROM builds WHERE state = 'running' ORDER BY id")
        }
    }

    /// In the order of the recipe.
    package func steps(of build: BuildID) throws(Failure) -> [StepRecord] {
        try database.read("list the steps of the build \(build)") { session in
            try session.rows("SELECT * FROM steps WHERE build = ? ORDER BY position", build.number) { row in
                StepRecord(
                    position: try row.int("position"), entry: try row.text("entry"), key: try row.digestIfPresent("key"),
                    outcome: try row.named("outcome"), reason: try row.text("reason"), tree: try row.digestIfPresent("tree"),
                    duration: try row.integer("duration"))
            }
        }
    }
}

/// The columns of a result.
private struct End {
    var state: BuildState
    var error: String?
    var image: ImageID?
    var root: Digest?

    init(_ result: BuildResult) {
        switch result {
        case .succeeded(let image, let root): (state, self.image, self.root) = (.succeeded, image, root)
        case .unchanged(let image, let root): (state, self.image, self.root) = (.unchanged, image, root)
        case .failed(let error): (state, self.error) = (.failed, error)
        case .cancelled: state = .cancelled
        }
    }
}

// Changes of one build, within a transaction.
extension Session {
    fileprivate func startBuild(
        _ pipeline: ResourceName, _ recipe: ResourceName, _ source: Digest?, _ steps: [StepRecord], at now: Instant
    ) throws -> BuildRecord {
        try run(
            """
            INSERT INTO builds (pipeline, recipe, number, state, source, started)
            VALUES (?1, ?2, (SELECT coalesce(max(number), 0) + 1 FROM builds WHERE pipeline = ?1), 'running', ?3, ?4)
            """,
            pipeline, recipe, source, now)
        let build = try build(BuildID(lastInsertedRow))
        try append(
            .buildStarted, subject: build.id.description,
            detail: ["pipeline": pipeline.description, "recipe": recipe.description, "number": String(build.number)], at: now)
        for step in steps { try recordStep(step, of: build.id, at: now) }
        return build
    }

    fileprivate func recordStep(_ step: StepRecord, of build: BuildID, at now: Instant) throws {
        try run(
            "INSERT OR REPLACE INTO steps VALUES (?, ?, ?, ?, ?, ?, ?, ?)", build.number, step.position, step.entry, step.key,
            step.outcome.rawValue, step.reason, step.tree, step.duration)
        try append(
            .stepFinished, subject: build.description,
            detail: [
                "entry": step.entry, "outcome": step.outcome.rawValue, "reason": step.reason, "tree": step.tree?.hex,
            ], at: now)
    }

    fileprivate func finishBuild(_ id: BuildID, _ result: BuildResult, at now: Instant) throws -> BuildRecord {
        let before = try build(id)
        guard before.state == .running else {
            throw Failure(.conflict, "the build \(id) has ended already: \(before.state)")
        }
        let end = End(result)
        try run(
            "UPDATE builds SET state = ?, finished = ?, error = ?, image = ?, root = ? WHERE id = ?", end.state.rawValue, now,
            end.error, end.image, end.root, id.number)
        try append(
            .buildFinished, subject: id.description,
            detail: [
                "state": end.state.rawValue, "error": end.error, "image": end.image?.description, "root": end.root?.hex,
            ], at: now)
        return try build(id)
    }
}

extension Session {
    fileprivate func build(_ id: BuildID) throws -> BuildRecord {
        guard let build = try builds("SELECT * FROM builds WHERE id = ?", id.number).first else {
            throw Failure(.notFound, "there is no build \(id)")
        }
        return build
    }

    fileprivate func builds(_ sql: String, _ values: (any Bindable)...) throws -> [BuildRecord] {
        try rows(sql, values) { row in
            BuildRecord(
                id: BuildID(try row.integer("id")), pipeline: try row.parsed("pipeline"), recipe: try row.parsed("recipe"),
                number: try row.int("number"), state: try row.named("state"), source: try row.digestIfPresent("source"),
                started: try row.instant("started"), finished: try row.instantIfPresent("finished"),
                error: try row.textIfPresent("error"), image: try row.parsedIfPresent("image"),
                root: try row.digestIfPresent("root"))
        }
    }
}
