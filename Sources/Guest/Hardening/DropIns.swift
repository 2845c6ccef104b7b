import ImageStore
import Model

/// The comment that starts files which hardening makes.
let hardeningHeader = "# Written by a hardening profile"

extension LineFile {
    /// The lines of a file that hardening adds to; of a new or empty one, the comment that says who did.
    init(hardening path: TreePath, in guest: any TreeView) throws(Failure) {
        try self.init(path, in: guest)
        if lines.isEmpty { append(hardeningHeader) }
    }
}

/// Configuration that is spread over folders, of which the first that has a file name wins, as systemd, sysctl and modprobe read it.
enum DropIns {
    /// The files with an ending, by name; of those with the same name, the one of the earliest folder.
    static func files(
        in folders: [TreePath], ending: String = ".conf", of guest: any TreeView
    ) throws(Failure) -> [TreePath] {
        var byName: [Name: TreePath] = [:]
        for folder in folders {
            for (name, _) in try guest.children(of: try guest.resolve(folder)) ?? [] {
                guard name.description.hasSuffix(ending), byName[name] == nil else { continue }
                byName[name] = folder.appending(name)
            }
        }
        var files: [TreePath] = []
        for (_, path) in byName.sorted(by: { $0.key < $1.key }) {
            // A link to /dev/null takes a name out of use.
            if try guest.resolvedNode(path)?.content != nil { files.append(path) }
        }
        return files
    }
}

/// A pattern for one name as glob(7) has it: a leading dot is only matched by a dot, and what is no valid pattern means itself.
struct NamePattern {
    private let text: [UInt8]
    private let wildcard: Wildcard?

    init(_ text: some StringProtocol) {
        self.text = Array(text.utf8)
        wildcard = try? Wildcard(text.utf8)
    }

    func matches(_ name: Name) -> Bool {
        if name.bytes.first == UInt8(ascii: ".") && text.first != UInt8(ascii: ".") { return false }
        return wildcard?.matches(name.bytes) ?? (name.bytes == text)
    }

    /// The paths that a path with patterns in its last name means, in order of names.
    static func expand(_ path: String, in guest: any TreeView) throws(Failure) -> [TreePath] {
        let parsed = try TreePath(parsing: path)
        guard let last = parsed.last, path.contains(where: { "*?[".contains($0) }) else {
            return try guest.node(at: try guest.resolve(parsed, followLast: false)) == nil ? [] : [parsed]
        }
        let pattern = NamePattern(last.description)
        let children = try guest.children(of: try guest.resolve(parsed.parent)) ?? []
        return children.filter { pattern.matches($0.name) }.map { parsed.parent.appending($0.name) }
    }
}
