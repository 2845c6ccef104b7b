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

    package func rule(for unit: String) -> Rule? {
        guard let name = Name(unit) else { return nil }
        return rules.first { NamePattern($0.pattern).matches(name) }
    }

    package func enables(_ unit: String) -> Bool {
        guard let name = UnitName(unit) else { return false }
        if let rule = rule(for: unit) { return rule.isEnabled }
        // An instance goes by its template's rule, which may name the instances.
        if let template = name.template, let rule = rule(for: template.text) {
            return rule.isEnabled && (rule.instances.isEmpty || rule.instances.contains(name.instance ?? ""))
        }
        return true
    }
}
