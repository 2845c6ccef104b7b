/// The declarations of a whole program, without what its commands do.
package struct Grammar: Sendable {
    /// The tree of commands, the program itself as its root.
    package let root: Specification
    package let version: String
    /// The options that every command accepts.
    package let globals: [ParameterDeclaration]
    /// Statuses with which any command can end.
    package let exitStatuses: [ExitMeaning]

    static let help = Flag("help", short: "h", "Show help").declaration
    static let showVersion = Flag("version", "Show the version").declaration

    /// The options accepted at `path` beside the command's own.
    func common(at path: [String]) -> [ParameterDeclaration] {
        globals + [Self.help] + (path.isEmpty ? [Self.showVersion] : [])
    }

    /// The specification at `path`, the program's own for an empty path. Aliases are not followed.
    func specification(at path: [String]) -> Specification? {
        var current = root
        for word in path {
            guard let next = current.subcommands.first(where: { $0.name == word }) else { return nil }
            current = next
        }
        return current
    }

    /// The command as a user types it: `ingot schedule list`.
    func spelled(_ path: [String]) -> String {
        ([root.name] + path).joined(separator: " ")
    }
}
