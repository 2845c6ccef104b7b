import ImageStore
import Model

// MARK: - Whether a unit is started at boot

extension UnitCatalogue {
    /// The states of all unit files, by name.
    package func states() throws(Failure) -> [(name: UnitName, state: State)] {
        var states: [(name: UnitName, state: State)] = []
        for name in names { states.append((name, try state(of: name))) }
        return states
    }

    /// As `systemctl is-enabled` says it.
    package func state(of name: UnitName) throws(Failure) -> State {
        guard let unit = try UnitDiscovery(name, in: self) else { return .bad }
        if unit.isMasked { return UnitFolders.isRuntime(unit.path) ? .maskedAtRuntime : .masked }
        if unit.path.last?.description != name.text && !unit.name.isInstance { return .alias }
        if let folder = unit.folder?.named {
            if folder.last?.description.hasPrefix("generator") == true { return .generated }
            if folder == UnitFolders.transient { return .transient }
        }
        if let state = linkState(unit, onlyKnown: true) { return state }
        if linkState(unit, onlyKnown: false) != nil { return .indirect }
        return unit.install.hasRules(of: unit.name) ? .disabled : unit.install.also.isEmpty ? .static : .indirect
    }

    /// What the links to a unit make of it: those with names that its section `[Install]` gives it, or with any name.
    private func linkState(_ unit: UnitDiscovery, onlyKnown: Bool) -> State? {
        let known = onlyKnown ? unit.install.names(of: unit.name) : nil
        var enabledAtRuntime = false
        var enabledSomewhere = false
        var sameName: State?
        var isBelow = false
        for folder in folders {
            switch folder.link(to: unit.name, known: known, ignoringSameName: isBelow) {
            case .found:
                if folder.named == UnitFolders.own { return .enabled }
                if UnitFolders.isRuntime(folder.named) { enabledAtRuntime = true } else { enabledSomewhere = true }
            case .sameName:
                if folder.named == UnitFolders.own {
                    sameName = .linked
                } else if UnitFolders.isRuntime(folder.named), sameName == nil {
                    sameName = .linkedAtRuntime
                }
            case .none: break
            }
            if unit.path.isWithin(folder.path) { isBelow = true }
        }
        if enabledAtRuntime { return .enabledAtRuntime }
        if enabledSomewhere && unit.name.isInstance { return .static }
        return sameName
    }
}

extension UnitFolder {
    enum LinkSearch {
        case found, sameName, none
    }

    /// Looks for links in the folder's folders of dependencies, which count by their own names, and then in itself.
    fileprivate func link(to unit: UnitName, known: Set<String>?, ignoringSameName: Bool) -> LinkSearch {
        let isKnown = { (name: UnitName) in known?.contains(name.text) ?? true }
        if dependencyLinks[unit, default: []].contains(where: isKnown) { return .found }
        var result = LinkSearch.none
        for name in links[unit.text] ?? [] {
            if name == unit && !ignoringSameName {
                result = .sameName
            } else if isKnown(name) {
                return .found
            }
        }
        // A link of its name to something else.
        if !ignoringSameName, let target = files[unit]?.target, target != unit.text, isKnown(unit) { return .found }
        return result
    }
}
