import Components
import ImageStore
import Model
import Platform
import Sandbox
import TestSupport
import Testing

/// A small tree, and actions run on it without an engine.
final class ActionFixture {
    static let date: Int64 = 1_700_000_000_000_000_000

    let objects = MemoryObjects()
    let editor: TreeEditor
    let programs: any ProgramRunner
    let environment: Environment
    private(set) var printed: [String] = []

    init(programs: any ProgramRunner = NoPrograms(), environment: Environment = TestEnvironment().environment) throws {
        editor = try TreeEditor(root: nil, in: objects, date: Self.date)
        self.programs = programs
        self.environment = environment
        for folder in ["/etc", "/tmp", "/usr/sbin", "/src"] as [TreePath] { try editor.makeDirectory(folder) }
        try editor.write(
            "root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1::/:/bin/false\nwww:x:33:34::/var/www:/bin/false\n", to: "/etc/passwd")
        try editor.write("root:x:0:\nadm:x:4:\nwww:x:34:\n", to: "/etc/group")
    }

    @discardableResult
    func run(_ action: any Action.Type, _ fields: [String: String]) throws(Failure) -> [String: String] {
        try run(action, values: fields.mapValues { .text($0) })
    }

    @discardableResult
    func run(_ action: any Action.Type, values: [String: ActionInputs.Value]) throws(Failure) -> [String: String] {
        let context = ActionContext(
            editor: editor, programs: programs, timeLeft: nil, network: .none, environment: environment,
            transfers: .system(variables: [:]), temporaryFolder: "/nonexistent", print: { self.printed.append($0) })
        return try action.run(ActionInputs(values), context).outputs
    }

    /// The failure of an action that must fail.
    func failure(_ action: any Action.Type, _ fields: [String: String]) throws -> Failure {
        try #require(throws: Failure.self) { try self.run(action, fields) }
    }

    static func action(_ name: String) throws -> any Action.Type {
        try #require(ActionRegistry.all.first { $0.name == name })
    }

    // MARK: The tree

    func put(_ path: TreePath, _ kind: Node.Kind, mode: UInt16 = 0o644) throws {
        try editor.put(Node(Metadata(mode: mode, modified: 1), kind), at: path)
    }

    func link(_ path: TreePath, to target: String) throws {
        try put(path, .symlink(target: Array(target.utf8)), mode: 0o777)
    }

    func file(_ path: TreePath, _ text: String = "text", mode: UInt16 = 0o644, uid: UInt32 = 0, gid: UInt32 = 0) throws {
        try editor.makeDirectory(path.parent)
        try editor.write(text, to: path, metadata: Metadata(mode: mode, uid: uid, gid: gid, modified: 1))
    }

    func text(_ path: TreePath) throws -> String? { try editor.text(path) }

    func metadata(_ path: TreePath) throws -> Metadata? { try editor.node(at: path)?.metadata }

    func mode(_ path: TreePath) throws -> UInt16? { try metadata(path)?.mode }

    func target(_ path: TreePath) throws -> String? {
        guard case .symlink(let target)? = try editor.node(at: path)?.kind else { return nil }
        return String(decoding: target, as: UTF8.self)
    }
}

/// For actions that start nothing.
final class NoPrograms: ProgramRunner {
    func checkAvailable() throws(Failure) {}

    func run(
        _ program: GuestProgram, on editor: TreeEditor, onLine: (Subprocess.Stream, [UInt8]) -> Void
    ) throws(Failure) -> ProgramResult {
        throw Failure(.bug, "\(program.arguments) was started")
    }
}
