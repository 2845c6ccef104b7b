import ImageStore
import Model

/// A systemd unit cannot start (`masked`), or is not started at boot (`disabled`).
///
/// A disabled unit also gets a line in a preset file: the first boot of an image without a machine id enables units by preset.
package struct UnitState: HardeningRequirement {
    package enum State: String, Sendable, CaseIterable {
        case masked, disabled
    }

    package let unit: String
    package let state: State

    private static let own: TreePath = "/etc/systemd/system"
    private static let vendors: [TreePath] = ["/usr/local/lib/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"]
    private static let preset: TreePath = "/etc/systemd/system-preset/00-hardening.preset"
    private static let nowhere = Array("/dev/null".utf8)

    package init(unit: String, state: State) {
        self.unit = unit
        self.state = state
    }

    package func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding {
        let path = try Self.own.appending(unit)
        if case .symlink(Self.nowhere)? = try guest.node(at: try guest.resolve(path, followLast: false))?.kind {
            return .met("\(unit) is masked")
        }
        guard try isKnown(guest) else { return .notApplicable("the unit \(unit) is not in the image") }
        if state == .masked { return .notMet("\(unit) is not masked") }
        let links = try wants(guest)
        if !links.isEmpty { return .notMet("\(unit) is enabled by \(listed(links.map(\.description)))") }
        return try isPreset(guest) ? .met("\(unit) is disabled") : .notMet("\(unit) is disabled, but no preset keeps it so")
    }

    package func remedy(_ guest: TreeEditor) throws(Failure) {
        for link in try wants(guest) { try guest.remove(try guest.resolve(link, followLast: false)) }
        if state == .masked { return try mask(guest) }
        if try isPreset(guest) { return }
        var lines = try LineFile(hardening: Self.preset, in: guest)
        lines.append("disable \(unit)")
        try lines.write(to: Self.preset, in: guest)
    }

    private func mask(_ guest: TreeEditor) throws(Failure) {
        try guest.makeDirectory(Self.own)
        let path = try guest.resolve(Self.own.appending(unit), followLast: false)
        if let node = try guest.node(at: path), !node.isSymlink {
            throw Failure(.failed, "\(path) is a unit of the image's own, which masking would destroy")
        }
        try guest.put(Node(Metadata(mode: 0o777, modified: guest.date), .symlink(target: Self.nowhere)), at: path)
    }

    private func isKnown(_ guest: any TreeView) throws(Failure) -> Bool {
        for folder in [Self.own] + Self.vendors where try guest.exists(folder.appending(unit)) { return true }
        return false
    }

    private func isPreset(_ guest: any TreeView) throws(Failure) -> Bool {
        let lines = try LineFile(Self.preset, in: guest)
        return lines.indices.contains { lines.words($0) == ["disable", unit] }
    }

    /// The links that start the unit: `*.wants`, `*.requires`, `*.upholds` below /etc/systemd/system.
    private func wants(_ guest: any TreeView) throws(Failure) -> [TreePath] {
        guard let name = Name(unit) else { throw Failure(.invalid, "'\(unit)' is no unit name") }
        var links: [TreePath] = []
        for (folder, node) in try guest.children(of: try guest.resolve(Self.own)) ?? [] where node.isDirectory {
            let path = Self.own.appending(folder).appending(name)
            guard [".wants", ".requires", ".upholds"].contains(where: folder.description.hasSuffix) else { continue }
            if try guest.node(at: try guest.resolve(path, followLast: false)) != nil { links.append(path) }
        }
        return links
    }
}
