import Crypto
import ImageStore
import Model
import Pipeline
import Platform
import Recipes
import Stages
import TestSupport
import Testing

/// A store and a recipe's folder, to run stages in. Removed at the end of `with`.
struct StageFixture {
    let folder: String
    let store: ObjectStore
    let environment: Environment
    var services = StageServices.none

    /// The date of what stages write: 2026-01-01T00:00:00Z.
    static let date: Int64 = 1_767_225_600_000_000_000

    static func with<Result>(
        environment: Environment = .system(), _ body: (StageFixture) throws -> Result
    ) throws -> Result {
        try withTemporaryFolder { folder in
            for name in ["recipes", "tmp", "downloads", "profiles"] { try Files.makeFolders("\(folder)/\(name)") }
            let store = try ObjectStore("\(folder)/store", environment: environment)
            return try body(StageFixture(folder: folder, store: store, environment: environment))
        }
    }

    /// Writes a file beside the recipe.
    func write(_ name: String, _ text: String, permissions: UInt32 = 0o644) throws {
        let path = "\(folder)/recipes/\(name)"
        try Files.makeFolders(Files.parent(of: path))
        try Files.writeDurably(path, Array(text.utf8), permissions: permissions)
    }

    /// The stages of a recipe; `stages` is the text of its list.
    func decode(_ stages: String) throws(Failure) -> [StageEntry] {
        let lines = stages.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }.joined(separator: "\n")
        let text = "name: test\nversion: 1.0.x\nparentImage: scratch\nstages:\n\(lines)\n"
        return try Recipe(Array(text.utf8), file: "\(folder)/recipes/test.yaml", stages: StageRegistry.standard).stages
    }

    var inputs: InputContext {
        InputContext(
            baseFolder: "\(folder)/recipes", profilesFolder: "\(folder)/profiles", downloadsFolder: "\(folder)/downloads",
            environment: environment, services: services)
    }

    /// Runs all stages of the text on the tree and gives the new tree's digest with the reports.
    func run(
        _ stages: String, on root: Digest? = nil, declared: [StageInput]? = nil
    ) throws(Failure) -> (root: Digest, reports: [StageReport]) {
        var root = root
        var reports: [StageReport] = []
        let writer = try StoreWriter(store)
        var earlier: [StageEntry] = []
        var earlierReports: [String: StageReport] = [:]
        for entry in try decode(stages) {
            var inputs = self.inputs
            inputs.earlier = earlier
            earlier.append(entry)
            guard let stage = entry.stage as? any Stage else { throw Failure(.bug, "\(entry.name) cannot be run") }
            let editor = try TreeEditor(root: root, in: writer, date: Self.date)
            let stageInputs = if let declared { declared } else { try stage.inputs(inputs) }
            let context = StageContext(
                editor: editor, writer: writer, inputs: inputs, declaredInputs: stageInputs,
                architecture: "x86_64", date: Self.date, temporaryFolder: "\(folder)/tmp", earlierReports: earlierReports,
                progress: { _ in })
            let outcome = try stage.run(context)
            earlierReports[entry.name] = outcome.report
            root = if let tree = outcome.tree { tree } else { try editor.finish() }
            reports.append(outcome.report)
        }
        try writer.publish()
        guard let root else { throw Failure(.bug, "there was no stage") }
        return (root, reports)
    }

    /// The tree after all stages of the text.
    func tree(_ stages: String, on root: Digest? = nil) throws(Failure) -> any TreeView {
        try view(try run(stages, on: root).root)
    }

    func view(_ root: Digest) throws(Failure) -> any TreeView { try TreeEditor(root: root, in: try StoreWriter(store)) }
}

/// Runs `body`, which must fail, and gives its failure with all causes.
func failure(_ body: () throws -> Void) throws -> Failure {
    do { try body() } catch let error as Failure { return error }
    throw Failure(.bug, "it did not fail")
}
