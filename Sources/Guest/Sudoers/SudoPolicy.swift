import ImageStore
import Model

/// Who may run what as whom by sudo: sudoers(5) with all that it includes.
package struct SudoPolicy: Sendable {
    package static let file = SudoersText.main

    package enum AliasKind: String, Sendable, CaseIterable {
        case user = "User_Alias"
        case runAs = "Runas_Alias"
        case host = "Host_Alias"
        case command = "Cmnd_Alias"
    }

    /// In the order in which they are read; of those that fit, the last one counts.
    package private(set) var rules: [SudoRule] = []
    package private(set) var defaults: [SudoDefaultEntry] = []
    package private(set) var aliases: [AliasKind: [String: [SudoMember]]] = [:]
    package private(set) var problems: [SudoersProblem]
    /// The folders that are included.
    package let folders: [TreePath]

    /// Empty where there is no `/etc/sudoers`.
    package init(_ guest: any TreeView) throws(Failure) {
        let text = try SudoersText(guest)
        problems = text.problems
        folders = text.folders
        for line in text.lines where !read(line) {
            problems.append(SudoersProblem("sudo does not understand '\(line.text.prefix(120))'", line.place))
        }
    }

    private mutating func read(_ line: LogicalLines.Line) -> Bool {
        let word = line.text.prefix { $0.isLetter || $0 == "_" }
        let rest = LogicalLines.Line(place: line.place, text: trimmed(line.text[word.endIndex...]))
        if let kind = AliasKind(rawValue: word == "Cmd_Alias" ? "Cmnd_Alias" : String(word)) {
            var parser = SudoersParser(rest)
            guard let found = parser.aliases(ofCommands: kind == .command) else { return false }
            for (name, members) in found { aliases[kind, default: [:]][name] = members }
            return true
        }
        if word == "Defaults" { return readDefaults(line, word.endIndex) }
        var parser = SudoersParser(line)
        guard let found = parser.rules() else { return false }
        rules += found
        return true
    }

    private mutating func readDefaults(_ line: LogicalLines.Line, _ end: String.Index) -> Bool {
        var text = line.text[end...]
        var scope = ""
        if let sign = text.first, "@:!>".contains(sign) {
            // The list ends at the first blank that no comma goes before.
            var previous: Character = sign
            let list = text.dropFirst().prefix { character in
                defer { if !character.isWhitespace { previous = character } }
                return !character.isWhitespace || previous == ","
            }
            scope = String(sign) + list.filter { !$0.isWhitespace }
            text = text[list.endIndex...]
        }
        var parser = SudoersParser(LogicalLines.Line(place: line.place, text: trimmed(text)))
        guard let found = parser.defaults(scope: scope) else { return false }
        defaults += found
        return true
    }

    /// The last line that sets a parameter for all users.
    package func effectiveDefault(_ name: String) -> SudoDefaultEntry? { defaults.last { $0.scope.isEmpty && $0.name == name } }
}
