import Guest
import ImageStore
import Model
import Platform
import Testing

/// Programs of the host that know better than we do.
enum Host {
    static let hasDpkg = Files.exists("/usr/bin/dpkg") && Files.exists("/usr/bin/dpkg-deb")
    static let hasPatch = Files.exists("/usr/bin/patch") && Files.exists("/usr/bin/diff")
    static let dpkgMissing: Comment = "needs dpkg and dpkg-deb in /usr/bin: apt-get install dpkg"
    static let patchMissing: Comment = "needs GNU patch and diff in /usr/bin: apt-get install patch diffutils"

    /// Runs a shell script; its output, standard error included.
    @discardableResult
    static func shell(_ script: String, input: String = "") throws -> (output: String, isSuccess: Bool) {
        var lines: [String] = []
        let environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"]
        let status = try Subprocess("/bin/sh", ["-c", script], environment: environment, input: Array(input.utf8)).run(
            in: .system()
        ) {
            lines.append(String(decoding: $1, as: UTF8.self))
        }
        return (lines.joined(separator: "\n"), status.isSuccess)
    }

    /// Writes a tree into a folder: files, folders, links, modes. For tests as any user, so owners are left out.
    static func export(_ view: any TreeView, to folder: String) throws {
        var script = ""
        var failed: (any Error)?
        try view.walk { (path, node) throws(Failure) in
            let target = path.isRoot ? folder : folder + path.description
            do {
                switch node.kind {
                case .directory: try Files.makeFolders(target)
                case .symlink(let to): script += "ln -s '\(String(decoding: to, as: UTF8.self))' '\(target)'\n"
                case .hardLink(let file): script += "ln '\(folder)\(file)' '\(target)'\n"
                default: try FileDescriptor.open(target, .create).write(try view.read(path) ?? [])
                }
            } catch { failed = error }
            if !node.isSymlink { script += "chmod \(String(node.metadata.mode, radix: 8)) '\(target)'\n" }
            return failed == nil
        }
        if let failed { throw failed }
        try shell(script)
    }
}

/// A tree of files given by path and text.
func makeTree(_ files: [String: String], in objects: any ObjectWriter) throws(Failure) -> TreeEditor {
    let editor = try TreeEditor(root: nil, in: objects, date: 1_700_000_000_000_000_000)
    for (path, text) in files.sorted(by: { $0.key < $1.key }) {
        let path = try TreePath(parsing: path)
        try editor.makeDirectory(path.parent)
        try editor.write(text, to: path)
    }
    return editor
}

/// Runs `body`, which must fail, and gives its failure.
func failure(of body: () throws -> Void) throws -> Failure {
    do { try body() } catch let error as Failure { return error }
    throw Failure(.bug, "it did not fail")
}

/// Numbers that are the same in every run.
struct Numbers {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 2 &+ 1 }

    mutating func next(_ limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(limit))
    }
}
