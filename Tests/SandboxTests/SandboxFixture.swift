import Crypto
import Glibc
import ImageStore
import Model
import Platform
import Sandbox
import TestSupport
import Testing

/// A small image in memory, whose programs are those of busybox, and a sandbox for it.
final class SandboxFixture {
    let editor: TreeEditor
    let sandbox: Sandbox
    let folder: String
    let date: Int64 = 1_700_000_000_000_000_000

    static let busybox = ["/bin/busybox", "/usr/bin/busybox"].first { Files.exists($0) }

    /// Nil where programs can be run; otherwise why not.
    static let obstacle: String? = {
        do throws(Failure) { try Sandbox.checkAvailable() } catch { return error.chain.joined(separator: ": ") }
        return busybox == nil ? "needs busybox: apt-get install busybox-static" : nil
    }()
    static var isAvailable: Bool { obstacle == nil }

    private static let applets = [
        "sh", "ls", "cat", "echo", "rm", "mkdir", "chmod", "chown", "ln", "stat", "id", "mount", "sleep", "mknod", "touch", "mv",
        "dd", "find", "ps", "kill", "setsid", "env", "true", "false", "wget", "ip", "head", "yes", "tr", "readlink", "mkfifo",
        "grep",
        "nslookup", "hostname", "wc", "truncate", "ulimit", "nc", "od", "unshare", "tty", "cp",
        "umount", "usleep", "sync",
    ]

    init(
        in folder: String, objects: MemoryObjects = MemoryObjects(), environment: Environment = .system(), walls: Walls = .all
    ) throws {
        self.folder = folder
        editor = try TreeEditor(root: nil, in: objects, date: date)
        for path in ["/bin", "/etc", "/dev", "/proc", "/run", "/sys", "/tmp", "/root", "/usr/bin"] as [TreePath] {
            try editor.makeDirectory(path)
        }
        try editor.updateMetadata("/tmp") { $0.mode = 0o1777 }
        let program = try Files.read(try #require(Self.busybox))
        try editor.write(program, to: "/bin/busybox", metadata: Metadata(mode: 0o755, modified: date))
        for name in Self.applets {
            let link = TreePath.root.appending(try #require(Name("bin"))).appending(try #require(Name(name)))
            try editor.put(Node(Metadata(mode: 0o777, modified: date), .symlink(target: Array("busybox".utf8))), at: link)
        }
        try editor.write("root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000::/:/bin/sh\n", to: "/etc/passwd")
        try editor.write("old\n", to: "/etc/file")
        let images = try TreeImageCache("\(folder)/images", environment: environment)
        sandbox = Sandbox(folder: "\(folder)/sandbox", images: images, environment: environment, walls: walls)
    }

    /// Runs a script with the image's shell and gives what it printed, errors among it.
    @discardableResult
    func run(_ script: String, _ change: (inout GuestProgram) -> Void = { _ in }) throws -> (result: ProgramResult, text: String)
    {
        var program = GuestProgram(["/bin/sh", "-c", script])
        change(&program)
        var lines: [String] = []
        do throws(Failure) {
            let result = try sandbox.run(program, on: editor) { _, line in lines.append(String(decoding: line, as: UTF8.self)) }
            return (result, lines.joined(separator: "\n"))
        } catch {
            throw SandboxFailed(code: error.code, text: error.chain.joined(separator: ": "))
        }
    }

    /// Puts a program of the host into the image, with its libraries.
    func addProgram(_ path: String) throws {
        let libraries = try Shell.run("ldd \(path)", in: "/").split(whereSeparator: \.isWhitespace).filter { $0.hasPrefix("/") }
        for file in libraries.map(String.init) + [path] {
            let target = try TreePath(parsing: file)
            try editor.makeDirectory(target.parent)
            try editor.write(try Files.read(file), to: target, metadata: Metadata(mode: 0o755, modified: date))
        }
    }

    func text(_ path: TreePath) throws -> String? { try editor.text(path) }
}

/// A failure with all its causes, as tests show it.
struct SandboxFailed: Error {
    let code: Failure.Code
    let text: String
}

/// Runs `body` with a fixture that is closed afterwards.
func withSandbox<Result>(
    environment: Environment = .system(), walls: Walls = .all, _ body: (SandboxFixture) throws -> Result
) throws -> Result {
    try withTemporaryFolder { folder in
        let fixture = try SandboxFixture(in: folder, environment: environment, walls: walls)
        defer { fixture.sandbox.close() }
        return try body(fixture)
    }
}
