import Components
import Crypto
import ImageStore
import Model
import Platform
import Sandbox
import TestSupport
import Testing

@Suite struct `Checkpoints of a component's steps` {
    private let text = EngineFixture.build(
        """
        - {name: A, action: ExecuteBash, inputs: {commands: [first]}}
        - {name: B, action: CreateFile, inputs: [{path: /etc/b, content: '{{ build.A.outputs.stdout }}'}]}
        - {name: C, action: ExecuteBash, inputs: {commands: [last]}}
        """)

    private let scripts: [ScriptedPrograms.Script] = [
        .init(expects: "first", output: ["one"], writes: ["/etc/a": "a"]), .init(expects: "last", writes: ["/etc/c": "c"]),
    ]

    /// Runs on a fresh copy of the same tree.
    private func run(
        _ text: String, _ checkpoints: MemoryCheckpoints, _ scripts: [ScriptedPrograms.Script], on first: EngineFixture? = nil,
        network: NetworkAccess = .none, parameters: [String: ParameterValue] = [:]
    ) throws -> EngineFixture {
        let fixture =
            try first.map { try EngineFixture(objects: $0.objects, programs: scripts) } ?? EngineFixture(programs: scripts)
        fixture.checkpoints = checkpoints
        fixture.network = network
        #expect(try fixture.run(text, parameters: parameters).status == .success)
        #expect(fixture.programs.left == 0)
        return fixture
    }

    @Test func `a run again starts no program, and gives the same tree and outputs`() throws {
        let checkpoints = MemoryCheckpoints()
        let first = try run(text, checkpoints, scripts)
        let second = try run(text, checkpoints, [], on: first)
        #expect(try second.editor.finish() == first.editor.finish())
        #expect(try second.text("/etc/b") == "one")
        #expect(second.console.count { $0.hasPrefix("cached: ExecuteBash") } == 2)
    }

    @Test func `an edited last step is the only one that runs`() throws {
        let checkpoints = MemoryCheckpoints()
        let first = try run(text, checkpoints, scripts)
        let edited = text.replacing("[last]", with: "[newer]")
        let second = try run(edited, checkpoints, [.init(expects: "newer")], on: first)
        #expect(try second.text("/etc/a") == "a")
        #expect(try second.text("/etc/c") == nil)
    }

    @Test func `the network is part of a step's key`() throws {
        let checkpoints = MemoryCheckpoints()
        let first = try run(text, checkpoints, scripts)
        _ = try run(text, checkpoints, scripts, on: first, network: .outgoing)
    }

    @Test func `a step that failed is not kept, and goes on from the one before`() throws {
        let checkpoints = MemoryCheckpoints()
        let first = try EngineFixture(programs: [scripts[0], .init(end: .exited(1))])
        first.checkpoints = checkpoints
        #expect(try first.run(text).status == .failed)
        #expect(checkpoints.recorded.count == 1)
        _ = try run(text, checkpoints, [scripts[1]], on: first)
    }

    @Test func `updates of packages are never taken from a checkpoint, and no file action is kept`() {
        for action in ActionRegistry.all {
            let isKept = action.needs.contains(.programs) && !action.needs.contains(.outside)
            #expect(isKept == ["ExecuteBash", "ExecuteBinary"].contains(action.name), "\(action.name)")
        }
    }

    @Test func `steps that hold a secret value are never kept`() throws {
        let secret = EngineFixture.build(
            """
            - {name: A, action: ExecuteBash, inputs: {commands: ['login {{ Token }}']}}
            - {name: B, action: ExecuteBash, inputs: {commands: ['use {{ build.A.outputs.stdout }}']}}
            - {name: C, action: ExecuteBash, inputs: {commands: [plain]}}
            """, header: "parameters: [{Token: {type: string}}]\n")
        let checkpoints = MemoryCheckpoints()
        let scripts: [ScriptedPrograms.Script] = [.init(output: ["derived"]), .init(expects: "derived"), .init(expects: "plain")]
        _ = try run(secret, checkpoints, scripts, parameters: ["Token": ParameterValue("hunter22", isSecret: true)])
        #expect(checkpoints.recorded.count == 1)
    }

    @Test func `a step whose output shows a secret value is not kept`() throws {
        let leaking = EngineFixture.build(
            "- {name: A, action: ExecuteBash, inputs: {commands: [cat /etc/token]}}",
            header: "parameters: [{Token: {type: string}}]\n")
        let checkpoints = MemoryCheckpoints()
        _ = try run(
            leaking, checkpoints, [.init(output: ["hunter22"])], parameters: ["Token": ParameterValue("hunter22", isSecret: true)]
        )
        #expect(checkpoints.recorded.isEmpty)
    }

    @Test func `each iteration of a loop is kept by itself, and starts of the machine are repeated`() throws {
        let looped = EngineFixture.build(
            "- {name: A, action: ExecuteBash, loop: {forEach: [a, b]}, inputs: {commands: ['do {{ loop.value }}']}}")
        let checkpoints = MemoryCheckpoints()
        let scripts: [ScriptedPrograms.Script] = [
            .init(end: .exited(194), writes: ["/etc/a": "1"]), .init(output: ["a"]), .init(expects: "do b", output: ["b"]),
        ]
        let first = try run(looped, checkpoints, scripts)
        #expect(checkpoints.recorded.map(\.reboot) == [.thenAgain, .none, .none])
        let second = try run(looped, checkpoints, [], on: first)
        #expect(second.console.contains { $0.contains("started anew (1 of") })
    }

    @Test func `a checkpoint's result survives as text`() throws {
        let key = SHA256.digest(of: "key")
        let checkpoint = ActionCheckpoint(key: key, tree: key, outputs: ["stdout": "a\n\u{0}b"], reboot: .thenNext)
        #expect(ActionCheckpoint(key: key, tree: key, result: try checkpoint.result()) == checkpoint)
        #expect(ActionCheckpoint(key: key, tree: key, result: "{}") == nil)
    }
}
