import Cloud
import Crypto
import ImageStore
import Ledger
import Model
import Orchestration
import Pipeline
import Platform
import Recipes
import Stages
import TestSupport
import Testing

/// A home, and a folder with documents, under a clock and faults that the test decides.
struct Fixture: Sendable {
    let folder: String
    let test: TestEnvironment

    static func with(_ body: (Fixture) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let fixture = Fixture(folder: folder, test: TestEnvironment())
            for name in ["recipes/profiles", "pipelines"] { try Files.makeFolders("\(folder)/\(name)") }
            try body(fixture)
        }
    }

    var home: String { folder + "/home" }
    var documents: DocumentLibrary { DocumentLibrary(root: folder) }

    func workspace(home: String? = nil, holder: Holder = .process) throws(Failure) -> Workspace {
        try Workspace(
            home: home ?? self.home, environment: test.environment, holder: holder, variables: ["PROBE_TOKEN": Self.secret])
    }

    /// What the variable `PROBE_TOKEN` holds.
    static let secret = "correct-horse-battery"

    /// A process that can be declared dead: to all others of the test it is.
    static let victim = "victim"
    static let killed = Holder(name: victim, isDead: { _ in false })
    static let survivor = Holder(name: "survivor", isDead: { $0 == victim })

    // MARK: Documents

    func write(_ path: String, _ text: String, permissions: UInt32 = 0o644) throws {
        try Files.makeFolders(Files.parent(of: "\(folder)/\(path)"))
        try Files.writeDurably("\(folder)/\(path)", Array(text.utf8), permissions: permissions)
    }

    /// Writes a recipe; `stages` is the text of its list, `fields` more lines of the document.
    func recipe(
        _ stages: String, name: String = "web", version: String = "1.0.x", parent: String = "scratch", fields: String = ""
    ) throws {
        let list = stages.split(separator: "\n").map { "  \($0)\n" }.joined()
        try write(
            "recipes/\(name).yaml",
            "name: \(name)\nversion: \(version)\nparentImage: \(parent)\n\(fields)\n" + (stages.isEmpty ? "" : "stages:\n\(list)")
        )
    }

    func pipeline(_ fields: String = "", name: String = "nightly", recipe: String = "web", region: String = "us-east-1") throws {
        try write("pipelines/\(name).yaml", "name: \(name)\nrecipe: \(recipe)\nregion: \(region)\n\(fields)\n")
    }

    func document(_ name: String = "nightly") throws(Failure) -> PipelineDocument { try documents.pipeline(name) }

    // MARK: Building

    static let stages: [any Stage.Type] = [
        FilesStage.self, ScrubStage.self, ValidateStage.self, ScanStage.self, ProbeTestStage.self, ProbeStepStage.self,
    ]

    func builder(_ workspace: Workspace) -> Builder { Builder(workspace, documents: documents, stages: Self.stages) }

    @discardableResult
    func build(_ name: String = "nightly", in workspace: Workspace) throws(Failure) -> Builder.Outcome {
        try builder(workspace).build(try document(name))
    }

    /// Builds with a workspace of its own.
    @discardableResult
    func build(_ name: String = "nightly", holder: Holder = .process) throws(Failure) -> Builder.Outcome {
        try build(name, in: try workspace(holder: holder))
    }

    /// Three stages, each with one file.
    static let three = """
        - files: [{write: {path: /a, text: one}}]
        - files: [{write: {path: /b, text: two}}]
        - files: [{write: {path: /c, text: three}}]
        """

    func region(_ name: String = "us-east-1", of workspace: Workspace) throws(Failure) -> any Region {
        try workspace.plane.region(try RegionName(parsing: name))
    }

    func images(_ name: String = "us-east-1", of workspace: Workspace) throws(Failure) -> [ImageRecord] {
        try region(name, of: workspace).images(ImageFilter())
    }
}

extension Builder.Outcome {
    /// The names of the stages that ran.
    var ran: [String] { stages.compactMap { if case .ran = $0.outcome { $0.entry.name } else { nil } } }

    /// The reasons for which stages ran, by stage.
    var reasons: [String: [String]] {
        var reasons: [String: [String]] = [:]
        for stage in stages { if case .ran(let why) = stage.outcome { reasons[stage.entry.name] = why } }
        return reasons
    }

    var version: String? { sealed.image.release?.version.description }
}

/// The failure that `body` must end with.
@discardableResult
func failure(
    _ code: Failure.Code, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) -> Failure? {
    let failure = #expect(throws: Failure.self, sourceLocation: sourceLocation) { try body() }
    #expect(failure?.code == code, sourceLocation: sourceLocation)
    return failure
}

/// Every image is whole, nothing is half-done, and no process is thought to be at work.
func expectOrder(_ workspace: Workspace, sourceLocation: SourceLocation = #_sourceLocation) throws {
    for result in try Maintenance(workspace).check() {
        let (region, report) = (result.region, result.report)
        #expect(result.obstacle == nil, sourceLocation: sourceLocation)
        #expect(report.isSound, "\(region): \(report.findings)", sourceLocation: sourceLocation)
        let images = try workspace.plane.region(region).images(ImageFilter())
        #expect(images.allSatisfy { $0.state == .available }, "\(region)", sourceLocation: sourceLocation)
        let releases = images.compactMap(\.release)
        #expect(Set(releases).count == releases.count, "\(region)", sourceLocation: sourceLocation)
    }
    #expect(try workspace.ledger.unfinishedOperations().isEmpty, sourceLocation: sourceLocation)
    #expect(try workspace.ledger.runningBuilds().isEmpty, sourceLocation: sourceLocation)
}
