import Cloud
import Ledger
import Model
import Orchestration
import Pipeline
import Platform
import Recipes
import Synchronization

/// The workspace and its documents, and the builds that clients started. One thread of the server runs them, one after another.
package final class Workshop: Sendable {
    let workspace: Workspace
    let documents: DocumentLibrary
    let stages: [any Stage.Type]
    private let executions = Mutex<[Execution]>([])
    /// Held by whoever makes, changes or removes documents.
    let editing = Mutex<Void>(())

    /// One that a client asked for.
    struct Execution: Sendable {
        let pipeline: ResourceName
        /// Of the client.
        let token: String
        let recipe: ResourceName
        let region: RegionName
        /// The one that the build is going to make, as far as can be known.
        let version: ImageVersion
        let began: Instant
        var state: State
        /// How often its pipeline was being built by others. Who waited less often goes first.
        var turns = 0

        enum State: Sendable, Hashable {
            case waiting
            case running
            case made(ImageID)
            case ended(isFailure: Bool, reason: String)
        }
    }

    /// So many are remembered after their end.
    private static let remembered = 1000
    private static let pause: UInt64 = 100_000_000

    package init(_ workspace: Workspace, documents: DocumentLibrary, stages: [any Stage.Type]) {
        self.workspace = workspace
        self.documents = documents
        self.stages = stages
    }

    // MARK: Starting

    /// Enters a build, and returns what is to be told of it. The same token again is the same build.
    func start(_ pipeline: PipelineDocument, token: String) throws(APIError) -> Execution {
        let version = try asking { () throws(Failure) in
            let recipe = try documents.recipe(pipeline.recipeReference, stages: stages)
            return try recipe.version.next(after: try workspace.plane.makeRegion(pipeline.region).versions(of: recipe.name))
        }
        let new = Execution(
            pipeline: pipeline.name, token: token, recipe: pipeline.recipe, region: pipeline.region, version: version,
            began: workspace.now, state: .waiting)
        return try executions.withLock { (executions) throws(APIError) in
            if let known = executions.last(where: { $0.token == token }) {
                guard known.pipeline == pipeline.name else {
                    throw APIError("IdempotentParameterMismatchException", "The client token was used for another request.")
                }
                return known
            }
            if executions.contains(where: { $0.pipeline == pipeline.name && $0.isOpen }) {
                throw APIError("ResourceInUseException", "An execution of the pipeline \(pipeline.name) is under way.")
            }
            executions.append(new)
            if executions.count > Self.remembered, let oldest = executions.firstIndex(where: { !$0.isOpen }) {
                executions.remove(at: oldest)
            }
            return new
        }
    }

    /// What is known of the builds of a recipe's version, the latest at last.
    func executions(of recipe: ResourceName, in region: RegionName) -> [Execution] {
        executions.withLock { $0.filter { $0.recipe == recipe && $0.region == region } }
    }

    func isExecuting(_ pipeline: ResourceName) -> Bool {
        executions.withLock { $0.contains { $0.pipeline == pipeline && $0.isOpen } }
    }

    // MARK: Building

    /// Builds what is started, until cancelled. What has not begun by then is dropped.
    package func run() {
        let cancellation = workspace.environment.cancellation
        while !cancellation.isCancelled {
            guard let next = take() else {
                workspace.environment.wait(Self.pause)
                continue
            }
            let state = build(next)
            set(next, state)
            if state == .waiting { workspace.environment.wait(Self.pause) }
        }
    }

    private func take() -> Execution? {
        executions.withLock { executions in
            let waiting = executions.indices.filter { executions[$0].state == .waiting }
            guard let index = waiting.min(by: { executions[$0].turns < executions[$1].turns }) else { return nil }
            executions[index].state = .running
            return executions[index]
        }
    }

    private func set(_ execution: Execution, _ state: Execution.State) {
        executions.withLock { executions in
            guard let index = executions.firstIndex(where: { $0.token == execution.token }) else { return }
            executions[index].state = state
            // Behind all others, whose pipelines may be free.
            if state == .waiting { executions[index].turns = (executions.map(\.turns).max() ?? 0) + 1 }
        }
    }

    private func build(_ execution: Execution) -> Execution.State {
        do throws(Failure) {
            let pipeline = try documents.pipeline(execution.pipeline.description)
            let outcome = try Builder(workspace, documents: documents, stages: stages).build(pipeline)
            let image = outcome.sealed.image
            return outcome.sealed.isNew
                ? .made(image.id) : .ended(isFailure: false, reason: "Nothing changed: \(image.id) is the newest image.")
        } catch {
            // A schedule or a command builds it now: this one comes after.
            if error.code == .busy { return .waiting }
            return .ended(isFailure: true, reason: error.chain.joined(separator: ": "))
        }
    }
}

extension Workshop.Execution {
    var isOpen: Bool { state == .waiting || state == .running }
}
