import ImageStore
import Model

/// A login banner says something, and nothing about the system: none of agetty's escapes `\m \r \s \v`, not the system's name.
package struct Banner: HardeningRequirement {
    package let file: TreePath
    /// What the remedy writes.
    package let text: String
    /// Whether a missing or empty file is right too.
    package let mayBeEmpty: Bool

    package init(file: TreePath, text: String, mayBeEmpty: Bool = false) {
        self.file = file
        self.text = text
        self.mayBeEmpty = mayBeEmpty
    }

    package func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding {
        guard let banner = try guest.exists(file) ? guest.text(file) : nil, !trimmed(banner).isEmpty else {
            let seen = "\(file) is missing or empty"
            return mayBeEmpty ? .met(seen) : .notMet(seen)
        }
        for escape in ["\\m", "\\r", "\\s", "\\v", "\\S"] where banner.contains(escape) {
            return .notMet("\(file) tells about the system by \(escape)")
        }
        for name in try names(guest) where banner.lowercased().contains(name.lowercased()) {
            return .notMet("\(file) names the system: \(name)")
        }
        return .met("\(file) tells nothing about the system")
    }

    package func remedy(_ guest: TreeEditor) throws(Failure) {
        // A link, such as motd's into /run, would be followed to something that the next boot replaces.
        let path = try guest.resolve(file, followLast: false)
        if try guest.node(at: path)?.isSymlink ?? false { try guest.remove(path) }
        try LineFile(Array((text.hasSuffix("\n") ? text : text + "\n").utf8)).write(to: file, in: guest)
    }

    /// What os-release(5) calls the system.
    private func names(_ guest: any TreeView) throws(Failure) -> [String] {
        let lines = try LineFile("/etc/os-release", in: guest)
        return lines.indices.compactMap { index in
            let text = lines.text(index)
            guard text.hasPrefix("NAME=") || text.hasPrefix("ID=") else { return nil }
            let name = text.drop { $0 != "=" }.dropFirst().filter { $0 != "\"" && $0 != "'" }
            return name.isEmpty ? nil : String(name)
        }
    }
}
