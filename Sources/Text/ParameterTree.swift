/// Parameters by names whose parts are divided by dots, such as `Filter.1.Value.2`, as a tree. It knows which of them were read.
package final class ParameterTree {
    package private(set) var value: String?
    package private(set) var children: [String: ParameterTree] = [:]
    package private(set) var isRead = false

    package init() {}

    /// False where a parameter of that name is there already.
    package func add(_ parts: [Substring], _ value: String) -> Bool {
        var place = self
        for part in parts {
            let part = String(part)
            if let next = place.children[part] {
                place = next
            } else {
                let next = ParameterTree()
                place.children[part] = next
                place = next
            }
        }
        if place.value != nil { return false }
        place.value = value
        return true
    }

    /// The value of this parameter, which counts as read.
    package func read() -> String? {
        isRead = true
        return value
    }

    /// The value of a parameter below this one; nil where it is not given.
    package func read(_ part: String) -> String? { children[part]?.read() }

    package func markAllRead() {
        isRead = true
        for child in children.values { child.markAllRead() }
    }

    /// All parameters from this one on, which has the name `name`, read or not.
    package func all(named name: String) -> [String: String] {
        var result: [String: String] = [:]
        gather(name, &result)
        return result
    }

    private func gather(_ name: String, _ result: inout [String: String]) {
        if let value { result[name] = value }
        for (part, child) in children { child.gather(Self.name(part, in: name), &result) }
    }

    /// The first name, in the order of names, of a parameter that has a value and that nobody has read.
    package func unread(named name: String) -> String? {
        if let value, !value.isEmpty, !isRead { return name }
        return children.compactMap { part, child in child.unread(named: Self.name(part, in: name)) }.min()
    }

    /// The full name of a part below the parameter `name`, which is empty for the root.
    package static func name(_ part: String, in name: String) -> String { name.isEmpty ? part : "\(name).\(part)" }
}
