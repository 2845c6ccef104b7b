/// What `systemctl enable` would do: the section `[Install]` of a unit.
package struct UnitInstall: Hashable, Sendable {
    package let wantedBy: [String]
    package let requiredBy: [String]
    package let aliases: [String]
    package let also: [String]
    package let defaultInstance: String?

    package init(_ unit: UnitFile) {
        wantedBy = unit.words("Install", "WantedBy")
        requiredBy = unit.words("Install", "RequiredBy")
        aliases = unit.words("Install", "Alias")
        also = unit.words("Install", "Also")
        defaultInstance = unit.values("Install", "DefaultInstance").last
    }

    /// Whether `systemctl enable` would make links for the unit.
    func hasRules(of unit: UnitName) -> Bool {
        !wantedBy.isEmpty || !requiredBy.isEmpty || (UnitName.aliasable.contains(unit.type) && !aliases.isEmpty)
    }

    /// The names of links by which the unit counts as enabled: those of aliases as they stand, since systemctl expands no specifier here.
    func names(of unit: UnitName) -> Set<String> {
        var names: Set<String> = UnitName.aliasable.contains(unit.type) ? Set(aliases) : []
        names.insert(unit.text)
        if unit.isTemplate, let instance = defaultInstance, !instance.isEmpty, let name = unit.with(instance: instance) {
            names.insert(name.text)
        }
        return names
    }
}
