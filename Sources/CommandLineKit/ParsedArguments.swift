/// The values of one command line, read through the declarations themselves: `arguments[to]`.
package struct ParsedArguments: Sendable {
    /// The names of the command without the program's, aliases resolved: `["schedule", "list"]`.
    package let command: [String]
    private let values: [String: any Sendable]
    private let given: Set<String>

    init(command: [String], values: [String: any Sendable], given: Set<String>) {
        self.command = command
        self.values = values
        self.given = given
    }

    /// The value given, or from the environment, or the default. Reading a parameter that the command does not declare is a fault of the
    /// program and ends it.
    package subscript<P: Parameter>(_ parameter: P) -> P.Value {
        let label = parameter.declaration.label
        guard let converted = values[label] as? Converted<P.Value> else {
            preconditionFailure("\(label) is read but not declared with this type by '\(command.joined(separator: " "))'")
        }
        return converted.value
    }

    /// Whether the parameter stands on the command line, as opposed to its default or the environment.
    package func isGiven(_ parameter: some Parameter) -> Bool {
        given.contains(parameter.declaration.label)
    }
}
