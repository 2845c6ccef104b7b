import ImageStore
import Model

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

/// A name pattern with `*` and `?`, as sshd's Include and a file requirement use it.
struct NamePattern {
    private let pattern: [UInt8]

    init(_ text: some StringProtocol) { pattern = Array(text.utf8) }

    func matches(_ name: Name) -> Bool {
        let name = name.bytes
        // A leading dot is only matched by a dot.
        if name.first == 0x2E && pattern.first != 0x2E { return false }
        var (p, n) = (0, 0)
        var star: (p: Int, n: Int)?
        while n < name.count {
            if p < pattern.count, pattern[p] == 0x2A {
                star = (p, n)
                p += 1
            } else if p < pattern.count, pattern[p] == 0x3F || pattern[p] == name[n] {
                (p, n) = (p + 1, n + 1)
            } else if let last = star {
                star = (last.p, last.n + 1)
                (p, n) = (last.p + 1, last.n + 1)
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == 0x2A }
    }

    /// The paths that a path with patterns in its last name means, in order of names.
    static func expand(_ path: String, in guest: any TreeView) throws(Failure) -> [TreePath] {
        let parsed = try TreePath(parsing: path)
        guard let last = parsed.last, path.contains(where: { $0 == "*" || $0 == "?" }) else {
            return try guest.node(at: try guest.resolve(parsed, followLast: false)) == nil ? [] : [parsed]
        }
        let pattern = NamePattern(last.description)
        let children = try guest.children(of: try guest.resolve(parsed.parent)) ?? []
        return children.filter { pattern.matches($0.name) }.map { parsed.parent.appending($0.name) }
    }
}
