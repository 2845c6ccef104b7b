import Components
import Crypto
import ImageStore
import Model
import Platform
import Sandbox
import Synchronization
import TestSupport
import Testing

/// A tree, an engine on it, programs whose results are written down beforehand, and a clock that they move.
final class EngineFixture {
    let objects: MemoryObjects
    var editor: TreeEditor
    let programs: ScriptedPrograms
    let parameters = FixedParameters()
    let documents = FixedDocuments()
    let clock: SteppedClock
    let cancellation = Cancellation()
    var checkpoints: (any ActionCheckpoints)?
    var network = NetworkAccess.none
    var transfers = Transfers.system(variables: [:])
    var temporaryFolder = "/nonexistent"
    private(set) var events: [ComponentEvent] = []
    /// The run that was begun last.
    private(set) var run: ComponentRun?

    init(
        _ files: [String: String] = [:], objects: MemoryObjects = MemoryObjects(), programs: [ScriptedPrograms.Script] = []
    ) throws {
        self.objects = objects
        editor = try TreeEditor(root: nil, in: objects, date: 1_700_000_000_000_000_000)
        clock = SteppedClock()
        self.programs = ScriptedPrograms(programs, clock: clock)
        for folder in ["/etc", "/tmp", "/usr/bin"] as [TreePath] { try editor.makeDirectory(folder) }
        for (path, text) in files {
            let path = try TreePath(parsing: path)
            try editor.makeDirectory(path.parent)
            try editor.write(text, to: path)
        }
    }

    static func document(_ text: String, file: String = "doc.yaml") throws(Failure) -> ComponentDocument {
        try ComponentDocument(parsing: Array(text.utf8), file: file)
    }

    /// A document with one phase, `build`, that has these steps.
    static func build(_ steps: String, header: String = "") -> String {
        let lines = steps.split(separator: "\n", omittingEmptySubsequences: false)
        return "schemaVersion: 1.0\n\(header)phases:\n  - name: build\n    steps:\n"
            + lines.map { "      \($0)" }.joined(separator: "\n") + "\n"
    }

    func run(
        _ text: String, parameters: [String: ParameterValue] = [:], order: ComponentRun.Order = .byDocument(phases: nil)
    ) throws(Failure) -> ExecutionReport {
        try run([ComponentInvocation(try Self.document(text), parameters: parameters)], order: order)
    }

    func run(_ invocations: [ComponentInvocation], order: ComponentRun.Order) throws(Failure) -> ExecutionReport {
        events = []
        let run = try ComponentRun(invocations, context: context())
        self.run = run
        return try run.run(order)
    }

    private func context() -> ComponentContext {
        var environment = TestEnvironment().environment
        environment.uptime = { [clock] in clock.now }
        environment.cancellation = cancellation
        return ComponentContext(
            editor: editor, programs: programs, parameters: parameters, documents: documents, transfers: transfers,
            network: network, architecture: .x86, environment: environment, checkpoints: checkpoints,
            temporaryFolder: temporaryFolder,
            watch: { self.events.append($0) })
    }

    /// What was printed, and what the engine remarked.
    var console: [String] {
        events.compactMap { event in
            switch event {
            case .output(let line), .remark(let line): line
            default: nil
            }
        }
    }

    var failures: [FailureBlock] { events.compactMap { if case .failed(let block) = $0 { block } else { nil } } }

    func text(_ path: TreePath) throws -> String? { try editor.text(path) }
}

extension ExecutionReport {
    /// The step at `phase.step` of the first document that has it.
    func step(_ path: String) -> StepReport? {
        for document in documents {
            for phase in document.phases {
                if let step = phase.steps.first(where: { "\(phase.name).\($0.name)" == path }) { return step }
            }
        }
        return nil
    }

    var stepNames: [String] {
        documents.flatMap { $0.phases.flatMap { phase in phase.steps.map { "\(phase.name).\($0.name)" } } }
    }
}

/// A clock that stands still until a program moves it.
final class SteppedClock: Sendable {
    private let time = Mutex<UInt64>(1_000_000_000)

    var now: UInt64 { time.withLock { $0 } }

    func advance(seconds: UInt64) { time.withLock { $0 += seconds * 1_000_000_000 } }
}

/// Programs whose results are written down, in the order in which they are started.
final class ScriptedPrograms: ProgramRunner {
    struct Script {
        /// A piece of what is run: of the arguments, or of a script among the files.
        var expects = ""
        var output: [String] = []
        var errors: [String] = []
        var end = ProgramResult.End.exited(0)
        /// Files that the program writes.
        var writes: [String: String] = [:]
        /// How long it takes. A program that would take longer than it may is stopped.
        var seconds: UInt64 = 0
        var remarks: [String] = []
        /// Why the program could not be run at all.
        var failure: Failure?
    }

    private var scripts: [Script]
    private let clock: SteppedClock
    private(set) var started: [GuestProgram] = []
    var isAvailable = true
    /// Called when a program is started.
    var onRun: () -> Void = {}

    init(_ scripts: [Script], clock: SteppedClock) {
        self.scripts = scripts
        self.clock = clock
    }

    /// Those that were not started.
    var left: Int { scripts.count }

    func checkAvailable() throws(Failure) {
        if !isAvailable { throw Failure(.unavailable, "programs cannot be run here", hint: "install bubblewrap") }
    }

    func run(
        _ program: GuestProgram, on editor: TreeEditor, onLine: (Subprocess.Stream, [UInt8]) -> Void
    ) throws(Failure) -> ProgramResult {
        started.append(program)
        let text = Self.text(of: program)
        guard !scripts.isEmpty else { throw Failure(.bug, "nothing is written down for the program: \(text)") }
        let script = scripts.removeFirst()
        guard script.expects.isEmpty || text.contains(script.expects) else {
            throw Failure(.bug, "the program is not '\(script.expects)': \(text)")
        }
        onRun()
        if let failure = script.failure { throw failure }
        for line in script.output { onLine(.output, Array(line.utf8)) }
        for line in script.errors { onLine(.error, Array(line.utf8)) }
        if let limit = program.limits.time, script.seconds * 1_000_000_000 > limit {
            clock.advance(seconds: limit / 1_000_000_000)
            return ProgramResult(end: .stopped(limit: "the time limit of \(limit / 1_000_000_000) s"))
        }
        clock.advance(seconds: script.seconds)
        for (path, text) in script.writes { try editor.write(text, to: try TreePath(parsing: path)) }
        return ProgramResult(end: script.end, remarks: script.remarks)
    }

    static func text(of program: GuestProgram) -> String {
        (program.arguments + program.files.values.map { String(decoding: $0, as: UTF8.self) }).joined(separator: " ")
    }
}

final class FixedParameters: ParameterSource {
    var values: [String: StoredParameter] = [:]
    private(set) var asked: [String] = []

    func parameter(_ name: String) throws(Failure) -> StoredParameter? {
        asked.append(name)
        return values[name]
    }
}

final class FixedDocuments: DocumentSource {
    var texts: [String: String] = [:]

    func document(_ call: DocumentCall, from file: String) throws(Failure) -> [UInt8] {
        guard let text = texts[call.document] else { throw Failure(.notFound, "there is no document \(call.document)") }
        return Array(text.utf8)
    }
}

final class MemoryCheckpoints: ActionCheckpoints {
    private var kept: [Digest: ActionCheckpoint] = [:]
    private(set) var recorded: [ActionCheckpoint] = []

    func checkpoint(for key: Digest) throws(Failure) -> ActionCheckpoint? { kept[key] }

    func record(_ checkpoint: ActionCheckpoint) throws(Failure) {
        kept[checkpoint.key] = checkpoint
        recorded.append(checkpoint)
    }
}
