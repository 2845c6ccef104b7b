import ImageStore
import Model

/// A `Defaults` entry of sudoers(5) for all users: `use_pty`, or a parameter with a value.
package struct SudoDefault: HardeningRequirement {
    package let name: String
    /// Nil for a flag.
    package let accepted: AcceptedValue?

    private static let main: TreePath = "/etc/sudoers"
    private static let dropIn: TreePath = "/etc/sudoers.d/zz-hardening"

    package init(name: String, accepted: AcceptedValue?) {
        self.name = name
        self.accepted = accepted
    }

    package func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding {
        guard try guest.exists(Self.main) else { return .notApplicable("sudo is not in the image") }
        guard let (file, value) = try values(guest).last else { return .notMet("Defaults do not set \(name)") }
        guard let value else { return .notMet("\(file) sets !\(name)") }
        let seen = value.isEmpty ? "\(name) in \(file)" : "\(name)=\(value) in \(file)"
        return accepted?.accepts(value) ?? value.isEmpty ? .met(seen) : .notMet(seen)
    }

    package func remedy(_ guest: TreeEditor) throws(Failure) {
        let entry = accepted?.remedy.map { "Defaults\t\(name)=\($0)" } ?? "Defaults\t\(name)"
        if accepted != nil && accepted?.remedy == nil { throw Failure(.failed, "the value of \(name) is for the site to choose") }
        let target = try files(guest).includesFolder ? Self.dropIn : Self.main
        var lines = try LineFile(hardening: target, in: guest)
        lines.append(entry)
        try lines.write(to: target, in: guest, mode: 0o440)
    }

    /// What the lines give, in order; nil for `!name`.
    private func values(_ guest: any TreeView) throws(Failure) -> [(file: TreePath, value: String?)] {
        var found: [(file: TreePath, value: String?)] = []
        for file in try files(guest).files {
            let lines = try LineFile(file, in: guest)
            for index in lines.indices {
                let text = lines.text(index)
                guard text.hasPrefix("Defaults"), text.dropFirst(8).first?.isWhitespace ?? false else { continue }
                for part in text.dropFirst(8).split(separator: ",") {
                    let part = trimmed(part)
                    if part == "!\(name)" { found.append((file, nil)) }
                    if part == name { found.append((file, "")) }
                    guard part.hasPrefix(name), let equals = part.firstIndex(of: "=") else { continue }
                    if trimmed(part[..<equals]) == name {
                        found.append((file, trimmed(part[part.index(after: equals)...]).filter { $0 != "\"" }))
                    }
                }
            }
        }
        return found
    }

    /// The files in the order in which sudo reads them. The folder is taken to be included last, as Debian's sudoers does.
    private func files(_ guest: any TreeView) throws(Failure) -> (files: [TreePath], includesFolder: Bool) {
        let lines = try LineFile(Self.main, in: guest)
        let includes = lines.indices.contains { index in
            let words = lines.text(index).split(whereSeparator: \.isWhitespace)
            return words.count == 2 && (words[0] == "@includedir" || words[0] == "#includedir") && words[1] == "/etc/sudoers.d"
        }
        guard includes else { return ([Self.main], false) }
        let children = try guest.children(of: try guest.resolve(Self.dropIn.parent)) ?? []
        // sudo leaves out names with a dot or a tilde at the end.
        let names = children.map(\.name).filter { !$0.bytes.contains(0x2E) && $0.bytes.last != 0x7E }
        return ([Self.main] + names.map { Self.dropIn.parent.appending($0) }, true)
    }
}
