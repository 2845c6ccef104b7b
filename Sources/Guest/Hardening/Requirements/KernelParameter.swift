import ImageStore
import Model

/// A kernel parameter that sysctl(8) sets at boot has a value.
///
/// The folders are read as `sysctl --system` does: by file name, the earliest folder's file of a name, the last value wins, and
/// `/etc/sysctl.conf` comes last.
package struct KernelParameter: HardeningRequirement {
    package let name: String
    package let value: String

    static let folders: [TreePath] = [
        "/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d", "/lib/sysctl.d",
    ]
    static let main: TreePath = "/etc/sysctl.conf"
    /// Sorts behind the files that packages bring.
    static let dropIn: TreePath = "/etc/sysctl.d/zz-hardening.conf"

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }

    private struct Setting {
        let file: TreePath
        let line: Int
        let value: String
    }

    package func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding {
        guard let last = try settings(guest).last else { return .notMet("\(name) is not set") }
        let seen = "\(name) = \(last.value) in \(last.file)"
        return last.value == value ? .met(seen) : .notMet(seen)
    }

    package func remedy(_ guest: TreeEditor) throws(Failure) {
        var lines = try LineFile(hardening: Self.dropIn, in: guest)
        let own = lines.indices.filter { parse(lines.text($0)) != nil }
        if let first = own.first { lines.replace(first, with: "\(name) = \(value)") } else { lines.append("\(name) = \(value)") }
        for index in own.dropFirst() { lines.disable(index) }
        try lines.write(to: Self.dropIn, in: guest)
        try disableLater(guest)
    }

    /// Takes out of use what would still overrule the drop-in.
    private func disableLater(_ guest: TreeEditor) throws(Failure) {
        let all = try settings(guest)
        guard let own = all.lastIndex(where: { $0.file == Self.dropIn }) else { return }
        for setting in all[(own + 1)...] where setting.value != value {
            try LineFile.disable(setting.line, of: setting.file, in: guest)
        }
    }

    private func settings(_ guest: any TreeView) throws(Failure) -> [Setting] {
        var files = try DropIns.files(in: Self.folders, of: guest)
        if try guest.exists(Self.main) { files.append(Self.main) }
        var settings: [Setting] = []
        for file in files {
            let lines = try LineFile(file, in: guest)
            for index in lines.indices {
                if let value = parse(lines.text(index)) { settings.append(Setting(file: file, line: index, value: value)) }
            }
        }
        return settings
    }

    /// The value that a line gives this parameter.
    private func parse(_ line: String) -> String? {
        guard let first = line.first, first != "#", first != ";", let equals = line.firstIndex(of: "=") else { return nil }
        // A leading minus says that errors do not matter; a name may be written with slashes.
        let key = trimmed(line[..<equals].drop { $0 == "-" })
        guard Self.dotted(key) == Self.dotted(name) else { return nil }
        return line[line.index(after: equals)...].split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private static func dotted(_ key: String) -> String {
        // `net/ipv4/conf/eth0.1/rp_filter`: where slashes separate, dots belong to names.
        guard let separator = key.first(where: { $0 == "." || $0 == "/" }), separator == "/" else { return key }
        return String(key.map { $0 == "/" ? "." : $0 == "." ? "/" : $0 })
    }
}
