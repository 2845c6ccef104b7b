import FoundationEssentials
import Glibc
import Platform
import TestSupport
import Testing

/// The real program in a folder of its own, with recipes and pipelines to build.
struct CommandRunner {
    let folder: String
    private let variables: [String: String]

    init(folder: String, variables: [String: String] = [:]) {
        self.folder = folder
        self.variables = variables
    }

    struct Result {
        let status: Int32
        let bytes: [UInt8]
        let error: String
        var output: String { String(decoding: bytes, as: UTF8.self) }
        var lines: [Substring] { output.split(separator: "\n") }

        func json<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
            try JSONDecoder().decode(Value.self, from: Data(bytes))
        }
    }

    /// The program is built into the folder of the tests.
    static let program: String = {
        let own = (try? Files.linkTarget(bytes: Array("/proc/self/exe".utf8))) ?? []
        return Files.parent(of: String(decoding: own, as: UTF8.self)) + "/ingot"
    }()

    static let path = "/usr/local/bin:/usr/bin:/bin"

    /// Runs `body` with an empty folder as the working directory of the program.
    static func inFolder(variables: [String: String] = [:], _ body: (CommandRunner) throws -> Void) throws {
        try withTemporaryFolder { try body(CommandRunner(folder: $0, variables: variables)) }
    }

    /// As `inFolder`, with the recipe and the pipeline `small`.
    static func withSmall(_ body: (CommandRunner) throws -> Void) throws {
        try inFolder { ingot in
            try ingot.write("recipes/small.yaml", Self.recipe())
            try ingot.write("recipes/site/index.html", "hello\n")
            try ingot.write("pipelines/small.yaml", Self.pipeline)
            try body(ingot)
        }
    }

    /// - Parameter motd: the one line that tests change.
    static func recipe(motd: String = "welcome") -> String {
        """
        name: small
        description: a small tree
        version: 1.0.x
        parentImage: scratch
        sourceDate: 2026-01-01
        stages:
          - files:
              - write: {path: /etc/passwd, text: "root:x:0:0::/root:/bin/sh\\n"}
              - write: {path: /etc/secret, text: "s\\n", mode: 0640}
              - copy: {from: site, to: /srv/site}
              - symlink: {path: /etc/link, target: passwd}
          - files:
              - write: {path: /etc/motd, text: "\(motd)\\n"}
          - validate: {files: [{path: /etc/motd}]}
        tags: {Team: platform}

        """
    }

    static let pipeline = """
        name: small
        recipe: small
        region: us-east-1
        distribution:
          - {region: us-west-2}
        promotion: {channels: [dev, staging]}

        """

    func write(_ path: String, _ text: String) throws {
        let file = "\(folder)/\(path)"
        try Files.makeFolders(Files.parent(of: file))
        try Files.writeDurably(file, Array(text.utf8))
    }

    func read(_ path: String) throws -> [UInt8] { try Files.read("\(folder)/\(path)") }

    /// Runs the program to its end.
    func callAsFunction(_ words: String...) throws -> Result { try run(words) }

    func run(_ words: [String], variables more: [String: String] = [:]) throws -> Result {
        try shell("exec \"$0\" \"$@\" > .out 2> .err", words, variables: more)
    }

    /// Runs a script, in which `$0` is the program and `$@` the words. What it writes to `.out` and `.err` is the result.
    func shell(_ script: String, _ words: [String] = [], variables more: [String: String] = [:]) throws -> Result {
        let process = Subprocess(
            "/bin/sh", ["-c", script, Self.program] + words, environment: environment(more), workingFolder: folder,
            limits: Subprocess.Limits(time: 60_000_000_000))
        let status = try process.run(in: .system())
        let number: Int32 =
            switch status {
            case .exited(let status): status
            case .signalled(let signal): 128 + signal
            }
        return Result(
            status: number, bytes: (try? read(".out")) ?? [], error: String(decoding: (try? read(".err")) ?? [], as: UTF8.self))
    }

    func environment(_ more: [String: String] = [:]) -> [String: String] {
        ["PATH": Self.path, "USER": "tester", "LC_ALL": "C"].merging(variables) { $1 }.merging(more) { $1 }
    }
}
