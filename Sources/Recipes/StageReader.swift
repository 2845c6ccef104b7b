import YAML

/// Reads the value of one stage entry. An entry may be bare (`- validate`) or have a value of any kind (`- scrub: {profile: standard}`).
package struct StageReader {
    /// The stage's name as the recipe writes it.
    package let name: String
    /// Where the name stands.
    package let mark: Mark
    /// Nil for a bare entry and for an empty value.
    package let value: ValueReader?
    /// The folder that relative paths of the recipe start from.
    package let baseFolder: String
    package let diagnostics: Diagnostics

    package init(name: String, at mark: Mark, value: Node?, baseFolder: String, _ diagnostics: Diagnostics) {
        self.name = name
        self.mark = mark
        self.value = value.flatMap { $0.isNull ? nil : ValueReader($0, "'\(name)'", diagnostics) }
        self.baseFolder = baseFolder
        self.diagnostics = diagnostics
    }

    /// The fields of the value; a bare entry has none. Nil, and reported, when the value is not a mapping.
    package func fields() -> FieldReader? {
        guard let value else { return FieldReader([], of: "the stage '\(name)'", at: mark, diagnostics) }
        guard let pairs = value.node.pairs else { return value.fields() }
        return FieldReader(pairs, of: "the stage '\(name)'", at: mark, diagnostics)
    }

    /// Reports an error when the entry has a value.
    package func expectNoValue() { value?.report("the stage '\(name)' takes no options", hint: "write '- \(name)'") }

    /// Reports an error at the stage's name.
    package func report(_ message: String, hint: String? = nil) { diagnostics.report(message, at: mark, hint: hint) }

    /// A path of the recipe as a path of the host: relative ones start at the recipe's folder.
    package func path(_ path: String) -> String { path.hasPrefix("/") ? path : baseFolder + "/" + path }
}
