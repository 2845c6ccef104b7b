import ImageStore
import Model

/// A kernel parameter that sysctl(8) sets at boot has a value.
///
/// Read as `sysctl --system` does, with `/etc/sysctl.conf` last: what holds for that holds at boot too.
package struct KernelParameter: HardeningRequirement {
    package let name: String
    package let value: String

    /// Sorts behind the files that packages bring.
    static let dropIn: TreePath = "/etc/sysctl.d/zz-hardening.conf"

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }

    package func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding {
        guard let last = try settings(guest).last else { return .notMet("\(name) is not set") }
        let seen = "\(name) = \(last.value ?? "") in \(last.place.file)"
        return last.value == value ? .met(seen) : .notMet(seen)
    }

    package func remedy(_ guest: TreeEditor) throws(Failure) {
        var lines = try LineFile(hardening: Self.dropIn, in: guest)
        let own = try settings(guest).filter { $0.place.file == Self.dropIn }.map(\.place.line)
        if let first = own.first { lines.replace(first, with: "\(name) = \(value)") } else { lines.append("\(name) = \(value)") }
        for index in own.dropFirst() { lines.disable(index) }
        try lines.write(to: Self.dropIn, in: guest)
        try disableLater(guest)
    }

    /// Takes out of use what would still overrule the drop-in.
    private func disableLater(_ guest: TreeEditor) throws(Failure) {
        let all = try settings(guest)
        guard let own = all.lastIndex(where: { $0.place.file == Self.dropIn }) else { return }
        for setting in all[(own + 1)...] where setting.value != value {
            try LineFile.disable(setting.place.line, of: setting.place.file, in: guest)
        }
    }

    private func settings(_ guest: any TreeView) throws(Failure) -> [SysctlSettings.Setting] {
        try SysctlSettings(guest, mainFileLast: true).lines(of: name)
    }
}
