import ImageStore
import Model

/// Which units are enabled where nobody decided: at the first boot of an image, and when a package is installed
/// (systemd.preset(5)). What no rule names is enabled.
package struct UnitPresets: Sendable {
    package struct Rule: Sendable {
        package let isEnabled: Bool
        package let pattern: String
        /// For a template: the instances to enable.
        package let instances: [String]
        package let place: LinePlace
    }

    /// The first rule that fits a unit counts.
    package let rules: [Rule]

    package init(_ guest: any TreeView) throws(Failure) {
        var rules: [Rule] = []
        for file in try DropIns.files(in: UnitFolders.presets, ending: ".preset", of: guest) {
            for line in try LogicalLines(file, in: guest, joins: false).lines {
                let words = line.text.split(whereSeparator: \.isWhitespace).map(String.init)
                guard words.count >= 2, ["enable", "disable"].contains(words[0]) else { continue }
                rules.append(
                    Rule(
                        isEnabled: words[0] == "enable", pattern: words[1], instances: Array(words.dropFirst(2)),
                        place: line.place))
            }
        }
        self.rules = rules
    }

    /// The rule that counts for a unit. That of a template counts for those of its instances that it names, and for no other.
    package func rule(for unit: String) -> Rule? {
        guard let name = Name(unit) else { return nil }
        let template = UnitName(unit)?.template?.text
        let instance = UnitName(unit)?.instance ?? ""
        return rules.first { rule in
            if let template, rule.pattern == template, rule.instances.contains(instance) { return true }
            return NamePattern(rule.pattern).matches(name)
        }
    }

    package func enables(_ unit: String) -> Bool { UnitName(unit) != nil && rule(for: unit)?.isEnabled ?? true }
}
