import Model
import Text

/// The parameters of RunInstances by their full names, of a request or of a launch template: `Placement.AvailabilityZone`,
/// `BlockDeviceMapping.1.DeviceName`. An empty value is none. What was not read is known, so that nothing that somebody asks for is
/// silently left out.
package final class LaunchParameters {
    private let tree: ParameterTree
    private let name: String

    package init(_ parameters: [String: String]) {
        tree = ParameterTree()
        name = ""
        for (key, value) in parameters { _ = tree.add(key.split(separator: ".", omittingEmptySubsequences: false), value) }
    }

    private init(_ tree: ParameterTree, _ name: String) {
        self.tree = tree
        self.name = name
    }

    private func full(_ key: String) -> String { ParameterTree.name(key, in: name) }

    package func string(_ key: String) -> String? {
        guard let text = text(key), !text.isEmpty else { return nil }
        return text
    }

    /// Also an empty one.
    func text(_ key: String) -> String? { tree.read(key) }

    func required(_ key: String) throws(Failure) -> String {
        guard let value = string(key) else { throw Failure(.missing(full(key))) }
        return value
    }

    package func int(_ key: String) throws(Failure) -> Int? {
        guard let value = string(key) else { return nil }
        guard value.utf8.count <= 12, let number = Int(value) else { throw invalid(value, key) }
        return number
    }

    func bool(_ key: String) throws(Failure) -> Bool? {
        guard let value = string(key) else { return nil }
        switch value {
        case "true", "True", "1": return true
        case "false", "False", "0": return false
        default: throw invalid(value, key)
        }
    }

    func invalid(_ value: String, _ key: String) -> Failure {
        Failure(
            PlaneError(.invalidParameterValue, "Value (\(value.prefix(200))) for parameter \(full(key)) is invalid."))
    }

    /// A structure; nil where nothing of it is given.
    func structure(_ key: String) -> LaunchParameters? { tree.children[key].map { LaunchParameters($0, full(key)) } }

    /// The values of a list, by their numbers.
    func strings(_ key: String) -> [String] {
        members(key).compactMap { $0.tree.read() }.filter { !$0.isEmpty }
    }

    /// The structures of a list, by their numbers.
    func structures(_ key: String) -> [LaunchParameters] { members(key) }

    private func members(_ key: String) -> [LaunchParameters] {
        let children = tree.children[key]?.children ?? [:]
        let numbered = children.compactMap { part, member in Int(part).map { (number: $0, tree: member) } }
        return numbered.sorted { $0.number < $1.number }.map { LaunchParameters($0.tree, "\(full(key)).\($0.number)") }
    }

    /// The full name of a parameter that nobody has read.
    package var unread: String? { tree.unread(named: name) }
}
