import ImageStore
import Model

/// A kernel module cannot be loaded: neither by its alias (`blacklist`) nor by name (`install … /bin/false`), see modprobe.d(5).
package struct KernelModule: HardeningRequirement {
    package let name: String

    static let folders: [TreePath] = [
        "/etc/modprobe.d", "/run/modprobe.d", "/usr/local/lib/modprobe.d", "/usr/lib/modprobe.d", "/lib/modprobe.d",
    ]
    private static let refusing: Set<String> = ["/bin/false", "/usr/bin/false", "/bin/true", "/usr/bin/true"]

    package init(name: String) { self.name = name }

    private enum Line {
        case blacklist
        case install(String)
    }

    package func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding {
        var blacklisted = false
        var refused = false
        for (file, _, line) in try lines(guest) {
            switch line {
            case .blacklist: blacklisted = true
            case .install(let command) where Self.refusing.contains(command): refused = true
            case .install(let command): return .notMet("\(file) loads \(name) by '\(command)'")
            }
        }
        if blacklisted && refused { return .met("\(name) is blacklisted and its installation refused") }
        if blacklisted { return .notMet("\(name) is blacklisted, but can be loaded by name") }
        return .notMet(refused ? "\(name) is not blacklisted" : "\(name) can be loaded")
    }

    package func remedy(_ guest: TreeEditor) throws(Failure) {
        for (file, index, line) in try lines(guest) {
            guard case .install(let command) = line, !Self.refusing.contains(command) else { continue }
            try LineFile.disable(index, of: file, in: guest)
        }
        var text = LineFile([])
        for line in [hardeningHeader, "install \(name) /bin/false", "blacklist \(name)"] { text.append(line) }
        try text.write(to: try Self.folders[0].appending("hardening-\(name).conf"), in: guest)
    }

    private func lines(_ guest: any TreeView) throws(Failure) -> [(file: TreePath, index: Int, line: Line)] {
        var found: [(file: TreePath, index: Int, line: Line)] = []
        for file in try DropIns.files(in: Self.folders, of: guest) {
            let text = try LineFile(file, in: guest)
            for index in text.indices {
                let words = text.words(index)
                guard words.count >= 2, Self.same(words[1], name) else { continue }
                if words[0] == "blacklist" { found.append((file, index, .blacklist)) }
                if words[0] == "install" { found.append((file, index, .install(words.dropFirst(2).joined(separator: " ")))) }
            }
        }
        return found
    }

    /// The kernel takes `-` and `_` in a module's name for the same.
    private static func same(_ a: String, _ b: String) -> Bool {
        a.map { $0 == "-" ? "_" : $0 } == b.map { $0 == "-" ? "_" : $0 }
    }
}
