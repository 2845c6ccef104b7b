import ImageStore
import Model

/// A setting of systemd's own configuration (journald, coredump, logind …) with its drop-ins, read as systemd-system.conf(5) says:
/// the main file, then the drop-ins by name, the last one wins.
package struct SystemdSetting: HardeningRequirement {
    /// `journald` for journald.conf.
    package let configuration: String
    package let section: String
    package let key: String
    package let accepted: AcceptedValue

    private static let roots: [TreePath] = [
        "/etc/systemd", "/run/systemd", "/usr/local/lib/systemd", "/usr/lib/systemd", "/lib/systemd",
    ]

    package init(configuration: String, section: String, key: String, accepted: AcceptedValue) {
        self.configuration = configuration
        self.section = section
        self.key = key
        self.accepted = accepted
    }

    private struct Setting {
        let file: TreePath
        let line: Int
        let value: String
    }

    package func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding {
        guard try guest.exists("/usr/lib/systemd") else { return .notApplicable("systemd is not in the image") }
        guard let last = try settings(guest).last else { return .notMet("\(key) is not set in \(configuration).conf") }
        let seen = "\(key)=\(last.value) in \(last.file)"
        return accepted.accepts(last.value) ? .met(seen) : .notMet(seen)
    }

    package func remedy(_ guest: TreeEditor) throws(Failure) {
        guard let value = accepted.remedy else { throw Failure(.failed, "the value of \(key) is for the site to choose") }
        // In the site's own main file where there is one: that is where people and other tools look.
        let main = try Self.roots[0].appending("\(configuration).conf")
        let target =
            try guest.exists(main) ? main : Self.roots[0].appending("\(configuration).conf.d").appending("zz-hardening.conf")
        var lines = try LineFile(hardening: target, in: guest)
        let found = parse(lines)
        if let own = found.last {
            lines.replace(own.line, with: "\(key)=\(value)")
        } else if let header = lines.indices.first(where: { lines.text($0) == "[\(section)]" }) {
            lines.insert("\(key)=\(value)", at: header + 1)
        } else {
            lines.append("[\(section)]")
            lines.append("\(key)=\(value)")
        }
        try lines.write(to: target, in: guest)
        for setting in try later(than: target, guest) where !accepted.accepts(setting.value) {
            try LineFile.disable(setting.line, of: setting.file, in: guest)
        }
    }

    private func later(than file: TreePath, _ guest: any TreeView) throws(Failure) -> ArraySlice<Setting> {
        let all = try settings(guest)
        return all[((all.lastIndex { $0.file == file } ?? all.count - 1) + 1)...]
    }

    private func settings(_ guest: any TreeView) throws(Failure) -> [Setting] {
        var files: [TreePath] = []
        for root in Self.roots {
            let file = try root.appending("\(configuration).conf")
            if try guest.exists(file) {
                files.append(file)
                break
            }
        }
        var folders: [TreePath] = []
        for root in Self.roots { folders.append(try root.appending("\(configuration).conf.d")) }
        files += try DropIns.files(in: folders, of: guest)
        var settings: [Setting] = []
        for file in files {
            settings += parse(try LineFile(file, in: guest)).map { Setting(file: file, line: $0.line, value: $0.value) }
        }
        return settings
    }

    private func parse(_ lines: LineFile) -> [(line: Int, value: String)] {
        var inside = false
        var found: [(line: Int, value: String)] = []
        for index in lines.indices {
            let text = lines.text(index)
            if text.first == "[" { inside = text == "[\(section)]" }
            guard inside, let equals = text.firstIndex(of: "="), trimmed(text[..<equals]) == key else { continue }
            found.append((index, trimmed(text[text.index(after: equals)...])))
        }
        return found
    }
}
