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

    var hasRules: Bool { !wantedBy.isEmpty || !requiredBy.isEmpty || !aliases.isEmpty }

    /// The names of links by which the unit counts as enabled.
    func names(of unit: UnitName) -> Set<String> {
        var names = Set(aliases.map { expanded($0, unit) })
        names.insert(unit.text)
        if unit.isTemplate, let instance = defaultInstance, let name = unit.with(instance: instance) { names.insert(name.text) }
        return names
    }

    /// The specifiers that names of aliases have.
    private func expanded(_ text: String, _ unit: UnitName) -> String {
        text.replacing("%i", with: unit.instance ?? "").replacing("%p", with: unit.prefix).replacing("%n", with: unit.text)
    }
}
