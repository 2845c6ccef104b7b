import ImageStore
import Model

/// The settings of login.defs(5): `KEY value`, of which the last line counts.
package struct LoginDefinitions: Sendable {
    package static let file: TreePath = "/etc/login.defs"

    package struct Setting: Hashable, Sendable {
        package let key: String
        package let value: String
        package let place: LinePlace
    }

    /// In the file's order.
    package let all: [Setting]

    package init(_ guest: any TreeView) throws(Failure) {
        all = try LogicalLines(Self.file, in: guest, joins: false).lines.compactMap { line in
            guard line.text.first != "#" else { return nil }
            let key = line.text.prefix { !$0.isWhitespace }
            let value = trimmed(line.text[key.endIndex...]).filter { $0 != "\"" }
            return Setting(key: String(key), value: value, place: line.place)
        }
    }

    package func effective(_ key: String) -> Setting? { all.last { $0.key == key } }

    /// The last line of each key, by key.
    package var effective: [Setting] {
        var last: [String: Setting] = [:]
        for setting in all { last[setting.key] = setting }
        return last.values.sorted { $0.key < $1.key }
    }
}
