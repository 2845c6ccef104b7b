import ImageStore
import Model

/// A systemd unit cannot start (`masked`), is not started at boot (`disabled`), or is (`enabled`).
///
/// Where presets say otherwise, a disabled or enabled unit also gets a line in a preset file that comes before all others: the first boot
/// of an image without a machine id goes by presets.
package struct UnitState: HardeningRequirement {
    package enum State: String, Sendable, CaseIterable {
        case masked, disabled, enabled
    }

    package let unit: String
    package let state: State

    private static let preset: TreePath = "/etc/systemd/system-preset/00-hardening.preset"
    private static let nowhere = Array("/dev/null".utf8)

    package init(unit: String, state: State) {
        self.unit = unit
        self.state = state
    }

    package func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding {
        let units = try guest.fact { (guest) throws(Failure) in try UnitCatalogue(guest) }
        if state == .enabled { return try checkEnabled(units, guest) }
        if units.isMasked(try name) { return .met("\(unit) is masked") }
        guard units.has(try name) else { return .notApplicable("the unit \(unit) is not in the image") }
        if state == .masked { return .notMet("\(unit) is not masked") }
        let links = wants(try name, units)
        if !links.isEmpty { return .notMet("\(unit) is enabled by \(listed(links.map(\.description)))") }
        return units.presets.enables(unit)
            ? .notMet("\(unit) is disabled, but presets would enable it at the first boot") : .met("\(unit) is disabled")
    }

    private func checkEnabled(_ units: UnitCatalogue, _ guest: any TreeView) throws(Failure) -> HardeningFinding {
        guard units.has(try name) else { return .notApplicable("the unit \(unit) is not in the image") }
        let isUndone = try isUndone(units, guest)
        switch try units.state(of: units.target(of: try name)) {
        case .enabled where isUndone:
            return .notMet("\(unit) is enabled, but presets disable it, and a first boot may go by them")
        case .enabled, .static, .indirect, .alias: return .met("\(unit) is started at boot")
        case let other: return .notMet("\(unit) is \(other.rawValue)")
        }
    }

    package func remedy(_ guest: TreeEditor) throws(Failure) {
        if state == .enabled { return try enable(guest) }
        for link in wants(try name, try UnitCatalogue(guest)) { try guest.remove(try guest.resolve(link, followLast: false)) }
        if state == .masked { return try mask(guest) }
        if try UnitCatalogue(guest).presets.enables(unit) { try preset("disable", guest) }
    }

    /// Writes a line that counts before those of all other preset files.
    private func preset(_ verb: String, _ guest: TreeEditor) throws(Failure) {
        var lines = try LineFile(hardening: Self.preset, in: guest)
        // Above what an earlier profile said of it.
        lines.insert("\(verb) \(unit)", at: lines.text(0) == hardeningHeader ? 1 : 0)
        try lines.write(to: Self.preset, in: guest)
    }

    /// Whether the first boot may disable the unit again.
    private func isUndone(_ units: UnitCatalogue, _ guest: any TreeView) throws(Failure) -> Bool {
        if units.presets.enables(unit) { return false }
        return try FirstBoot.isAhead(of: guest)
    }

    /// Makes the links that the unit's section `[Install]` asks for, as `systemctl enable` does.
    private func enable(_ guest: TreeEditor) throws(Failure) {
        if try isUndone(try UnitCatalogue(guest), guest) { try preset("enable", guest) }
        let own = try guest.resolve(UnitFolders.own.appending(unit), followLast: false)
        if case .symlink(Self.nowhere)? = try guest.node(at: own)?.kind { try guest.remove(own) }
        let units = try UnitCatalogue(guest)
        guard let path = units.path(of: try name) else { return }
        let install = UnitInstall(try units.settings(of: try name))
        for (targets, ending) in [(install.wantedBy, ".wants"), (install.requiredBy, ".requires")] {
            for target in targets {
                let folder = try UnitFolders.own.appending(target + ending)
                try guest.makeDirectory(folder)
                let link = Node(Metadata(mode: 0o777, modified: guest.date), .symlink(target: Array(path.description.utf8)))
                try guest.put(link, at: try guest.resolve(folder).appending(unit))
            }
        }
        if install.wantedBy.isEmpty && install.requiredBy.isEmpty {
            throw Failure(.failed, "\(unit) does not say what should start it")
        }
    }

    private func mask(_ guest: TreeEditor) throws(Failure) {
        try guest.makeDirectory(UnitFolders.own)
        let path = try guest.resolve(UnitFolders.own.appending(unit), followLast: false)
        if let node = try guest.node(at: path), !node.isSymlink {
            throw Failure(.failed, "\(path) is a unit of the image's own, which masking would destroy")
        }
        try guest.put(Node(Metadata(mode: 0o777, modified: guest.date), .symlink(target: Self.nowhere)), at: path)
    }

    /// The links below /etc that start the unit at boot.
    private func wants(_ name: UnitName, _ units: UnitCatalogue) -> [TreePath] {
        units.links(to: name).filter { $0.isWithin(UnitFolders.own) }
    }

    private var name: UnitName {
        get throws(Failure) {
            guard let name = UnitName(unit) else { throw Failure(.invalid, "'\(unit)' is no unit name") }
            return name
        }
    }
}
