import ImageStore
import Model

/// What a unit's name leads to: the file behind all its links, as systemctl goes from one to the next. A link to what lies in a folder of
/// units gives the unit another name; one to a file elsewhere brings that file in under the link's own name.
struct UnitDiscovery {
    /// The name of the unit in the end: another one where aliases were followed.
    private(set) var name: UnitName
    /// Where its file is, folders resolved.
    private(set) var path: TreePath = "/"
    private(set) var isMasked = false
    /// What `systemctl enable` would do, drop-ins included; empty where the unit is masked.
    private(set) var install = UnitInstall(UnitFile())

    /// The folder in which the file was found, as the search calls it; nil behind a link to a file elsewhere.
    private(set) var folder: UnitFolder?
    private var steps = 0
    private var seen: Set<UnitName> = []

    /// Nil where systemctl finds nothing, or what it finds is wrong: `bad`.
    init?(_ name: UnitName, in units: UnitCatalogue) throws(Failure) {
        self.name = name
        guard try search(units) else { return nil }
    }

    /// Looks for the file of `name` in all folders, that of its template behind that.
    private mutating func search(_ units: UnitCatalogue) throws(Failure) -> Bool {
        // An alias that leads back is a circle.
        guard seen.insert(name).inserted, let found = units.file(of: name) else { return false }
        (folder, path) = (found.folder, found.file.path)
        return try take(found.file, called: found.name, units)
    }

    /// Goes on from a file or link of this name.
    private mutating func take(_ file: UnitFolder.File, called link: UnitName?, _ units: UnitCatalogue) throws(Failure) -> Bool {
        if name.instance != nil, !UnitName.instantiable.contains(name.type) { return false }
        steps += 1
        guard steps <= UnitFolder.maximumLinks else { return false }
        switch file.kind {
        case .other: return false
        case .empty: isMasked = true
        case .file: return try read(units)
        case .link(let target):
            guard let place = try? units.guest.resolve(target, followLast: false) else { return false }
            let isAlias = UnitFolders.all.contains { place.isWithin($0) }
            if isAlias, !Self.isAlias(link, of: UnitName(place.last?.description ?? "")) { return false }
            // A link to an empty file is followed to it, as `systemctl --root` does.
            if place == UnitFolder.File.nowhere {
                isMasked = true
                return true
            }
            return isAlias ? try followAlias(to: place, units) : try follow(to: place, units)
        }
        return true
    }

    /// The same unit, by a file elsewhere.
    private mutating func follow(to place: TreePath, _ units: UnitCatalogue) throws(Failure) -> Bool {
        guard let node = try units.guest.node(at: place),
            let file = try UnitFolder.File(node, at: place, in: units.guest)
        else { return false }
        (path, folder) = (place, nil)
        return try take(file, called: UnitName(place.last?.description ?? ""), units)
    }

    private mutating func followAlias(to place: TreePath, _ units: UnitCatalogue) throws(Failure) -> Bool {
        guard var next = UnitName(place.last?.description ?? "") else { return false }
        if let instance = name.instance, !instance.isEmpty, next.isTemplate {
            guard let filled = next.with(instance: instance) else { return false }
            // An instance by a link to its own template.
            if filled == name { return try follow(to: place, units) }
            next = filled
        }
        if next == name { return try follow(to: place, units) }
        name = next
        return try search(units)
    }

    private mutating func read(_ units: UnitCatalogue) throws(Failure) -> Bool {
        var unit = try UnitFile(path, in: units.guest)
        var folders: [TreePath] = []
        for text in [name.text, name.template?.text].compactMap(\.self) {
            for folder in units.folders where folder.dropInFolders.contains(text + ".d") {
                folders.append(try folder.path.appending(text + ".d"))
            }
        }
        for file in try DropIns.files(in: folders, of: units.guest) { unit.append(try UnitFile(file, in: units.guest)) }
        install = UnitInstall(unit)
        return install.also.allSatisfy { $0.contains("%") || UnitName($0) != nil }
    }

    /// Whether a link may give a unit another name.
    private static func isAlias(_ link: UnitName?, of target: UnitName?) -> Bool {
        guard let link, let target, link != target, link.type == target.type, UnitName.aliasable.contains(link.type) else {
            return false
        }
        if link.instance != nil, !UnitName.instantiable.contains(link.type) { return false }
        switch (link.instance, target.instance) {
        case (nil, nil): return true
        case (let own?, let other?): return own == other || (!own.isEmpty && other.isEmpty)
        default: return false
        }
    }
}
