import ImageStore
import Model

/// Finds what a program needs in the image before anything is started, so that what is missing is named.
struct ProgramLookup {
    let editor: any TreeView

    /// Throws `.unavailable` where the program is not in the image or may not be executed, `.notFound` where its folder is missing.
    func check(_ program: GuestProgram, searchPath: String) throws(Failure) {
        guard let name = program.arguments.first, !name.isEmpty else {
            throw Failure(.invalid, "a program to be run has no name")
        }
        for text in program.arguments where text.utf8.contains(0) { throw Failure(.invalid, "an argument of \(name) has a NUL") }
        for (key, value) in program.environment where key.isEmpty || (key + value).utf8.contains(0) || key.contains("=") {
            throw Failure(.invalid, "the environment of \(name) has a variable '\(key)', which is none")
        }
        try checkFolder(program.workingFolder, name)
        if program.files[name] != nil { return }
        if name.contains("/") {
            guard try isExecutable(name.hasPrefix("/") ? name : "\(program.workingFolder)/\(name)") else {
                throw Failure(.unavailable, "\(name) is not in the image, or not executable")
            }
            return
        }
        for folder in searchPath.split(separator: ":") where try isExecutable("\(folder)/\(name)") { return }
        throw Failure(.unavailable, "\(name) is not in the image: looked in \(searchPath)")
    }

    /// Directories that the sandbox mounts something on must be what they seem, or be missing.
    func checkMountPoints() throws(Failure) {
        for path in Self.mountPoints {
            guard let node = try editor.node(at: path), !node.isDirectory else { continue }
            throw Failure(.invalid, "\(path) of the image is no directory, so no program can be run in it")
        }
    }

    static let mountPoints: [TreePath] = ["/dev", "/proc", "/run", "/sys"]

    /// The file that programs in the image ask for name servers, links followed; nil where no file can be put there.
    func resolverFile() throws(Failure) -> TreePath? {
        guard let path = try? editor.resolve("/etc/resolv.conf") else { return nil }
        if path.isWithin("/dev") || path.isWithin("/proc") || path.isWithin("/sys") { return nil }
        if let node = try editor.node(at: path), node.isDirectory { return nil }
        return path
    }

    private func checkFolder(_ folder: String, _ name: String) throws(Failure) {
        guard folder.hasPrefix("/"), !folder.utf8.contains(0) else {
            throw Failure(.invalid, "the working folder '\(folder)' of \(name) is no path from the root of the image on")
        }
        // What is mounted over the image is looked at by the kernel alone.
        let path = try Self.path(folder, editor)
        if Self.mountPoints.contains(where: { path.isWithin($0) }) || path.isRoot { return }
        guard try editor.resolvedNode(path)?.isDirectory == true else {
            throw Failure(.notFound, "the working folder \(folder) of \(name) does not exist in the image")
        }
    }

    func isExecutable(_ text: String) throws(Failure) -> Bool {
        let path = try Self.path(text, editor)
        if Self.mountPoints.contains(where: { path.isWithin($0) }) { return true }
        guard let node = try? editor.resolvedNode(path), node.content != nil else { return false }
        return node.metadata.mode & 0o111 != 0
    }

    /// A path that a document wrote, with its `..` taken as a shell would.
    private static func path(_ text: String, _ editor: any TreeView) throws(Failure) -> TreePath {
        var path = TreePath.root
        for part in text.split(separator: "/") where part != "." {
            if part == ".." {
                path = try editor.resolve(path).parent
                continue
            }
            guard let name = Name(part) else { throw Failure(.invalid, "'\(text)' is no path") }
            path = path.appending(name)
        }
        return path
    }
}
