import ImageStore
import Model

/// The AppArmor profiles of the image are in force: none is disabled or unconfined, and where asked, none only complains.
package struct AppArmorProfiles: HardeningRequirement {
    package let mayComplain: Bool

    private static let folder: TreePath = "/etc/apparmor.d"
    private static let disabled: TreePath = "/etc/apparmor.d/disable"
    private static let complaining: TreePath = "/etc/apparmor.d/force-complain"

    package init(mayComplain: Bool) { self.mayComplain = mayComplain }

    package func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding {
        guard try guest.exists(Self.folder) else { return .notApplicable("\(Self.folder) does not exist") }
        let links = try links(guest).map { "\($0) is there" }
        let flags = try flags(guest).map { "\($0.file):\($0.line + 1) has the flag \($0.flag)" }
        let wrong = links + flags
        return wrong.isEmpty ? .met("no profile is out of force") : .notMet(listed(wrong))
    }

    package func remedy(_ guest: TreeEditor) throws(Failure) {
        for link in try links(guest) { try guest.remove(link) }
        for (file, line, flag) in try flags(guest) {
            var lines = try LineFile(file, in: guest)
            let text = String(decoding: lines.lines[line], as: UTF8.self)
            lines.replace(line, with: Self.without(flag, text))
            try lines.write(to: file, in: guest)
        }
    }

    private var unwanted: [String] { mayComplain ? ["unconfined"] : ["unconfined", "complain"] }

    private func links(_ guest: any TreeView) throws(Failure) -> [TreePath] {
        var found: [TreePath] = []
        for folder in mayComplain ? [Self.disabled] : [Self.disabled, Self.complaining] {
            for (name, node) in try guest.children(of: try guest.resolve(folder)) ?? [] where !node.isDirectory {
                found.append(try guest.resolve(folder).appending(name))
            }
        }
        return found
    }

    /// Flags of profiles' first lines: `profile name /path flags=(complain, attach_disconnected) {`.
    private func flags(_ guest: any TreeView) throws(Failure) -> [(file: TreePath, line: Int, flag: String)] {
        var found: [(file: TreePath, line: Int, flag: String)] = []
        for (name, node) in try guest.children(of: try guest.resolve(Self.folder)) ?? [] where node.content != nil {
            let file = Self.folder.appending(name)
            let lines = try LineFile(file, in: guest)
            for index in lines.indices {
                let text = lines.text(index)
                guard text.first != "#", let list = Self.list(text) else { continue }
                for flag in list where unwanted.contains(flag) { found.append((file, index, flag)) }
            }
        }
        return found
    }

    private static func list(_ text: String) -> [String]? {
        guard text.hasSuffix("{"), let open = text.firstRange(of: "flags=("),
            let close = text[open.upperBound...].firstIndex(of: ")")
        else { return nil }
        return text[open.upperBound..<close].split { $0 == "," || $0.isWhitespace }.map(String.init)
    }

    private static func without(_ flag: String, _ text: String) -> String {
        guard let open = text.firstRange(of: "flags=("), let close = text[open.upperBound...].firstIndex(of: ")") else {
            return text
        }
        let kept = text[open.upperBound..<close].split { $0 == "," || $0.isWhitespace }.filter { $0 != flag }
        let before = text[..<open.lowerBound]
        let after = text[text.index(after: close)...]
        return kept.isEmpty ? trimmed(before) + " " + trimmed(after) : "\(before)flags=(\(kept.joined(separator: ",")))\(after)"
    }
}
