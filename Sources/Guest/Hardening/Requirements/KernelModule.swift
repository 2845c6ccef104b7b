import ImageStore
import Model

/// A kernel module cannot be loaded: neither by its alias (`blacklist`) nor by name (`install … /bin/false`), see modprobe.d(5).
package struct KernelModule: HardeningRequirement {
    package let name: String

    package init(name: String) { self.name = name }

    package func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding {
        let entries = try ModprobeConfiguration(guest).entries(of: name)
        if let loads = entries.first(where: loads) { return .notMet("\(loads.place.file) loads \(name) by '\(loads.arguments)'") }
        let isBlacklisted = entries.contains { $0.command == .blacklist }
        let isRefused = entries.contains { $0.command == .install }
        if isBlacklisted && isRefused { return .met("\(name) is blacklisted and its installation refused") }
        if isBlacklisted { return .notMet("\(name) is blacklisted, but can be loaded by name") }
        return .notMet(isRefused ? "\(name) is not blacklisted" : "\(name) can be loaded")
    }

    package func remedy(_ guest: TreeEditor) throws(Failure) {
        for entry in try ModprobeConfiguration(guest).entries(of: name) where loads(entry) {
            try LineFile.disable(entry.place.line, of: entry.place.file, in: guest)
        }
        var text = LineFile([])
        for line in [hardeningHeader, "install \(name) /bin/false", "blacklist \(name)"] { text.append(line) }
        try text.write(to: try ModprobeConfiguration.folders[0].appending("hardening-\(name).conf"), in: guest)
    }

    private func loads(_ entry: ModprobeConfiguration.Entry) -> Bool {
        entry.command == .install && !ModprobeConfiguration.refuses(entry.arguments)
    }
}
