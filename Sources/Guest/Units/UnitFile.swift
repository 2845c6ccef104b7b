import ImageStore
import Model

/// The settings of a unit file, a drop-in or another configuration of systemd: `key=value` in sections (systemd.syntax(7)).
package struct UnitFile: Sendable {
    package struct Setting: Hashable, Sendable {
        package let section: String
        package let key: String
        /// Empty: what came before is forgotten.
        package let value: String
        package let place: LinePlace
    }

    /// In the file's order.
    package private(set) var settings: [Setting]

    package init(_ settings: [Setting] = []) { self.settings = settings }

    /// Of the file that a path means; empty where there is none.
    package init(_ path: TreePath, in guest: any TreeView) throws(Failure) {
        let isFile = try guest.resolvedNode(path)?.content != nil
        self.init(isFile ? try guest.read(path, limit: LogicalLines.maximumSize) ?? [] : [], of: path)
    }

    package init(_ bytes: [UInt8], of path: TreePath) {
        settings = []
        var section = ""
        var text = ""
        var first: Int?
        for (number, bytes) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            let line = trimmed(String(decoding: bytes, as: UTF8.self))
            // A comment between the parts of a line is left out.
            if line.first == "#" || line.first == ";" { continue }
            first = first ?? number
            if line.last == "\\" {
                text += line.dropLast() + " "
                continue
            }
            add(text + line, LinePlace(path, first ?? number), &section)
            (text, first) = ("", nil)
        }
        if let first { add(trimmed(text), LinePlace(path, first), &section) }
    }

    private mutating func add(_ line: String, _ place: LinePlace, _ section: inout String) {
        if line.first == "[", line.last == "]" {
            section = String(line.dropFirst().dropLast())
        } else if let equals = line.firstIndex(of: "=") {
            let value = trimmed(line[line.index(after: equals)...])
            settings.append(Setting(section: section, key: trimmed(line[..<equals]), value: value, place: place))
        }
    }

    /// With the settings of a drop-in behind.
    package mutating func append(_ other: UnitFile) { settings += other.settings }

    /// All values of a key since the last empty one.
    package func values(_ section: String, _ key: String) -> [String] {
        var values: [String] = []
        for setting in settings where setting.section == section && setting.key == key {
            if setting.value.isEmpty { values = [] } else { values.append(setting.value) }
        }
        return values
    }

    /// The words of all values of a key: lists of units.
    package func words(_ section: String, _ key: String) -> [String] {
        values(section, key).flatMap { $0.split(whereSeparator: \.isWhitespace).map(String.init) }
    }

    /// The last value of a key.
    package func last(_ section: String, _ key: String) -> Setting? {
        settings.last { $0.section == section && $0.key == key }
    }
}
