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
        guard let first = file(of: name) else { return .bad }
        if first.file.isMask { return UnitFolders.isRuntime(first.folder.named) ? .maskedAtRuntime : .masked }
        guard let (unit, end) = follow(name) else { return .bad }
        if end.file.isMask { return UnitFolders.isRuntime(end.folder.named) ? .maskedAtRuntime : .masked }
        if end.name.text != name.text && !unit.isInstance { return .alias }
        if end.folder.named.isWithin("/run/systemd/transient") { return .transient }
        if end.folder.named.last?.description.hasPrefix("generator") == true { return .generated }
        return try state(of: unit, end.file, in: end.folder)
    }

    /// The unit and its file behind aliases. Nil for a link in a circle, or to what is no unit or is not there.
    private func follow(
        _ name: UnitName
    ) -> (unit: UnitName, end: (folder: UnitFolder, name: UnitName, file: UnitFolder.File))? {
        var unit = name
        for _ in 0..<UnitFolder.maximumLinks {
            guard let found = file(of: unit) else { return nil }
            guard case .link(let target) = found.file.kind else { return (unit, found) }
            guard let text = target.last?.description, let next = UnitName(text) else { return nil }
            if next != found.name && !UnitName.aliasable.contains(next.type) { return nil }
            if next == unit.template {
                // An instance by a link to its template.
                guard let end = file(of: next), end.file.kind == .file || end.file.isMask else { return nil }
                return (unit, (end.folder, unit, end.file))
            }
            if next == found.name {
                // The same name outside of all folders. systemd takes one within them for a circle.
                guard let end = linked(target, found.folder, next) else { return nil }
                return (unit, end)
            }
            unit = next.isTemplate ? unit.instance.flatMap { $0.isEmpty ? nil : next.with(instance: $0) } ?? next : next
        }
        return nil
    }

    private func linked(
        _ target: TreePath, _ folder: UnitFolder, _ name: UnitName
    ) -> (folder: UnitFolder, name: UnitName, file: UnitFolder.File)? {
        do throws(Failure) {
            let parent = try guest.resolve(target.parent)
            guard !folders.contains(where: { $0.path == parent }) else { return nil }
            guard let node = try guest.resolvedNode(target), let content = node.content else { return nil }
            let kind: UnitFolder.File.Kind = content.size == 0 ? .mask : .file
            return (folder, name, UnitFolder.File(path: target, kind: kind))
        } catch {
            return nil
        }
    }

    private func state(
        of unit: UnitName, _ file: UnitFolder.File, in home: UnitFolder
    ) throws(Failure) -> State {
        let settings = try UnitFile(file.path, in: guest)
        let install = UnitInstall(settings)
        if let state = linkState(unit, home, known: install.names(of: unit)) { return state }
        if linkState(unit, home, known: nil) != nil { return .indirect }
        return install.hasRules ? .disabled : install.also.isEmpty ? .static : .indirect
    }

    /// What the links to a unit make of it: those with `known` names, or with any name where that is nil.
    private func linkState(_ unit: UnitName, _ home: UnitFolder, known: Set<String>?) -> State? {
        var enabledAtRuntime = false
        var enabledSomewhere = false
        var sameName: State?
        var isBelow = false
        for folder in folders {
            switch folder.link(to: unit, known: known, ignoringSameName: isBelow) {
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
            if folder.path == home.path { isBelow = true }
        }
        if enabledAtRuntime { return .enabledAtRuntime }
        if enabledSomewhere && unit.isInstance { return .static }
        return sameName
    }
}

extension UnitFolder {
    enum LinkSearch {
        case found, sameName, none
    }

    /// Looks for links in the folder and in its folders of dependencies.
    fileprivate func link(to unit: UnitName, known: Set<String>?, ignoringSameName: Bool) -> LinkSearch {
        let isKnown = { (name: UnitName) in known?.contains(name.text) ?? true }
        if dependencyLinks[unit.text, default: []].contains(where: isKnown) { return .found }
        var result = LinkSearch.none
        for name in links[unit.text] ?? [] {
            if name == unit && !ignoringSameName {
                result = .sameName
            } else if isKnown(name) {
                return .found
            }
        }
        // A link of its name to something else.
        if !ignoringSameName, case .link(let target)? = files[unit]?.kind, target.last?.description != unit.text, isKnown(unit) {
            return .found
        }
        return result
    }
}
