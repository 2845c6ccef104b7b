import ImageStore
import Model

/// The systemd units of an image and whether they are started at boot, as `systemctl list-unit-files` tells it.
package struct UnitCatalogue {
    /// As systemctl(1) calls them.
    package enum State: String, Sendable, CaseIterable {
        case enabled, disabled, `static`, masked, alias, linked, indirect, bad
        case enabledAtRuntime = "enabled-runtime"
        case linkedAtRuntime = "linked-runtime"
        case maskedAtRuntime = "masked-runtime"
        case generated, transient
    }

    package let presets: UnitPresets
    let guest: any TreeView
    /// In order of precedence.
    let folders: [UnitFolder]

    package init(_ guest: any TreeView) throws(Failure) {
        self.guest = guest
        presets = try UnitPresets(guest)
        var folders: [UnitFolder] = []
        for (named, path) in try UnitFolders.existing(UnitFolders.all, in: guest) {
            folders.append(try UnitFolder(named, at: path, in: guest))
        }
        self.folders = folders
    }

    /// The names of all unit files, sorted.
    package var names: [UnitName] { Set(folders.flatMap(\.files.keys)).sorted() }

    /// Whether there is a file of this name, or one of its template.
    package func has(_ name: UnitName) -> Bool { file(of: name) != nil }

    /// Where the file of a unit is that counts, and in which folder; that of the template where the instance has none.
    func file(of name: UnitName) -> (folder: UnitFolder, name: UnitName, file: UnitFolder.File)? {
        for candidate in [name, name.template].compactMap(\.self) {
            for folder in folders {
                if let file = folder.files[candidate] { return (folder, candidate, file) }
            }
        }
        return nil
    }

    /// The path of the file that counts for a unit; nil where there is none.
    package func path(of name: UnitName) -> TreePath? { file(of: name)?.file.path }

    /// Whether a unit was made unable to start: a link to /dev/null, or an empty file.
    package func isMasked(_ name: UnitName) -> Bool { file(of: name)?.file.isMask ?? false }

    /// The links that start a unit together with another one: below `*.wants` and `*.requires` of all folders.
    package func links(to name: UnitName) -> [TreePath] {
        folders.flatMap { $0.dependencies.filter { $0.name == name }.map(\.path) }.sorted()
    }

    /// What a unit starts by links in its `.wants` and `.requires` folders.
    package func dependencies(of name: UnitName) -> [UnitName] {
        Set(folders.flatMap { $0.dependencies.filter { $0.unit == name.text }.map(\.name) }).sorted()
    }

    /// The unit that a name means, links followed: `ssh.service` for `sshd.service`.
    package func target(of name: UnitName) -> UnitName {
        var name = name
        for _ in 0..<UnitFolder.maximumLinks {
            guard let found = file(of: name), !found.file.isMask, case .link(let target) = found.file.kind,
                let next = UnitName(target.last?.description ?? ""),
                next != found.name
            else { return name }
            name = next.isTemplate ? name.instance.flatMap { next.with(instance: $0) } ?? next : next
        }
        return name
    }

    /// What boots: the unit behind `default.target`.
    package var defaultTarget: UnitName? {
        guard let name = UnitName("default.target"), has(name) else { return nil }
        return target(of: name)
    }

    /// The settings of a unit with all its drop-ins; empty where it does not exist.
    package func settings(of name: UnitName) throws(Failure) -> UnitFile {
        let real = target(of: name)
        guard let found = file(of: real), !found.file.isMask else { return UnitFile() }
        var unit = try UnitFile(found.file.path, in: guest)
        for path in try dropIns(of: real) { unit.append(try UnitFile(path, in: guest)) }
        return unit
    }

    /// The drop-ins of a unit in the order in which they count: by name, the first folder's file of each name.
    package func dropIns(of name: UnitName) throws(Failure) -> [TreePath] {
        var names = [name.text]
        if let template = name.template { names.append(template.text) }
        // `foo-bar.service` also takes those of `foo-.service`, and all services those of `service.d`.
        var prefix = name.prefix[...]
        while let dash = prefix.dropLast().lastIndex(of: "-") {
            prefix = prefix[...dash]
            names.append("\(prefix).\(name.type)")
        }
        names.append(name.type)
        var places: [TreePath] = []
        for unit in names {
            for folder in folders where folder.dropInFolders.contains(unit + ".d") {
                places.append(try folder.path.appending(unit + ".d"))
            }
        }
        return try DropIns.files(in: places, of: guest)
    }
}
